//! The options of a breaker, as it is declared.

use std::time::Duration;

use resilience_options::{CircuitBreakerOptions, OnAbandon, OpenBackoff, Refusal};

use super::circuit_breaker::CircuitBreaker;
use super::engine::Engine;
use crate::sync::StickyFlag;

/// # Declaration
///
/// All of these functions are `const`. In a `static`, a value that can't be right, or two values
/// that contradict each other, are a compile error that says why.
impl CircuitBreaker {
    /// Declares a closed breaker with the defaults: it opens at 5 failures in a row, stays open for
    /// 30 s, then lets 1 call at a time through and closes after 3 successes.
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
        Self {
            name,
            key: None,
            engine: Engine::new(CircuitBreakerOptions::NONE),
            called: StickyFlag::new(),
        }
    }

    /// Sets the number of failures in a row, without a success between them, that opens the
    /// breaker. At least 1. It may be combined with the other criteria; the default is 5 if neither
    /// [`failure_threshold`](Self::failure_threshold) nor [`failure_rate`](Self::failure_rate) is
    /// set, else there is none.
    ///
    /// A run finds a total outage within as many calls, at any traffic. It does not see a partial
    /// one: for that, add `failure_rate`.
    ///
    /// ```
    /// use resilience::CircuitBreaker;
    ///
    /// static PAYMENT: CircuitBreaker =
    ///     CircuitBreaker::new("payment").consecutive_failures(5).failure_rate(0.5);
    /// ```
    ///
    /// # Panics
    ///
    /// If `failures` is 0.
    #[must_use]
    #[track_caller]
    pub const fn consecutive_failures(mut self, failures: u32) -> Self {
        self.engine.options.declared.consecutive_failures = Some(failures);
        self.checked()
    }

    /// Sets the number of failures within the window that opens the breaker, for dependencies that
    /// are called rarely. At least 1; there is no default.
    ///
    /// However many calls succeed, the failures add up: 5 within 60 s are reached at 0.1 % errors
    /// of 100 calls a second. For a function that is called often, use
    /// [`failure_rate`](Self::failure_rate) or
    /// [`consecutive_failures`](Self::consecutive_failures).
    ///
    /// # Panics
    ///
    /// If `failures` is 0 or more than `window_calls`.
    #[must_use]
    #[track_caller]
    pub const fn failure_threshold(mut self, failures: u32) -> Self {
        self.engine.options.declared.failure_threshold = Some(failures);
        self.checked()
    }

    /// Sets the share of failures within the window that opens the breaker, once the window holds
    /// [`minimum_calls`](Self::minimum_calls): more than 0.0 and at most 1.0.
    ///
    /// A rate is slow to see a total outage at low traffic, or after minutes of many successes: add
    /// [`consecutive_failures`](Self::consecutive_failures).
    ///
    /// # Panics
    ///
    /// If `rate` is not such a share.
    #[must_use]
    #[track_caller]
    pub const fn failure_rate(mut self, rate: f64) -> Self {
        self.engine.options.declared.failure_rate = Some(rate);
        self.checked()
    }

    /// Sets the number of calls that the window must hold before a rate of failures or of slow
    /// calls counts. At least 1; the default is 20, or [`window_calls`](Self::window_calls) if that
    /// is less. It has no effect on the other criteria.
    ///
    /// # Panics
    ///
    /// If `calls` is 0 or more than `window_calls`.
    #[must_use]
    #[track_caller]
    pub const fn minimum_calls(mut self, calls: u32) -> Self {
        self.engine.options.declared.minimum_calls = Some(calls);
        self.checked()
    }

    /// Sets the time for which a call counts. The default is 60 s. A run of failures has no window,
    /// and goes on however old its failures are. The window slides: calls of this
    /// age are forgotten. A breaker that only counts failures forgets each at its exact time. A
    /// breaker that needs a rate forgets in steps of a 64th of the window, never too late.
    ///
    /// # Panics
    ///
    /// If `window` is zero, or if [`window_calls`](Self::window_calls) is set too.
    #[must_use]
    #[track_caller]
    pub const fn window(mut self, window: Duration) -> Self {
        self.engine.options.declared.window = Some(window);
        self.checked()
    }

    /// Sets the number of last calls that count, whatever their age, in place of a
    /// [`window`](Self::window) of time. At least 1. Each call that ends evicts the oldest.
    ///
    /// # Panics
    ///
    /// If `calls` is 0, less than [`minimum_calls`](Self::minimum_calls) or
    /// [`failure_threshold`](Self::failure_threshold), or if `window` is set too.
    #[must_use]
    #[track_caller]
    pub const fn window_calls(mut self, calls: u32) -> Self {
        self.engine.options.declared.window_calls = Some(calls);
        self.checked()
    }

    /// Sets the time from which a call is slow, whether it succeeds or fails. The breaker opens
    /// when the share of slow calls reaches [`slow_call_rate`](Self::slow_call_rate). A slow probe
    /// counts as a failed probe. By default no call is slow.
    ///
    /// # Panics
    ///
    /// If `limit` is zero.
    #[must_use]
    #[track_caller]
    pub const fn slow_call(mut self, limit: Duration) -> Self {
        self.engine.options.declared.slow_call = Some(limit);
        self.checked()
    }

    /// Sets the share of [slow](Self::slow_call) calls within the window that opens the breaker,
    /// once the window holds [`minimum_calls`](Self::minimum_calls): more than 0.0 and at most 1.0.
    /// The default is 1.0, as in resilience4j. It has no effect without `slow_call`.
    ///
    /// # Panics
    ///
    /// If `rate` is not such a share.
    #[must_use]
    #[track_caller]
    pub const fn slow_call_rate(mut self, rate: f64) -> Self {
        self.engine.options.declared.slow_call_rate = Some(rate);
        self.checked()
    }

    /// Sets the time for which the breaker stays open before a call may probe. The default is 30 s,
    /// or the `max` of [`open_backoff`](Self::open_backoff) if that is less.
    ///
    /// # Panics
    ///
    /// If `spell` is zero or longer than that `max`.
    #[must_use]
    #[track_caller]
    pub const fn open_for(mut self, spell: Duration) -> Self {
        self.engine.options.declared.open_for = Some(spell);
        self.checked()
    }

    /// Makes the open spells longer and longer: each time the breaker opens again, the spell is
    /// `factor` times as long as the one before, up to `max`. Once the breaker has stayed closed
    /// for its [`window`](Self::window) (60 s if the window is a number of calls), the next spell
    /// is again [`open_for`](Self::open_for). By default every spell is.
    ///
    /// # Panics
    ///
    /// If `factor` is less than 1.0 or not finite, or if `max` is shorter than `open_for`.
    #[must_use]
    #[track_caller]
    pub const fn open_backoff(mut self, factor: f64, max: Duration) -> Self {
        self.engine.options.declared.open_backoff = Some(OpenBackoff { factor, max });
        self.checked()
    }

    /// Makes each open spell longer by a random share of it, at most `share`: so the replicas of a
    /// service, whose breakers open together, do not probe together. From 0.0, which is the
    /// default, to 1.0. It comes on top of the `max` of [`open_backoff`](Self::open_backoff).
    ///
    /// # Panics
    ///
    /// If `share` is not from 0.0 to 1.0.
    #[must_use]
    #[track_caller]
    pub const fn open_jitter(mut self, share: f64) -> Self {
        self.engine.options.declared.open_jitter = Some(share);
        self.checked()
    }

    /// Sets the number of calls that may probe at once while half-open. At least 1, which is the
    /// default.
    ///
    /// # Panics
    ///
    /// If `calls` is 0.
    #[must_use]
    #[track_caller]
    pub const fn half_open_probes(mut self, calls: u32) -> Self {
        self.engine.options.declared.half_open_probes = Some(calls);
        self.checked()
    }

    /// Sets the number of probes that must succeed to close the breaker. At least 1; the default is
    /// 3. One failure opens the breaker again.
    ///
    /// # Panics
    ///
    /// If `probes` is 0.
    #[must_use]
    #[track_caller]
    pub const fn success_threshold(mut self, probes: u32) -> Self {
        self.engine.options.declared.success_threshold = Some(probes);
        self.checked()
    }

    /// Sets the time after which the place of a hung probe is given to another call. The result of
    /// the hung probe still counts if the breaker is half-open when it comes. The default is
    /// [`open_for`](Self::open_for).
    ///
    /// Make it longer than the calls take: with a shorter one, further calls probe while the first
    /// ones are under way.
    ///
    /// # Panics
    ///
    /// If `limit` is zero.
    #[must_use]
    #[track_caller]
    pub const fn probe_timeout(mut self, limit: Duration) -> Self {
        self.engine.options.declared.probe_timeout = Some(limit);
        self.checked()
    }

    /// Sets the meaning of a call that is dropped because its caller went away. The default is
    /// [`OnAbandon::Ignore`]: it counts as nothing, or as a slow call if it has taken
    /// [`slow_call`](Self::slow_call).
    #[must_use]
    pub const fn on_abandon(mut self, abandon: OnAbandon) -> Self {
        self.engine.options.declared.on_abandon = Some(abandon);
        self
    }

    /// Returns the breaker, if nothing is wrong with its options.
    /// Returns the first option that has no effect, once all are declared.
    pub(crate) const fn option_without_effect(&self) -> Option<Refusal> {
        self.engine.options.declared.first_without_effect()
    }

    #[track_caller]
    const fn checked(mut self) -> Self {
        if let Some(refusal) = self.engine.options.declared.first_refusal() {
            panic!("{}", refusal.message)
        }
        self.engine.declare();
        self
    }
}
