//! Counts of calls, and of the actions of the layers.

/// Counts of one annotated function since the start of the program.
///
/// Each call that has ended is counted by one outcome:
///
/// | field | the call |
/// |---|---|
/// | `successes` | returned `Ok`, without a fallback |
/// | `failures` | returned an error of the [class](crate::Class) `Transient`, `RetryAfter` or `Permanent`, or panicked |
/// | `expected` | returned an error of the class `Expected`: a proper answer |
/// | `ignored` | returned an error of the class `Ignored` |
/// | `rejected` | was not let through by a breaker or a bulkhead |
/// | `timed_out` | ended because a limit passed |
/// | `answered_by_fallback` | returned `Ok` from a fallback |
/// | `abandoned` | was dropped before its end, because the caller went away |
///
/// For a function around an annotated one, the error of the inner function counts by its class: a
/// rejection further in is `ignored`, a timeout a failure.
///
/// The fields below them count actions of the layers, of which a call may have several. Work that a
/// `#[timeout(cancel = false)]` lets go on is not part of the call: an answer of a fallback inside
/// it is a success.
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
    /// Number of calls that have ended: the sum of the eight outcomes.
    pub calls: u64,
    /// Number of calls that returned `Ok`, without a fallback.
    pub successes: u64,
    /// Number of calls that returned an error that counts against the dependency, or panicked.
    pub failures: u64,
    /// Number of calls that returned an error that is a proper answer
    /// ([`Class::Expected`](crate::Class::Expected)).
    pub expected: u64,
    /// Number of calls that returned an error that says nothing about the dependency
    /// ([`Class::Ignored`](crate::Class::Ignored)).
    pub ignored: u64,
    /// Number of calls that returned the error of a breaker or a bulkhead that rejected them.
    pub rejected: u64,
    /// Number of calls that returned the error of a timeout.
    pub timed_out: u64,
    /// Number of calls that a fallback answered with `Ok`.
    pub answered_by_fallback: u64,
    /// Number of calls among `answered_by_fallback` in which the dependency failed, or a limit
    /// passed. In the others, it was not asked, or gave a proper answer.
    pub failures_behind_fallbacks: u64,
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
    /// Number of calls or attempts that a rate limiter rejected.
    pub rate_limiter_rejections: u64,
    /// Number of fallbacks that were called.
    pub fallbacks: u64,
    /// Number of calls whose work went on after the caller had left, by `cancel = false`.
    pub detached: u64,
    /// Number of calls among `detached` whose work has ended.
    pub detached_ended: u64,
    /// Number of panics in such work, which no caller received.
    pub detached_panics: u64,
}

impl CallStats {
    /// Returns the share of calls in which the dependency did its work, from 0.0 to 1.0: successes
    /// and proper answers, among these and failures, timeouts, and failures behind fallbacks.
    ///
    /// Calls that say nothing about the dependency are left out: rejected, ignored and abandoned
    /// calls. `None` if no other call has ended.
    ///
    /// The share is of all calls since the start of the program, so it changes less and less.
    /// [`FunctionHealth::success_rate`](crate::health::FunctionHealth) is that of the last minutes.
    #[must_use]
    pub fn success_rate(&self) -> Option<f64> {
        let well = self.successes + self.expected;
        share(well, well + self.failures + self.timed_out + self.failures_behind_fallbacks)
    }

    /// Returns the share of calls that a fallback answered, from 0.0 to 1.0, among all that were
    /// not abandoned. `None` if there were no such calls.
    #[must_use]
    pub fn fallback_rate(&self) -> Option<f64> {
        share(self.answered_by_fallback, self.calls.saturating_sub(self.abandoned))
    }

    /// Sets `calls` to the sum of the outcomes.
    pub(crate) const fn with_sum(mut self) -> Self {
        self.calls = self.successes
            + self.failures
            + self.expected
            + self.ignored
            + self.rejected
            + self.timed_out
            + self.answered_by_fallback
            + self.abandoned;
        self
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        self.zip(other, u64::saturating_add)
    }

    /// Returns the counts since an earlier moment, or since a reset in between.
    pub(crate) fn since(self, earlier: Self) -> Self {
        if self.calls < earlier.calls {
            return self;
        }
        self.zip(earlier, u64::saturating_sub)
    }

    /// Returns `true` if fallbacks answered most calls.
    pub(crate) fn is_mostly_fallback(&self) -> bool {
        self.fallback_rate().is_some_and(|rate| rate > 0.5)
    }

    /// Returns `true` if most calls were abandoned, and hardly any was answered: the callers are
    /// less patient than the limits. Fewer than ten calls say nothing.
    pub(crate) const fn is_mostly_abandoned(&self) -> bool {
        let answered = self.successes + self.expected;
        self.calls >= 10 && self.abandoned > self.calls / 2 && answered < self.calls / 10
    }

    fn zip(self, other: Self, of: impl Fn(u64, u64) -> u64) -> Self {
        Self {
            calls: of(self.calls, other.calls),
            successes: of(self.successes, other.successes),
            failures: of(self.failures, other.failures),
            expected: of(self.expected, other.expected),
            ignored: of(self.ignored, other.ignored),
            rejected: of(self.rejected, other.rejected),
            timed_out: of(self.timed_out, other.timed_out),
            answered_by_fallback: of(self.answered_by_fallback, other.answered_by_fallback),
            failures_behind_fallbacks: of(
                self.failures_behind_fallbacks,
                other.failures_behind_fallbacks,
            ),
            abandoned: of(self.abandoned, other.abandoned),
            retries: of(self.retries, other.retries),
            nested_retries: of(self.nested_retries, other.nested_retries),
            timeouts: of(self.timeouts, other.timeouts),
            circuit_breaker_rejections: of(
                self.circuit_breaker_rejections,
                other.circuit_breaker_rejections,
            ),
            bulkhead_rejections: of(self.bulkhead_rejections, other.bulkhead_rejections),
            rate_limiter_rejections: of(
                self.rate_limiter_rejections,
                other.rate_limiter_rejections,
            ),
            fallbacks: of(self.fallbacks, other.fallbacks),
            detached: of(self.detached, other.detached),
            detached_ended: of(self.detached_ended, other.detached_ended),
            detached_panics: of(self.detached_panics, other.detached_panics),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "beyond 2⁵³ calls, the share is still exact enough")]
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
