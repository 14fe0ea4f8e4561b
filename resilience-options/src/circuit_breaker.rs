//! The options of a circuit breaker.

use std::time::Duration;

use crate::{Kind, OptionValue, Value};

options! {
    /// Options of a circuit breaker.
    pub struct CircuitBreakerOptions("circuit_breaker", "circuit breaker") {
        /// Number of failures in a row that opens the breaker.
        consecutive_failures: u32,
            at_least(1, "with 0 the breaker would open before any failure"),
            "failures in a row that open the breaker", |it| it.consecutive_failures();
        /// Number of failures in the window that opens the breaker.
        failure_threshold: u32,
            at_least(1, "with 0 the breaker would open before any failure"),
            "failures in the window that open the breaker", |it| it.failure_threshold;
        /// Share of failed calls in the window that opens the breaker.
        failure_rate: f64, share("it is the share of calls that fail"),
            "share of failed calls in the window that opens it", |it| it.failure_rate;
        /// Number of calls that the window must hold before a rate counts.
        minimum_calls: u32, at_least(1, "a rate needs at least one call"),
            "calls in the window before a rate counts",
            |it| it.looks_at_rates().then(|| it.minimum_calls());
        /// Time for which a call counts.
        window: Duration, longer_than_zero("an empty window holds no failures"),
            "time for which a call counts", |it| match it.window_kind() {
                WindowKind::Time(window) if it.counts_in_window() || it.open_backoff.is_some() => {
                    Some(window)
                }
                _ => None,
            };
        /// Number of latest calls that count.
        window_calls: u32, at_least(1, "an empty window holds no failures"),
            "or the number of latest calls that count",
            |it| if it.counts_in_window() { it.window_calls } else { None };
        /// Duration from which a call is slow.
        slow_call: Duration, longer_than_zero("otherwise every call would be slow"),
            "duration from which a call is slow", |it| it.slow_call;
        /// Share of slow calls in the window that opens the breaker.
        slow_call_rate: f64, share("it is the share of calls that are slow"),
            "share of slow calls that opens the breaker", |it| it.slow_call_rate();
        /// Time for which the breaker stays open.
        open_for: Duration,
            longer_than_zero("otherwise the breaker would never reject a call"),
            "open spell before the first probe", |it| Some(it.open_for());
        /// Growth of the open spells from failed probe to failed probe.
        open_backoff: OpenBackoff, growth("a smaller factor would shrink the open spells"),
            "growth of the open spells: factor and max", |it| it.open_backoff;
        /// Largest share by which an open spell is longer.
        open_jitter: f64,
            within(0.0, 1.0, "it is the largest share by which an open spell is longer"),
            "largest share by which an open spell is longer", |it| it.open_jitter;
        /// Number of probes at once.
        half_open_probes: u32,
            at_least(1, "with 0 the breaker could never close again"),
            "probes at once", |it| Some(it.half_open_probes());
        /// Number of successful probes that closes the breaker.
        success_threshold: u32,
            at_least(1, "with 0 no probe would be needed to close"),
            "successful probes that close the breaker", |it| Some(it.success_threshold());
        /// Time after which another call may take the place of a hung probe.
        probe_timeout: Duration, longer_than_zero("otherwise no probe could ever count"),
            "time after which a hung probe loses its place", |it| Some(it.probe_timeout());
        /// Meaning of a call whose caller went away.
        on_abandon: OnAbandon, any,
            "meaning of a call whose caller went away: ignore, failure",
            |it| Some(it.on_abandon());
    }

    as_a_set [consecutive_failures, failure_threshold, failure_rate, slow_call];

    exclude [window, window_calls]:
        "the window is a duration or a number of calls; keep one";

    refuse [minimum_calls, window_calls] if minimum_calls > window_calls
        => "`minimum_calls` is more than `window_calls`: the window never holds enough calls, and \
            no rate could open the breaker";
    refuse [failure_threshold, window_calls] if failure_threshold > window_calls
        => "`failure_threshold` is more than `window_calls`: the window never holds enough \
            failures, and the breaker could never open";
    refuse [open_backoff, open_for] if is_shorter(open_backoff.max, open_for)
        => "`open_backoff` has a longest spell that is shorter than `open_for`: the first open \
            spell would already be too long";

    no_effect [minimum_calls] comparing [failure_rate, slow_call] if |it| !it.looks_at_rates()
        => "`minimum_calls` only applies to a rate: add `failure_rate` or `slow_call`, or remove \
            `minimum_calls`";
    no_effect [slow_call_rate] comparing [slow_call] if |it| it.slow_call.is_none()
        => "`slow_call_rate` needs `slow_call`, the duration from which a call is slow: add \
            `slow_call`, or remove `slow_call_rate`";
    no_effect [window]
        comparing [failure_threshold, failure_rate, slow_call, open_backoff, window_calls]
        if |it| !it.counts_in_window() && it.open_backoff.is_none() && it.window_calls.is_none()
        => "`window` does not apply to a run of failures: add `failure_rate`, `failure_threshold` \
            or `slow_call`, or remove `window`";
    no_effect [window_calls] comparing [failure_threshold, failure_rate, slow_call, window]
        if |it| !it.counts_in_window() && it.window.is_none()
        => "`window_calls` does not apply to a run of failures: add `failure_rate`, \
            `failure_threshold` or `slow_call`, or remove `window_calls`";
}

