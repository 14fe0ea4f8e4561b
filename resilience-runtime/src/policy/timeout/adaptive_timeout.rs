//! A limit that follows latencies: its builder and its functions. `latencies.rs` computes the
//! limit.

use std::sync::OnceLock;
#[cfg(feature = "toml")]
use std::task::Waker;
use std::time::Duration;

use super::latencies::LatencyWindow;
use resilience_options::AdaptiveTimeoutOptions;

use crate::sync::Reloadable;
use crate::time::Nanos;

/// Limit for `#[timeout]` that follows the latencies of the calls under it. The limit is a
/// percentile of the latencies in a sliding window, times a safety margin.
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
/// As long as the window holds fewer than [`minimum_calls`](Self::minimum_calls) calls, the limit
/// is [`max`](Self::max). The limit is never outside the range from [`min`](Self::min) to `max`.
///
/// # Calls that count
///
/// - A successful call counts with its duration.
/// - A call that times out counts with its duration plus a quarter, so that the limit grows when
///   the dependency becomes slower than the limit. It does not matter whether this timeout or an
///   outer timeout ends the call.
/// - A failed call does not count: an immediate error says nothing about the latency of an answer.
/// - An abandoned call, whose caller went away, does not count: most of them say nothing about the
///   dependency. If callers go away *because* the dependency is slow, the limit follows the faster
///   calls only, and becomes too short. End such calls by an outer `#[timeout]`, not by `select!`.
///
/// # Cost
///
/// The time is read twice per call. The percentile is computed again after an eighth of the window,
/// or after a quarter more calls. This takes one of the callers a few microseconds, and the others
/// do not wait for it. An adaptive timeout takes about 55 kB, allocated when the first call ends.
/// Later calls allocate nothing.
pub struct AdaptiveTimeout {
    name: &'static str,
    options: Reloadable<AdaptiveTimeoutOptions>,
    latencies: OnceLock<LatencyWindow>,
}

/// The builder methods are `const`: in a `static`, a value that can't work is a compile error that
/// shows the reason.
impl AdaptiveTimeout {
    /// Creates an adaptive timeout with the defaults: 1.5 times the 99th percentile of the last
    /// 60 s, from 10 ms to 5 s, from 20 calls on.
    ///
    /// # Panics
    ///
    /// Panics if the name is empty.
    #[must_use]
    #[track_caller]
    pub const fn new(name: &'static str) -> Self {
        assert!(!name.is_empty(), "an adaptive timeout's name must not be empty");
        Self {
            name,
            options: Reloadable::new(AdaptiveTimeoutOptions::NONE),
            latencies: OnceLock::new(),
        }
    }

    /// Sets the percentile of the latencies: 0.99 is the latency that 99 of 100 calls don't exceed.
    /// Default 0.99; more than 0.0, at most 1.0.
    ///
    /// # Panics
    ///
    /// Panics if `percentile` is not in this range.
    #[must_use]
    #[track_caller]
    pub const fn percentile(mut self, percentile: f64) -> Self {
        self.options.declared.percentile = Some(percentile);
        self.checked()
    }

    /// Sets the factor from the percentile to the limit. Default 1.5, at least 1.0.
    ///
    /// # Panics
    ///
    /// Panics if `multiplier` is less than 1.0 or not finite.
    #[must_use]
    #[track_caller]
    pub const fn multiplier(mut self, multiplier: f64) -> Self {
        self.options.declared.multiplier = Some(multiplier);
        self.checked()
    }

    /// Sets the shortest limit. Default 10 ms, or `max` if it is shorter.
    ///
    /// # Panics
    ///
    /// Panics if `min` is zero or longer than [`max`](Self::max).
    #[must_use]
    #[track_caller]
    pub const fn min(mut self, min: Duration) -> Self {
        self.options.declared.min = Some(min);
        self.checked()
    }

    /// Sets the longest limit, which is also the limit as long as the window holds too few calls.
    /// Default 5 s, or `min` if it is longer.
    ///
    /// # Panics
    ///
    /// Panics if `max` is zero or shorter than [`min`](Self::min).
    #[must_use]
    #[track_caller]
    pub const fn max(mut self, max: Duration) -> Self {
        self.options.declared.max = Some(max);
        self.checked()
    }

    /// Sets the time for which a call is remembered. Default 60 s. Calls are forgotten in steps of
    /// an eighth of the window: up to an eighth earlier, never later.
    ///
    /// # Panics
    ///
    /// Panics if `window` is zero.
    #[must_use]
    #[track_caller]
    pub const fn window(mut self, window: Duration) -> Self {
        self.options.declared.window = Some(window);
        self.checked()
    }

    /// Sets the number of calls that the window must hold before the limit follows them. Default
    /// 20, at least 1.
    ///
    /// # Panics
    ///
    /// Panics if `calls` is 0.
    #[must_use]
    #[track_caller]
    pub const fn minimum_calls(mut self, calls: u32) -> Self {
        self.options.declared.minimum_calls = Some(calls);
        self.checked()
    }

    /// Returns `self`, or panics with the first refusal.
    #[track_caller]
    const fn checked(self) -> Self {
        if let Some(refusal) = self.options.declared.first_refusal() {
            panic!("{}", refusal.message)
        }
        self
    }

    /// Returns the name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns `true` if a call has ended under it.
    pub(crate) fn was_called(&self) -> bool {
        self.latencies.get().is_some()
    }

    /// Returns the limit of a call that begins now.
    #[must_use]
    pub fn limit(&self) -> Duration {
        self.limit_at(Nanos::now())
    }

    /// Forgets all latencies: the limit is [`max`](Self::max) again, until
    /// [`minimum_calls`](Self::minimum_calls) have ended. Calls under way keep their limits.
    ///
    /// ```
    /// use resilience::AdaptiveTimeout;
    /// use std::time::Duration;
    ///
    /// static LIMIT: AdaptiveTimeout = AdaptiveTimeout::new("payment").max(Duration::from_secs(2));
    ///
    /// LIMIT.reset();
    /// assert_eq!(LIMIT.limit(), Duration::from_secs(2));
    /// ```
    pub fn reset(&self) {
        if let Some(window) = self.latencies.get() {
            window.reset(&self.options.get(), Nanos::now());
        }
    }

    pub(super) fn limit_at(&self, now: Nanos) -> Duration {
        let limit = self.latencies.get().and_then(|window| window.limit(&self.options, now));
        limit.unwrap_or_else(|| self.options.with(AdaptiveTimeoutOptions::longest))
    }

    /// Records the latency of a call.
    pub(super) fn observe(&self, latency: Duration, now: Nanos) {
        let window = self.latencies.get_or_init(|| LatencyWindow::new(&self.options.get(), now));
        window.record(&self.options, latency, now);
    }

    /// Returns the options in the code, and the options that override them.
    pub(crate) const fn options(&self) -> &Reloadable<AdaptiveTimeoutOptions> {
        &self.options
    }

    /// Overrides the options; `None` restores the options of the code. Returns no waker, because no
    /// call waits for an adaptive timeout.
    #[cfg(feature = "toml")]
    pub(crate) fn configure(&self, options: Option<AdaptiveTimeoutOptions>) -> Vec<Waker> {
        self.options.replace(options);
        if let Some(window) = self.latencies.get() {
            window.update_after_override(&self.options, Nanos::now());
        }
        Vec::new()
    }
}
