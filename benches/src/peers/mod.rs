//! The same layers by other crates, with the same limits, used as their documentation shows.

mod breaker;
mod bulkhead;
pub(crate) mod five;
mod retry;
#[cfg(feature = "seatbelt")]
mod seatbelt;
mod timeout;
pub(crate) mod tower_resilience;

use std::time::Duration;

use subjects::Subject;

pub(crate) const SECOND: Duration = Duration::from_secs(1);

/// Error of the peers' work. Most peers need an error that is `Clone`, or a `std::error::Error`.
#[derive(Clone, Debug)]
pub(crate) struct Failed;

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("failed")
    }
}

impl std::error::Error for Failed {}

pub(crate) async fn work(suspends: bool) -> Result<u64, Failed> {
    subjects::work(suspends).await.map_err(|_| Failed)
}

async fn fails(suspends: bool) -> Result<u64, Failed> {
    subjects::fails(suspends).await.map_err(|_| Failed)
}

async fn fails_twice(suspends: bool) -> Result<u64, Failed> {
    subjects::fails_twice(suspends).await.map_err(|_| Failed)
}

/// Keeps a value until the end of the program, like a `static`.
pub(crate) fn kept<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// Calls that succeed.
pub(crate) fn subjects() -> Vec<Subject> {
    [
        retry::subjects(),
        breaker::subjects(),
        bulkhead::subjects(),
        timeout::subjects(),
        five::subjects(),
        tower_resilience::subjects(),
        #[cfg(feature = "seatbelt")]
        seatbelt::subjects(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Calls that do not simply succeed.
pub(crate) fn failing() -> Vec<Subject> {
    [
        retry::failing(),
        breaker::failing(),
        bulkhead::failing(),
        tower_resilience::failing(),
        #[cfg(feature = "seatbelt")]
        seatbelt::failing(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