words! {
    /// Meaning of a call whose future was dropped before it ended, because its caller went away.
    pub enum OnAbandon {
        /// No result: the call does not count, and a probe gives its place back. The default.
        #[default]
        Ignore = "ignore",
        /// Failure, for callers that go away because the dependency is slow.
        Failure = "failure",
    }
}

/// Growth of the open spells.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "only this workspace uses it")]
pub struct OpenBackoff {
    /// Factor from one spell to the next.
    pub factor: f64,
    /// Longest spell.
    pub max: Duration,
}

impl OptionValue for OpenBackoff {
    const KIND: Kind = Kind::Growth;

    fn into_value(self) -> Value {
        Value::Growth { factor: self.factor, max: self.max }
    }

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Growth { factor, max } => Some(Self { factor, max }),
            _ => None,
        }
    }
}

/// Calls that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "only this workspace uses it")]
pub enum WindowKind {
    /// Calls that ended within this time.
    Time(Duration),
    /// This number of latest calls.
    Calls(u32),
}

const DEFAULT_RUN: u32 = 5;
const DEFAULT_MINIMUM_CALLS: u32 = 20;
const DEFAULT_WINDOW: Duration = Duration::from_secs(60);
const DEFAULT_SLOW_CALL_RATE: f64 = 1.0;
const DEFAULT_OPEN_FOR: Duration = Duration::from_secs(30);
const DEFAULT_JITTER: f64 = 0.0;
const DEFAULT_PROBES: u32 = 1;
const DEFAULT_SUCCESSES: u32 = 3;

impl CircuitBreakerOptions {
    /// Number of failures in a row that opens the breaker. Default 5 if neither the number nor the
    /// share of failures in the window opens it.
    #[inline]
    #[must_use]
    pub const fn consecutive_failures(&self) -> Option<u32> {
        match self.consecutive_failures {
            None if self.failure_threshold.is_none() && self.failure_rate.is_none() => {
                Some(DEFAULT_RUN)
            }
            declared => declared,
        }
    }

    /// Returns `true` if what has ended within the window can open the breaker.
    #[inline]
    #[must_use]
    pub const fn counts_in_window(&self) -> bool {
        self.failure_threshold.is_some() || self.looks_at_rates()
    }

    /// Calls that count. Default the calls of the last 60 s.
    #[inline]
    #[must_use]
    pub const fn window_kind(&self) -> WindowKind {
        match (self.window_calls, self.window) {
            (Some(calls), _) => WindowKind::Calls(calls),
            (None, Some(window)) => WindowKind::Time(window),
            (None, None) => WindowKind::Time(DEFAULT_WINDOW),
        }
    }

    /// Number of calls that the window must hold before a rate counts. Default 20, or
    /// `window_calls` if that is less.
    #[inline]
    #[must_use]
    pub const fn minimum_calls(&self) -> u32 {
        match self.minimum_calls {
            Some(calls) => calls,
            None => self.at_most_window_calls(DEFAULT_MINIMUM_CALLS),
        }
    }

