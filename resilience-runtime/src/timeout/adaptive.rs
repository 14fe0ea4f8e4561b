//! A limit that follows the latencies it sees: what it is told, and what it promises. How it finds the limit is in
//! `latencies`.

use std::sync::OnceLock;
use std::time::Duration;

use super::latencies::Latencies;
use crate::tick::Tick;

/// A limit for `#[timeout]` that follows the latencies of the calls it stands on: a percentile of those in a sliding window, times a
/// safety margin.
///
/// ```
/// use resilience::{AdaptiveTimeout, timeout};
/// use std::time::Duration;
///
/// static LATENCY: AdaptiveTimeout = AdaptiveTimeout::new("payment")
///     .percentile(0.99)
///     .multiplier(1.5)
///     .min(Duration::from_millis(50))
///     .max(Duration::from_secs(3));
///
/// #[timeout(LATENCY)]
/// async fn charge(amount: u64) -> Result<u64, resilience::Error> {
///     Ok(amount)
/// }
/// ```
///
/// Until there are [`minimum_calls`](Self::minimum_calls) in the window, the limit is [`max`](Self::max). It never leaves the range from
/// [`min`](Self::min) to `max`.
///
/// # What it sees
///
/// Calls that succeed count with the time they took. Calls that time out count as a quarter longer than they had, so that the limit
/// grows when the dependency has become slower than it: whether it was this limit that passed or that of a timeout around. Calls that fail by
/// themselves count as nothing: an error that comes at once says nothing about how long an answer takes.
///
/// Calls that are dropped because their caller went away count as nothing either: most say nothing about the dependency. Where callers
/// go away *because* it is slow, the limit is learned from the faster calls only, and is too short for the others. So let a `#[timeout]` around
/// do it, not a `select!`.
///
/// # What it costs
///
/// The clock is read twice a call. The percentile is found anew when an eighth of the window has passed, or when a quarter more calls
/// have been seen: some microseconds for one of the callers, which the others don't wait for. It takes about 55 kB, allocated at the first call
/// that ends; nothing is allocated after that.
#[derive(Debug)]
pub struct AdaptiveTimeout {
    name: &'static str,
    pub(super) percentile: f64,
    pub(super) multiplier: f64,
    min: Option<Duration>,
    max: Option<Duration>,
    pub(super) window: Duration,
    pub(super) minimum_calls: u32,
    pub(super) seen: OnceLock<Latencies>,
}

/// All of these are `const`: in a `static`, a value that can't be right is a compile error that says why.
impl AdaptiveTimeout {
    /// The defaults: 1.5 times the 99th percentile of the last 60 s, from 10 ms to 5 s, once there are 20 calls.
    ///
    /// # Panics
    ///
    /// If the name is empty.
    #[must_use]
    #[track_caller]
    pub const fn new(name: &'static str) -> Self {
        assert!(!name.is_empty(), "an adaptive timeout's name must not be empty");
        Self {
            name,
            percentile: 0.99,
            multiplier: 1.5,
            min: None,
            max: None,
            window: Duration::from_secs(60),
            minimum_calls: 20,
            seen: OnceLock::new(),
        }
    }

    /// Which of the latencies: 0.99 is the one that 99 of 100 calls don't exceed. Default 0.99; more than 0.0, at most 1.0.
    ///
    /// # Panics
    ///
    /// If it is not in that range.
    #[must_use]
    #[track_caller]
    pub const fn percentile(mut self, percentile: f64) -> Self {
        assert!(
            percentile > 0.0 && percentile <= 1.0,
            "percentile must be more than 0.0 and at most 1.0: the 99th is 0.99"
        );
        self.percentile = percentile;
        self
    }

    /// How many times that latency the limit is. Default 1.5, at least 1.0.
    ///
    /// # Panics
    ///
    /// If it is less than 1.0 or not finite.
    #[must_use]
    #[track_caller]
    pub const fn multiplier(mut self, multiplier: f64) -> Self {
        assert!(
            multiplier >= 1.0 && multiplier.is_finite(),
            "multiplier must be at least 1.0 and finite: with less the limit would cut off calls as slow as usual"
        );
        self.multiplier = multiplier;
        self
    }

    /// The limit is never shorter. Default 10 ms, or `max` if that is shorter.
    ///
    /// # Panics
    ///
    /// If it is zero or longer than [`max`](Self::max).
    #[must_use]
    #[track_caller]
    pub const fn min(mut self, min: Duration) -> Self {
        assert!(!min.is_zero(), "min must be longer than zero: within no time nothing can be done");
        self.min = Some(min);
        self.checked()
    }

    /// The limit is never longer, and this as long as too few calls have been seen. Default 5 s, or `min` if that is longer.
    ///
    /// # Panics
    ///
    /// If it is zero or shorter than [`min`](Self::min).
    #[must_use]
    #[track_caller]
    pub const fn max(mut self, max: Duration) -> Self {
        assert!(!max.is_zero(), "max must be longer than zero: within no time nothing can be done");
        self.max = Some(max);
        self.checked()
    }

    /// How long a call is remembered. Default 60 s. It is forgotten in steps of an eighth, never late.
    ///
    /// # Panics
    ///
    /// If it is zero.
    #[must_use]
    #[track_caller]
    pub const fn window(mut self, window: Duration) -> Self {
        assert!(!window.is_zero(), "window must be longer than zero: within no time no call could be seen");
        self.window = window;
        self
    }

    /// How many calls the window must hold before the limit follows them. Default 20, at least 1.
    ///
    /// # Panics
    ///
    /// If it is 0.
    #[must_use]
    #[track_caller]
    pub const fn minimum_calls(mut self, calls: u32) -> Self {
        assert!(calls > 0, "minimum_calls must be at least 1: there is no percentile of no calls");
        self.minimum_calls = calls;
        self
    }

    #[track_caller]
    const fn checked(self) -> Self {
        if let (Some(min), Some(max)) = (self.min, self.max) {
            assert!(
                min.as_nanos() <= max.as_nanos(),
                "min must not be longer than max: no limit could be both"
            );
        }
        self
    }

    /// The name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn longest(&self) -> Duration {
        self.max.unwrap_or_else(|| Duration::from_secs(5).max(self.min.unwrap_or_default()))
    }

    pub(super) fn shortest(&self) -> Duration {
        self.min.unwrap_or_else(|| Duration::from_millis(10).min(self.longest()))
    }

    /// The limit that a call would have that began now.
    #[must_use]
    pub fn limit(&self) -> Duration {
        self.limit_at(Tick::now())
    }
}
