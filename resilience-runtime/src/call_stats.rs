//! Counts of calls.

/// What has become of the calls of one annotated function.
///
/// The first four are about calls: `calls = successes + failures + abandoned`. The others are about
/// what the layers did, and may be more than one a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CallStats {
    /// Calls that have ended.
    pub calls: u64,
    /// Calls that gave their caller an `Ok`, a fallback's included.
    pub successes: u64,
    /// Calls that gave their caller an `Err`, or panicked.
    pub failures: u64,
    /// Calls whose future was dropped before it ended: the caller went away.
    pub abandoned: u64,
    /// Attempts after the first one.
    pub retries: u64,
    /// Attempts that failed inside an attempt of another retry, which does the retrying.
    pub nested_retries: u64,
    /// Limits that passed.
    pub timeouts: u64,
    /// Calls or attempts rejected by an open breaker.
    pub circuit_breaker_rejections: u64,
    /// Calls or attempts rejected by a full bulkhead.
    pub bulkhead_rejections: u64,
    /// Fallbacks that were asked.
    pub fallbacks: u64,
}

impl CallStats {
    /// The share of calls that gave their caller an `Ok`, from 0 to 1, those abandoned aside.
    /// `None` before any has ended.
    ///
    /// Of all calls since the start: it hardly moves after a while. For the rate of some time,
    /// subtract the counts of two moments.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "of more than 2⁵³ calls a share is exact enough"
    )]
    pub fn success_rate(&self) -> Option<f64> {
        let answered = self.successes + self.failures;
        (answered > 0).then(|| self.successes as f64 / answered as f64)
    }

    pub(crate) const fn plus(self, other: Self) -> Self {
        Self {
            calls: self.calls + other.calls,
            successes: self.successes + other.successes,
            failures: self.failures + other.failures,
            abandoned: self.abandoned + other.abandoned,
            retries: self.retries + other.retries,
            nested_retries: self.nested_retries + other.nested_retries,
            timeouts: self.timeouts + other.timeouts,
            circuit_breaker_rejections: self.circuit_breaker_rejections
                + other.circuit_breaker_rejections,
            bulkhead_rejections: self.bulkhead_rejections + other.bulkhead_rejections,
            fallbacks: self.fallbacks + other.fallbacks,
        }
    }
}
