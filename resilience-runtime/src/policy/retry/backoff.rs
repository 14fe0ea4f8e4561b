//! The kinds of backoff and jitter.

use std::time::Duration;

/// How the delay grows from attempt to attempt.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub enum BackoffKind {
    /// `base_delay` every time.
    Constant,
    /// `base_delay · n` after attempt `n`.
    Linear,
    /// `base_delay · factorⁿ⁻¹` after attempt `n`.
    #[default]
    Exponential,
    /// What this function gives for attempt `n` (the first call is 1), as it is: neither cut nor
    /// made random, unless `max_delay` or a jitter says so.
    Custom(fn(u32) -> Duration),
}

/// How a delay `d` is made random, so that clients that failed together don't come back together.
/// After Marc Brooker, *Exponential Backoff And Jitter*, AWS Architecture Blog, 2015.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Jitter {
    /// Exactly `d`.
    None,
    /// Uniform between 0 and `d`: the best spread, and the default.
    #[default]
    Full,
    /// `d/2`, and uniform between 0 and `d/2` on top.
    Equal,
    /// `min(max_delay, uniform between base_delay and 3 · the delay before)`: grows by itself,
    /// whatever the backoff.
    Decorrelated,
}
