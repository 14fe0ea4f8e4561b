//! The limits of a breaker, what they mean together, and which of them contradict each other.

use std::time::Duration;

use super::on_abandon::OnAbandon;
use super::word::Successes;
use crate::time::Nanos;

/// What was declared; `None` where nothing was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CircuitBreakerOptions {
    pub(crate) failure_threshold: Option<u32>,
    pub(crate) failure_rate: Option<f64>,
    pub(crate) minimum_calls: Option<u32>,
    pub(crate) window: Option<Duration>,
    pub(crate) window_calls: Option<u32>,
    pub(crate) slow_call: Option<Duration>,
    pub(crate) slow_call_rate: Option<f64>,
    pub(crate) open_for: Option<Duration>,
    pub(crate) open_backoff: Option<OpenBackoff>,
    pub(crate) half_open_probes: u32,
    pub(crate) success_threshold: u32,
    pub(crate) probe_timeout: Option<Duration>,
    pub(crate) on_abandon: OnAbandon,
}

/// How the open spells grow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OpenBackoff {
    pub(crate) factor: f64,
    pub(crate) max: Duration,
}

/// What opens a closed breaker, slow calls aside.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limit {
    Failures(u32),
    Rate(f64),
}

/// Which calls count.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Window {
    /// Those that ended within this time.
    Time(Duration),
    /// The last so many.
    Calls(u32),
}

impl CircuitBreakerOptions {
    pub(crate) const DEFAULT: Self = Self {
        failure_threshold: None,
        failure_rate: None,
        minimum_calls: None,
        window: None,
        window_calls: None,
        slow_call: None,
        slow_call_rate: None,
        open_for: None,
        open_backoff: None,
        half_open_probes: 1,
        success_threshold: 3,
        probe_timeout: None,
        on_abandon: OnAbandon::Ignore,
    };

    pub(crate) const fn limit(&self) -> Limit {
        match (self.failure_rate, self.failure_threshold) {
            (Some(rate), _) => Limit::Rate(rate),
            (None, Some(failures)) => Limit::Failures(failures),
            (None, None) => Limit::Failures(self.at_most_window_calls(5)),
        }
    }

    pub(crate) const fn window(&self) -> Window {
        match (self.window_calls, self.window) {
            (Some(calls), _) => Window::Calls(calls),
            (None, Some(window)) => Window::Time(window),
            (None, None) => Window::Time(Duration::from_secs(60)),
        }
    }

    /// How many calls a rate is taken of at least.
    pub(crate) fn minimum_calls(&self) -> u32 {
        self.minimum_calls.unwrap_or_else(|| self.at_most_window_calls(20))
    }

    /// A default that the window can hold: a smaller one would keep the breaker from ever opening.
    const fn at_most_window_calls(&self, default: u32) -> u32 {
        match self.window_calls {
            Some(calls) if calls < default => calls,
            _ => default,
        }
    }

    /// The rate of slow calls that opens the breaker, if it looks at them.
    pub(crate) fn slow_call_rate(&self) -> Option<f64> {
        self.slow_call.map(|_| self.slow_call_rate.unwrap_or(1.0))
    }

    /// Whether a call that began at `since` and ends now is a slow one, if the breaker looks at
    /// that.
    pub(super) fn is_slow(&self, since: Option<Nanos>, now: Nanos) -> bool {
        matches!((self.slow_call, since), (Some(limit), Some(since)) if now.since(since) >= limit)
    }

    /// Whether a closed breaker needs to know of successes: if not, a success leaves no trace.
    pub(super) const fn counts_successes(&self) -> bool {
        self.failure_rate.is_some() || self.slow_call.is_some() || self.window_calls.is_some()
    }

    /// What becomes of the successes of a closed breaker.
    pub(super) const fn successes(&self) -> Successes {
        match self.window() {
            _ if !self.counts_successes() => Successes::Traceless,
            // A slow one is more than a success.
            _ if self.slow_call.is_some() => Successes::Vary,
            Window::Calls(_) => Successes::Tallied,
            Window::Time(_) => Successes::TalliedByTime,
        }
    }

    /// Whether what was counted under these limits means the same under the others.
    #[cfg(feature = "toml")]
    pub(super) fn counts_like(&self, other: &Self) -> bool {
        let by_time = |settings: &Self| matches!(settings.window(), Window::Time(_));
        by_time(self) == by_time(other) && self.counts_successes() == other.counts_successes()
    }

