//! `#[circuit_breaker]`: calls to a failing dependency end at once until it has shown that it is
//! well again.

mod admission;
mod builder;
mod circuit_breaker;
mod describe;
mod limits;
mod machine;
mod shared;
mod snapshot;
mod tally;
mod window;
mod word;

#[cfg(test)]
#[path = "../../model_checks/policy/circuit_breaker/mod.rs"]
mod model_checks;

pub use admission::Admission;
pub use circuit_breaker::CircuitBreaker;
pub use snapshot::CircuitBreakerSnapshot;
