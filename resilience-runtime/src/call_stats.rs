//! Counts of calls.

/// Counts of the calls of one annotated function, or through one policy.
///
/// The first four are about calls: `calls = successes + failures + abandoned`. The others are about
/// the steps of the layers, of which a call can take several.
///
/// ```standalone_crate
/// use resilience::timeout;
///
/// #[timeout(800ms)]
/// async fn charge() -> Result<(), resilience::Error> {
///     Ok(())
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// assert!(charge().await.is_ok());
/// let registry = resilience::registry();
/// let charge = registry.functions().find(|function| function.path().ends_with("charge"));
/// let stats = charge.expect("it is annotated").stats();
/// assert_eq!((stats.calls, stats.successes, stats.success_rate()), (1, 1, Some(1.0)));
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CallStats {
    /// Calls that have ended.
    pub calls: u64,
    /// Calls that returned an `Ok`, a fallback's included.
    pub successes: u64,
    /// Calls that returned an `Err`, or panicked.
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
    /// Share of calls that returned an `Ok`, from 0 to 1, without the abandoned calls. `None` before
    /// the first call has ended.
    ///
    /// The share is of all calls since the start, and hardly moves after a while. For the rate of a
    /// period, subtract the counts of two moments.
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
