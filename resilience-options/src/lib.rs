//! The options of the policies of `resilience-runtime`. Users depend on that crate, not on this
//! one.
//!
//! The compiler and the configuration must agree on the name, the default and the refusals of an
//! option. So each policy lists its options once, in this crate. Three readers use the list: the
//! attributes (crate `resilience-macros`), the `const` builders and the configuration file (both
//! in `resilience-runtime`).
//!
//! - One module per policy: `circuit_breaker`, `bulkhead`, `retry`, `retry_budget`,
//!   `rate_limiter`, `adaptive_timeout`, `timeout`.
//! - [`Options`] is the list as data, [`Refusal`] a value or a combination that can't work.
//! - [`duration`] and [`text`]: durations, nearest names and lists as text.
//! - [`timing`]: the layers of a stack that a timeout keeps from ever acting.
#![forbid(unsafe_code)]

#[macro_use]
mod list;
mod adaptive_timeout;
mod bulkhead;
mod circuit_breaker;
pub mod duration;
mod option;
mod rate_limiter;
mod refusal;
mod retry;
mod retry_budget;
pub mod text;
mod timeout;
pub mod timing;

pub use adaptive_timeout::AdaptiveTimeoutOptions;
pub use bulkhead::BulkheadOptions;
pub use circuit_breaker::{CircuitBreakerOptions, OnAbandon, OpenBackoff, WindowKind};
pub use option::{Kind, OptionInfo, OptionValue, Options, Value, WordList};
pub use rate_limiter::{Rate, RateLimiterOptions};
pub use refusal::Refusal;
pub use retry::{BackoffKind, Jitter, NestedRetry, RetryOptions};
pub use retry_budget::RetryBudgetOptions;
pub use timeout::TimeoutOptions;

#[cfg(test)]
mod tests;
