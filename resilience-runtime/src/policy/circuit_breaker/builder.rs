//! Declaring a breaker.

use std::time::Duration;

use super::circuit_breaker::CircuitBreaker;
use resilience_options::{CircuitBreakerOptions, OnAbandon, OpenBackoff};

use super::shared::Shared;
use crate::sync::{Reloadable, StickyFlag};

/// # Declaring one
///
/// All of these are `const`: in a `static`, a value that can't be right, or two that contradict
/// each other, are a compile error that says why.
impl CircuitBreaker {
    /// A closed breaker with the defaults: opens at 5 failures within 60 s, stays open for 30 s,
    /// then lets 1 call at a time through and closes after 3 successes.
    ///
    /// # Panics
    ///
    /// If the name is empty.
    #[must_use]
    #[track_caller]
    pub const fn new(name: &'static str) -> Self {
        assert!(
            !name.is_empty(),
            "a circuit breaker's name must not be empty: errors and events call it by its name"
        );
        Self::declared(name, CircuitBreakerOptions::NONE)
    }

    pub(super) const fn declared(name: &'static str, settings: CircuitBreakerOptions) -> Self {
        Self {
            name,
            key: None,
            shared: Shared::new(&settings),
            settings: Reloadable::new(settings),
            called: StickyFlag::new(),
        }
    }

    /// How many failures within the window open the breaker. Default 5, or
    /// [`window_calls`](Self::window_calls) if that is less; at least 1.
    ///
    /// # Panics
    ///
    /// If `failures` is 0 or more than `window_calls`, or if [`failure_rate`](Self::failure_rate)
    /// is given too.
    #[must_use]
    #[track_caller]
    pub const fn failure_threshold(mut self, failures: u32) -> Self {
        self.settings.declared.failure_threshold = Some(failures);
        self.checked()
    }

    /// Which share of the calls within the window must fail to open the breaker, once there are
    /// [`minimum_calls`](Self::minimum_calls) of them: more than 0.0, at most 1.0. Instead of a
    /// [`failure_threshold`](Self::failure_threshold).
    ///
    /// # Panics
    ///
    /// If `rate` is no such share, or if `failure_threshold` is given too.
    #[must_use]
    #[track_caller]
    pub const fn failure_rate(mut self, rate: f64) -> Self {
        self.settings.declared.failure_rate = Some(rate);
        self.checked()
    }

    /// How many calls the window must hold before a rate of failures or slow calls counts. Default
    /// 20, or [`window_calls`](Self::window_calls) if that is less; at least 1. Nothing to a
    /// `failure_threshold`.
    ///
    /// # Panics
    ///
    /// If `calls` is 0 or more than `window_calls`.
    #[must_use]
    #[track_caller]
    pub const fn minimum_calls(mut self, calls: u32) -> Self {
        self.settings.declared.minimum_calls = Some(calls);
        self.checked()
    }

    /// How long a call counts. Default 60 s. The window slides: what is this old or older is
    /// forgotten. A breaker that only counts failures is exact to the tick; one that needs a rate
    /// forgets in steps of a 64th of the window, never late.
    ///
    /// # Panics
    ///
    /// If `window` is zero, or if [`window_calls`](Self::window_calls) is given too.
    #[must_use]
    #[track_caller]
    pub const fn window(mut self, window: Duration) -> Self {
        self.settings.declared.window = Some(window);
        self.checked()
    }

    /// Looks at the last so many calls, however long ago, instead of a [`window`](Self::window) of
    /// time. At least 1. Each call that ends evicts the oldest.
    ///
    /// # Panics
    ///
    /// If `calls` is 0, less than [`minimum_calls`](Self::minimum_calls) or
    /// [`failure_threshold`](Self::failure_threshold), or if `window` is given too.
    #[must_use]
    #[track_caller]
    pub const fn window_calls(mut self, calls: u32) -> Self {
        self.settings.declared.window_calls = Some(calls);
        self.checked()
    }

    /// A call that takes this long or longer is slow, whether it succeeds or fails: the breaker
    /// opens when the share of slow calls reaches [`slow_call_rate`](Self::slow_call_rate). A slow
    /// probe counts as a failed one. Default: no call is slow.
    ///
    /// # Panics
    ///
    /// If `limit` is zero.
    #[must_use]
    #[track_caller]
    pub const fn slow_call(mut self, limit: Duration) -> Self {
        self.settings.declared.slow_call = Some(limit);
        self.checked()
    }

    /// Which share of the calls within the window must be [slow](Self::slow_call) to open the
    /// breaker, once there are [`minimum_calls`](Self::minimum_calls) of them. Default 1.0, as in
    /// resilience4j; more than 0.0. Nothing without `slow_call`.
    ///
    /// # Panics
    ///
    /// If `rate` is no such share.
    #[must_use]
    #[track_caller]
    pub const fn slow_call_rate(mut self, rate: f64) -> Self {
        self.settings.declared.slow_call_rate = Some(rate);
        self.checked()
    }

    /// How long the breaker stays open before a call may probe. Default 30 s, or the `max` of
    /// [`open_backoff`](Self::open_backoff) if that is less.
    ///
    /// # Panics
    ///
    /// If `spell` is zero or longer than that `max`.
    #[must_use]
    #[track_caller]
    pub const fn open_for(mut self, spell: Duration) -> Self {
        self.settings.declared.open_for = Some(spell);
        self.checked()
    }

    /// Longer and longer open spells: each time a probe fails, the next spell is `factor` times as
    /// long, up to `max`. Once closed, it begins anew with [`open_for`](Self::open_for). Default:
    /// every spell is `open_for`.
    ///
    /// # Panics
    ///
    /// If `factor` is less than 1.0 or not finite, or if `max` is shorter than `open_for`.
    #[must_use]
    #[track_caller]
    pub const fn open_backoff(mut self, factor: f64, max: Duration) -> Self {
        self.settings.declared.open_backoff = Some(OpenBackoff { factor, max });
        self.checked()
    }

    /// How many calls may probe at once while half-open. Default 1, at least 1.
    ///
    /// # Panics
    ///
    /// If `calls` is 0.
    #[must_use]
    #[track_caller]
    pub const fn half_open_probes(mut self, calls: u32) -> Self {
        self.settings.declared.half_open_probes = Some(calls);
        self.checked()
    }

    /// How many probes must succeed to close the breaker. Default 3, at least 1. One failure opens
    /// it again.
    ///
    /// # Panics
    ///
    /// If `probes` is 0.
    #[must_use]
    #[track_caller]
    pub const fn success_threshold(mut self, probes: u32) -> Self {
        self.settings.declared.success_threshold = Some(probes);
        self.checked()
    }

    /// How long a probe may take before its place is given to another; its own result is stale
    /// then. Default: as long as [`open_for`](Self::open_for).
    ///
    /// # Panics
    ///
    /// If `limit` is zero.
    #[must_use]
    #[track_caller]
    pub const fn probe_timeout(mut self, limit: Duration) -> Self {
        self.settings.declared.probe_timeout = Some(limit);
        self.checked()
    }

    /// What a call counts as that is dropped because its caller went away. Default:
    /// [`OnAbandon::Ignore`].
    #[must_use]
    pub const fn on_abandon(mut self, abandon: OnAbandon) -> Self {
        self.settings.declared.on_abandon = Some(abandon);
        self
    }

    /// Itself, if nothing is wrong with it.
    #[track_caller]
    const fn checked(mut self) -> Self {
        if let Some(refusal) = self.settings.declared.first_refusal() {
            panic!("{}", refusal.message)
        }
        self.shared.declare(&self.settings.declared);
        self
    }
}
