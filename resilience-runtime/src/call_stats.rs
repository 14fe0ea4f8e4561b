//! Counts of calls, and of the actions of the layers.

/// Counts of one annotated function since the start of the program.
///
/// The first four fields count calls: `calls = successes + failures + abandoned`. The others count
/// actions of the layers, of which a call may have several.
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
    /// Number of calls that have ended.
    pub calls: u64,
    /// Number of calls that returned `Ok`, also from a fallback.
    pub successes: u64,
    /// Number of calls that returned `Err`, or panicked.
    pub failures: u64,
    /// Number of calls whose future was dropped before its end, because the caller went away.
    pub abandoned: u64,
    /// Number of attempts after the first attempt of each call.
    pub retries: u64,
    /// Number of attempts that failed inside an attempt of another retry, which retries instead.
    pub nested_retries: u64,
    /// Number of timeouts whose limit passed.
    pub timeouts: u64,
    /// Number of calls or attempts that an open breaker rejected.
    pub circuit_breaker_rejections: u64,
    /// Number of calls or attempts that a full bulkhead rejected.
    pub bulkhead_rejections: u64,
    /// Number of fallbacks that were called.
    pub fallbacks: u64,
}

impl CallStats {
    /// Returns the share of calls that returned `Ok`, from 0.0 to 1.0. Abandoned calls are left
    /// out. `None` before the first call has ended.
    ///
    /// The share is of all calls since the start of the program, so it changes less and less. For
    /// the rate of a period, subtract the counts of two moments.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "beyond 2⁵³ calls, the share is still exact enough"
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
