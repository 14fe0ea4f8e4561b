//! `#[retry]`: another attempt, after a while, for a failure that may pass by itself.

mod backoff;
mod budget;
mod builder;
#[cfg(feature = "toml")]
mod configure;
#[cfg(test)]
mod distribution;
mod limits;
mod run;
mod sleep;
mod words;

use std::sync::atomic::AtomicBool;

use crate::live::Live;
pub use backoff::{BackoffKind, Jitter};
pub use budget::RetryBudget;
pub(crate) use limits::Limits;
pub(crate) use run::OfTheCall;
pub use run::{Durations, Next, Run};
pub use sleep::sleep_before_next;

/// When to try again, how often, and how long to wait in between. Declared once as a `static` and named by
/// `#[retry(STANDARD)]`, or written out in the attribute.
///
/// ```
/// use resilience::{Jitter, RetryPolicy, retry};
/// use std::time::Duration;
///
/// static STANDARD: RetryPolicy = RetryPolicy::new("standard")
///     .max_attempts(4)
///     .base_delay(Duration::from_millis(100))
///     .max_delay(Duration::from_secs(2))
///     .jitter(Jitter::Full);
///
/// #[retry(STANDARD)]
/// async fn stock(item: u32) -> Result<u32, std::io::Error> {
///     Ok(item)
/// }
/// ```
///
/// The delay after attempt `n` (the first call is 1) is `d = min(base_delay · factorⁿ⁻¹, max_delay)` for
/// exponential backoff, then made random by the [`Jitter`].
#[derive(Debug)]
pub struct RetryPolicy {
    name: &'static str,
    limits: Live<Limits>,
    budget: Option<&'static RetryBudget>,
    /// Before its first attempt a call has something to do: to note the time, or to pay into the budget. One flag for whatever it may be, so that
    /// most calls ask only once. Written by whoever writes the limits; a call that reads it just before is one from before.
    prepares: AtomicBool,
}

/// What a `#[retry]` does that is entered inside an attempt of another one, on the same task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Nested {
    /// Makes one attempt: the outermost retry owns the retrying. Three levels of three attempts make 3 calls.
    #[default]
    Collapse,
    /// Retries all the same: three levels of three attempts make 27 calls.
    Allow,
}
