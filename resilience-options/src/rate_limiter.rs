//! The options of a rate limiter.

use std::time::Duration;

use crate::{Kind, OptionValue, Value};

options! {
    /// Options of a rate limiter.
    pub struct RateLimiterOptions("rate_limiter", "rate limiter") {
        /// Number of calls per second.
        per_second: u32,
            within(1, 1_000_000_000, "with 0 no call could ever be made, and the clock counts \
                nanoseconds"),
            "calls per second", |it| it.per.is_none().then(|| it.per_second());
        /// Number of calls, and the time for these calls.
        per: Rate, rate,
            "or the number of calls and the time for them: calls and period", |it| it.per;
        /// Number of calls that may be made at once after a pause.
        burst: u32,
            within(1, 1_000_000_000, "with 0 no call could ever be made"),
            "calls at once after a time without calls", |it| Some(it.burst());
        /// Longest time that a call waits for its turn.
        max_wait: Duration, any, "longest wait for a turn", |it| Some(it.max_wait());
        /// Set if an error that says when to come back pauses the limiter for all callers.
        obey_retry_after: bool, any,
            "an error that says when to come back pauses all callers: true, false",
            |it| Some(it.obey_retry_after());
    }

    exclude [per_second, per]: "both say how many calls may be made in a time; keep one";

    refuse [per, burst] if per.refills_too_slowly(burst)
        => "`per` needs more than 10 years for the calls of one `burst`: a limiter does not count \
            so far; write a smaller `burst`, or a shorter time";
    refuse [per_second, burst] if Rate::per_second(per_second).refills_too_slowly(burst)
        => "`per_second` needs more than 10 years for the calls of one `burst`: a limiter does \
            not count so far; write a smaller `burst`";
}

const DEFAULT_PER_SECOND: u32 = 10;
const DEFAULT_BURST: u32 = 1;
const DEFAULT_WAIT: Duration = Duration::from_secs(5);
/// Longest time in which a limiter may fill.
const LONGEST_REFILL: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

impl RateLimiterOptions {
    /// Number of calls, and the time for these calls. Default 10 in a second.
    #[inline]
    #[must_use]
    pub const fn rate(&self) -> Rate {
        match self.per {
            Some(rate) => rate,
            None => Rate::per_second(self.per_second()),
        }
    }

    const fn per_second(&self) -> u32 {
        match self.per_second {
            Some(calls) => calls,
            None => DEFAULT_PER_SECOND,
        }
    }

    /// Number of calls that may be made at once after a time without calls. Default 1.
    #[inline]
    #[must_use]
    pub const fn burst(&self) -> u32 {
        match self.burst {
            Some(calls) => calls,
            None => DEFAULT_BURST,
        }
    }

    /// Longest time that a call waits for its turn. Default 5 s.
    #[inline]
    #[must_use]
    pub const fn max_wait(&self) -> Duration {
        match self.max_wait {
            Some(wait) => wait,
            None => DEFAULT_WAIT,
        }
    }

    /// Returns `true` if an error that says when to come back pauses the limiter. Default `true`.
    #[inline]
    #[must_use]
    pub const fn obey_retry_after(&self) -> bool {
        match self.obey_retry_after {
            Some(obey) => obey,
            None => true,
        }
    }
}

/// Number of calls, and the time for these calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "only this workspace uses it")]
pub struct Rate {
    /// Number of calls.
    pub calls: u32,
    /// Time for these calls.
    pub period: Duration,
}

impl Rate {
    const fn per_second(calls: u32) -> Self {
        Self { calls, period: Duration::from_secs(1) }
    }

    /// Returns the time from one call to the next in nanoseconds, rounded up. A rate without calls
    /// has the longest time.
    #[must_use]
    pub const fn interval(&self) -> u128 {
        if self.calls == 0 {
            u128::MAX
        } else {
            self.period.as_nanos().div_ceil(self.calls as u128)
        }
    }

    const fn refills_too_slowly(self, burst: u32) -> bool {
        self.interval().saturating_mul(burst as u128) > LONGEST_REFILL.as_nanos()
    }

    /// Returns `true` if the period is so long that even one call would need more than the longest
    /// time.
    pub(crate) const fn is_too_slow(&self) -> bool {
        self.refills_too_slowly(1)
    }

    /// Returns `true` if there are more calls than nanoseconds.
    pub(crate) const fn is_too_fast(&self) -> bool {
        self.calls as u128 > self.period.as_nanos()
    }
}

impl OptionValue for Rate {
    const KIND: Kind = Kind::Rate;

    fn into_value(self) -> Value {
        Value::Rate { calls: self.calls, period: self.period }
    }

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Rate { calls, period } => Some(Self { calls, period }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;

    #[test]
    fn the_time_between_two_calls_is_rounded_up() {
        let interval =
            |calls, seconds| Rate { calls, period: Duration::from_secs(seconds) }.interval();
        assert_eq!(interval(20, 1), 50_000_000);
        assert_eq!(interval(3, 1), 333_333_334, "never more than three in a second");
        assert_eq!(interval(5_000, 3_600), 720_000_000);
        assert_eq!(interval(0, 1), u128::MAX);
    }

    #[test]
    fn a_rate_is_declared_in_one_way() {
        let options = RateLimiterOptions {
            per: Some(Rate { calls: 5, period: Duration::from_secs(60) }),
            ..RateLimiterOptions::NONE
        };
        assert_eq!(options.rate().interval(), 12_000_000_000);
        assert_eq!(options.in_force("per_second"), None);
        assert_eq!(RateLimiterOptions::NONE.in_force("per_second"), Some(Value::Number(10)));
        assert_eq!(RateLimiterOptions::replaced_by("per_second"), ["per"]);
    }

    #[test]
    fn each_fault_of_a_rate_has_a_sentence() {
        let message = |calls, period| {
            let per = Some(Rate { calls, period });
            let options = RateLimiterOptions { per, ..RateLimiterOptions::NONE };
            options.first_refusal().map_or("", |refusal| refusal.message)
        };
        let second = Duration::from_secs(1);
        assert!(message(0, second).contains("at least one call"));
        assert!(message(1, Duration::ZERO).contains("longer than zero"));
        assert!(message(0, Duration::ZERO).contains("at least one call"));
        assert!(message(1_001, Duration::from_micros(1)).contains("nanoseconds"));
        assert!(message(1, Duration::MAX).contains("10 years"));
        assert_eq!(message(1_000, Duration::from_micros(1)), "");
    }
}
