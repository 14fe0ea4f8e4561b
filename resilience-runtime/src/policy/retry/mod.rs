//! `#[retry]`: another attempt, after a delay, for a failure that may be transient.

mod backoff_sleep;
mod call;
mod call_overrides;
mod delay;
mod describe;
mod retry_policy;
mod retry_state;

#[cfg(test)]
#[path = "../../model_checks/policy/retry/mod.rs"]
mod model_checks;

pub use backoff_sleep::backoff_sleep;
pub use call_overrides::CallOptions;
pub(crate) use call_overrides::CallOverrides;
pub use retry_policy::RetryPolicy;
pub use retry_state::{NextStep, RetryState};