    pub(crate) fn open_for(&self) -> Duration {
        let default = Duration::from_secs(30);
        let longest = self.open_backoff.map_or(default, |OpenBackoff { factor: _, max }| max);
        self.open_for.unwrap_or(default.min(longest))
    }

    /// How long the breaker stays open, having opened `before` times since it was last closed.
    pub(super) fn open_spell(&self, before: u32) -> Duration {
        let first = self.open_for();
        let Some(OpenBackoff { factor, max }) = self.open_backoff else { return first };
        let grown = first.as_secs_f64() * factor.powi(i32::try_from(before).unwrap_or(i32::MAX));
        Duration::try_from_secs_f64(grown).map_or(max, |grown| grown.min(max))
    }

    pub(crate) fn probe_timeout(&self) -> Duration {
        self.probe_timeout.unwrap_or_else(|| self.open_for())
    }

    /// Why this can't be right, as a sentence; `None` if it can.
    pub(crate) const fn refusal(&self) -> Option<&'static str> {
        if let Some(reason) = self.refusal_of_one() {
            return Some(reason);
        }
        self.refusal_of_two()
    }

    const fn refusal_of_one(&self) -> Option<&'static str> {
        if let Some(0) = self.failure_threshold {
            Some(
                "failure_threshold must be at least 1: with 0 the breaker would open before any failure",
            )
        } else if is_no_rate(self.failure_rate) {
            Some(
                "failure_rate must be more than 0.0 and at most 1.0: it is the share of calls that fail",
            )
        } else if let Some(0) = self.minimum_calls {
            Some("minimum_calls must be at least 1: there is no rate of no calls")
        } else if is_zero(self.window) {
            Some("window must be longer than zero: within no time no failure could count")
        } else if let Some(0) = self.window_calls {
            Some("window_calls must be at least 1: of the last 0 calls none could fail")
        } else if is_zero(self.slow_call) {
            Some("slow_call must be longer than zero: else every call would be slow")
        } else if is_no_rate(self.slow_call_rate) {
            Some(
                "slow_call_rate must be more than 0.0 and at most 1.0: it is the share of calls that are slow",
            )
        } else if is_zero(self.open_for) {
            Some("open_for must be longer than zero: else the breaker would never turn a call away")
        } else if self.half_open_probes == 0 {
            Some("half_open_probes must be at least 1: with 0 the breaker could never close again")
        } else if self.success_threshold == 0 {
            Some("success_threshold must be at least 1: with 0 no probe would be needed to close")
        } else if is_zero(self.probe_timeout) {
            Some("probe_timeout must be longer than zero: no probe could ever count")
        } else if let Some(OpenBackoff { factor, max: _ }) = self.open_backoff
            && !(factor >= 1.0 && factor.is_finite())
        {
            Some(
                "open_backoff's factor must be at least 1.0: with less the open spells would shrink",
            )
        } else {
            None
        }
    }

    const fn refusal_of_two(&self) -> Option<&'static str> {
        if self.failure_threshold.is_some() && self.failure_rate.is_some() {
            return Some(
                "failure_threshold and failure_rate exclude each other: the breaker opens at a number of failures, or at their share",
            );
        }
        if self.window.is_some() && self.window_calls.is_some() {
            return Some(
                "window and window_calls exclude each other: the breaker looks at the calls of some time, or at the last so many",
            );
        }
        if let Some(calls) = self.window_calls {
            if let Some(minimum) = self.minimum_calls
                && minimum > calls
            {
                return Some(
                    "minimum_calls is more than window_calls: the window never holds that many, and no rate could open the breaker",
                );
            }
            if let Some(failures) = self.failure_threshold
                && failures > calls
            {
                return Some(
                    "failure_threshold is more than window_calls: the window never holds that many failures, and the breaker could never open",
                );
            }
        }
        if let Some(OpenBackoff { factor: _, max }) = self.open_backoff {
            if max.is_zero() {
                return Some(
                    "open_backoff's max must be longer than zero: it is the longest open spell",
                );
            }
            if let Some(open_for) = self.open_for
                && is_shorter(max, open_for)
            {
                return Some(
                    "open_backoff's max is shorter than open_for: the first open spell would already be too long",
                );
            }
        }
        None
    }
}

const fn is_zero(duration: Option<Duration>) -> bool {
    matches!(duration, Some(Duration::ZERO))
}

const fn is_no_rate(rate: Option<f64>) -> bool {
    match rate {
        Some(rate) => !(rate > 0.0 && rate <= 1.0),
        None => false,
    }
}

const fn is_shorter(a: Duration, b: Duration) -> bool {
    a.as_nanos() < b.as_nanos()
}
