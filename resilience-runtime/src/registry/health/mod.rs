//! Health: the state of the whole program at one moment, and of each of its parts.

mod bulkhead;
mod circuit_breaker;
mod function;
pub(crate) mod in_force;
mod keyed;
mod policy;
mod program;
mod rate_limiter;
mod status;

pub use bulkhead::BulkheadHealth;
pub use circuit_breaker::CircuitBreakerHealth;
pub use function::FunctionHealth;
pub use in_force::ConfigurationHealth;
pub use keyed::{KeyedHealth, KeysByState};
pub use policy::PolicyHealth;
pub use program::Health;
pub(super) use program::health;
pub use rate_limiter::RateLimiterHealth;
pub use status::HealthStatus;

pub use crate::policy::bulkhead::BulkheadSnapshot;
pub use crate::policy::circuit_breaker::CircuitBreakerSnapshot;
pub use crate::policy::rate_limiter::RateLimiterSnapshot;
