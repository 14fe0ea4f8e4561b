//! `#[timeout]`: an answer within the limit, or an error.
//!
//! The work is dropped when the limit passes: that is the only way to stop a future. What it had
//! started elsewhere (a spawned task, a request already on the wire, a blocking call) is not
//! undone.

mod adaptive_timeout;
mod detached;
mod fixed_limit;
mod latencies;
mod limit;
mod timeout;

pub use adaptive_timeout::AdaptiveTimeout;
pub use detached::run_detached;
pub use fixed_limit::FixedLimit;
pub use limit::{LimitObserver, TimeoutLimit};
pub use timeout::{Timeout, timeout};
