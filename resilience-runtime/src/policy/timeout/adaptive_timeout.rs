//! A limit that follows the latencies it sees: what it is told, and what it promises. How it finds
//! the limit is in `latencies`.

use std::sync::OnceLock;
#[cfg(feature = "toml")]
use std::task::Waker;
use std::time::Duration;

use super::latencies::LatencyWindow;
use resilience_options::AdaptiveTimeoutOptions;

use crate::sync::Reloadable;
use crate::time::Nanos;

/// A limit for `#[timeout]` that follows the latencies of the calls it stands on: a percentile of
/// those in a sliding window, times a safety margin.
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
/// Until there are [`minimum_calls`](Self::minimum_calls) in the window, the limit is
/// [`max`](Self::max). It never leaves the range from [`min`](Self::min) to `max`.
///
/// # What it sees
///
/// Calls that succeed count with the time they took. Calls that time out count as a quarter longer
/// than they had, so that the limit grows when the dependency has become slower than it: whether it
/// was this limit that passed or that of a timeout around. Calls that fail by themselves count as
/// nothing: an error that comes at once says nothing about how long an answer takes.
///
/// Calls that are dropped because their caller went away count as nothing either: most say nothing
/// about the dependency. Where callers go away *because* it is slow, the limit is learned from the
/// faster calls only, and is too short for the others. So let a `#[timeout]` around do it, not a
/// `select!`.
///
/// # What it costs
///
/// The clock is read twice a call. The percentile is found anew when an eighth of the window has
/// passed, or when a quarter more calls have been seen: some microseconds for one of the callers,
/// which the others don't wait for. It takes about 55 kB, allocated at the first call that ends;
/// nothing is allocated after that.
pub struct AdaptiveTimeout {
    name: &'static str,
    options: Reloadable<AdaptiveTimeoutOptions>,
    seen: OnceLock<LatencyWindow>,
}

/// All of these are `const`: in a `static`, a value that can't be right is a compile error that
/// says why.
impl AdaptiveTimeout {
    /// The defaults: 1.5 times the 99th percentile of the last 60 s, from 10 ms to 5 s, once there
    /// are 20 calls.
    ///
    /// # Panics
    ///
    /// If the name is empty.
    #[must_use]
    #[track_caller]
    pub const fn new(name: &'static str) -> Self {
        assert!(!name.is_empty(), "an adaptive timeout's name must not be empty");
        Self { name, options: Reloadable::new(AdaptiveTimeoutOptions::NONE), seen: OnceLock::new() }
    }

    /// Which of the latencies: 0.99 is the one that 99 of 100 calls don't exceed. Default 0.99;
    /// more than 0.0, at most 1.0.
    ///
    /// # Panics
    ///
    /// If it is not in that range.
    #[must_use]
    #[track_caller]
    pub const fn percentile(mut self, percentile: f64) -> Self {
        self.options.declared.percentile = Some(percentile);
        self.checked()
    }

    /// How many times that latency the limit is. Default 1.5, at least 1.0.
    ///
    /// # Panics
    ///
    /// If it is less than 1.0 or not finite.
    #[must_use]
    #[track_caller]
    pub const fn multiplier(mut self, multiplier: f64) -> Self {
        self.options.declared.multiplier = Some(multiplier);
        self.checked()
    }

    /// The limit is never shorter. Default 10 ms, or `max` if that is shorter.
    ///
    /// # Panics
    ///
    /// If it is zero or longer than [`max`](Self::max).
    #[must_use]
    #[track_caller]
    pub const fn min(mut self, min: Duration) -> Self {
        self.options.declared.min = Some(min);
        self.checked()
    }

    /// The limit is never longer, and this as long as too few calls have been seen. Default 5 s, or
    /// `min` if that is longer.
    ///
    /// # Panics
    ///
    /// If it is zero or shorter than [`min`](Self::min).
    #[must_use]
    #[track_caller]
    pub const fn max(mut self, max: Duration) -> Self {
        self.options.declared.max = Some(max);
        self.checked()
    }

    /// How long a call is remembered. Default 60 s. It is forgotten in steps of an eighth, never
    /// late.
    ///
    /// # Panics
    ///
    /// If it is zero.
    #[must_use]
    #[track_caller]
    pub const fn window(mut self, window: Duration) -> Self {
        self.options.declared.window = Some(window);
        self.checked()
    }

    /// How many calls the window must hold before the limit follows them. Default 20, at least 1.
    ///
    /// # Panics
    ///
    /// If it is 0.
    #[must_use]
    #[track_caller]
    pub const fn minimum_calls(mut self, calls: u32) -> Self {
        self.options.declared.minimum_calls = Some(calls);
        self.checked()
    }

    /// Itself, if nothing is wrong with it.
    #[track_caller]
    const fn checked(self) -> Self {
        if let Some(refusal) = self.options.declared.first_refusal() {
            panic!("{}", refusal.message)
        }
        self
    }

    /// The name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Whether it has seen a call.
    pub(crate) fn was_called(&self) -> bool {
        self.seen.get().is_some()
    }

    /// The limit that a call would have that began now.
    #[must_use]
    pub fn limit(&self) -> Duration {
        self.limit_at(Nanos::now())
    }

    pub(super) fn limit_at(&self, now: Nanos) -> Duration {
        let found = self.seen.get().and_then(|seen| seen.limit(&self.options, now));
        found.unwrap_or_else(|| self.options.with(AdaptiveTimeoutOptions::longest))
    }

    /// A call took this long.
    pub(super) fn observe(&self, latency: Duration, now: Nanos) {
        let seen = self.seen.get_or_init(|| LatencyWindow::new(&self.options.get(), now));
        seen.add(&self.options, latency, now);
    }

    /// The options in the code, and those that override them.
    pub(crate) const fn options(&self) -> &Reloadable<AdaptiveTimeoutOptions> {
        &self.options
    }

    /// Goes on under other options; `None` brings back those of the code. Nobody gets in by it.
    #[cfg(feature = "toml")]
    pub(crate) fn configure(&self, options: Option<AdaptiveTimeoutOptions>) -> Vec<Waker> {
        self.options.replace(options);
        if let Some(seen) = self.seen.get() {
            seen.look_again(&self.options, Nanos::now());
        }
        Vec::new()
    }
}
