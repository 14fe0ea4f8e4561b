//! Health: the state of the whole program at one moment, and of each of its parts.

mod bulkhead;
mod circuit_breaker;
mod function;
pub(crate) mod in_force;
mod keyed;
mod policy;
mod program;
mod status;

pub use bulkhead::BulkheadHealth;
pub use circuit_breaker::CircuitBreakerHealth;
pub use function::FunctionHealth;
pub use in_force::ConfigurationHealth;
pub use keyed::{KeyedHealth, KeysByState};
pub use policy::PolicyHealth;
pub use program::Health;
pub(super) use program::health;
pub use status::HealthStatus;
