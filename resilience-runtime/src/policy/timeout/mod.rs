//! `#[timeout]`: a result within the limit, or an error.
//!
//! The work is dropped when the limit passes, which is the only way to stop a future. Work that it
//! has started elsewhere (a spawned task, a request on the wire, a blocking call) is not undone.

mod adaptive_timeout;
mod detached;
mod detached_work;
mod fixed_limit;
mod latencies;
mod limit;
mod running_work;
mod timeout;

#[cfg(test)]
#[path = "../../model_checks/policy/detached.rs"]
mod model_checks;

pub use adaptive_timeout::AdaptiveTimeout;
pub use detached::run_detached;
pub use detached_work::DetachedWork;
pub use fixed_limit::FixedLimit;
pub use limit::{LimitObserver, LimitOfCall, TimeoutLimit};
pub use timeout::{Timeout, timeout};
