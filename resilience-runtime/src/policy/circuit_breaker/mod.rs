//! `#[circuit_breaker]`: calls to a failing dependency end at once until it has shown that it is
//! well again.

mod admission;
mod builder;
mod call;
mod circuit_breaker;
mod describe;
mod engine;
mod eviction;
mod kept_closed;
mod machine;
mod open_keys;
mod open_spell;
mod packed_state;
mod pass;
mod passage;
mod phase;
mod rejection;
mod sliding_window;
mod snapshot;
mod success_counter;
mod success_mode;
mod transition;

#[cfg(test)]
#[path = "../../model_checks/policy/circuit_breaker/mod.rs"]
mod model_checks;

pub use admission::Admission;
pub use circuit_breaker::CircuitBreaker;
pub(crate) use describe::percent;
pub(crate) use eviction::Memory;
pub(crate) use open_keys::{OpenKeys, most_open};
pub use snapshot::CircuitBreakerSnapshot;