    /// Cuts a default to the size of the window: with a larger value the breaker could never open.
    const fn at_most_window_calls(&self, default: u32) -> u32 {
        match self.window_calls {
            Some(calls) if calls < default => calls,
            _ => default,
        }
    }

    /// Returns `true` if the breaker looks at a rate of failures or of slow calls.
    #[inline]
    #[must_use]
    pub const fn looks_at_rates(&self) -> bool {
        self.failure_rate.is_some() || self.slow_call.is_some()
    }

    /// Returns `true` if a closed breaker must count its successes.
    #[inline]
    #[must_use]
    pub const fn counts_successes(&self) -> bool {
        self.looks_at_rates() || (self.failure_threshold.is_some() && self.window_calls.is_some())
    }

    /// Time for which the breaker must have stayed closed before it forgets how often it has
    /// opened: the window, or the default window if the window is a number of calls.
    #[must_use]
    pub const fn settled_after(&self) -> Duration {
        match self.window_kind() {
            WindowKind::Time(window) => window,
            WindowKind::Calls(_) => DEFAULT_WINDOW,
        }
    }

    /// Share of slow calls that opens the breaker; `None` without `slow_call`. Default 1.0.
    #[inline]
    #[must_use]
    pub const fn slow_call_rate(&self) -> Option<f64> {
        match (self.slow_call, self.slow_call_rate) {
            (None, _) => None,
            (Some(_), Some(rate)) => Some(rate),
            (Some(_), None) => Some(DEFAULT_SLOW_CALL_RATE),
        }
    }

    /// Length of the first open spell. Default 30 s, or the longest spell of `open_backoff` if that
    /// is shorter.
    #[inline]
    #[must_use]
    pub const fn open_for(&self) -> Duration {
        match (self.open_for, self.open_backoff) {
            (Some(spell), _) => spell,
            (None, Some(OpenBackoff { factor: _, max })) if is_shorter(max, DEFAULT_OPEN_FOR) => {
                max
            }
            (None, _) => DEFAULT_OPEN_FOR,
        }
    }

    /// Returns the length of an open spell after `before` others that are not forgotten, without
    /// jitter.
    #[must_use]
    pub fn open_spell(&self, before: u32) -> Duration {
        let first = self.open_for();
        let Some(OpenBackoff { factor, max }) = self.open_backoff else { return first };
        let grown = first.as_secs_f64() * factor.powi(i32::try_from(before).unwrap_or(i32::MAX));
        Duration::try_from_secs_f64(grown).map_or(max, |grown| grown.min(max))
    }

    /// Largest share by which an open spell is longer. Default 0.
    #[inline]
    #[must_use]
    pub const fn open_jitter(&self) -> f64 {
        match self.open_jitter {
            Some(share) => share,
            None => DEFAULT_JITTER,
        }
    }

    /// Number of probes at once. Default 1.
    #[inline]
    #[must_use]
    pub const fn half_open_probes(&self) -> u32 {
        match self.half_open_probes {
            Some(probes) => probes,
            None => DEFAULT_PROBES,
        }
    }

    /// Number of successful probes that closes the breaker. Default 3.
    #[inline]
    #[must_use]
    pub const fn success_threshold(&self) -> u32 {
        match self.success_threshold {
            Some(probes) => probes,
            None => DEFAULT_SUCCESSES,
        }
    }

    /// Time after which another call may take the place of a hung probe. Default `open_for`.
    #[inline]
    #[must_use]
    pub const fn probe_timeout(&self) -> Duration {
        match self.probe_timeout {
            Some(limit) => limit,
            None => self.open_for(),
        }
    }

    /// Meaning of a call whose caller went away. Default ignore.
    #[inline]
    #[must_use]
    pub const fn on_abandon(&self) -> OnAbandon {
        match self.on_abandon {
            Some(meaning) => meaning,
            None => OnAbandon::Ignore,
        }
    }
}

const fn is_shorter(a: Duration, b: Duration) -> bool {
    a.as_nanos() < b.as_nanos()
}
