//! The guard of an admitted call.

use std::fmt;

use resilience_options::{CircuitBreakerOptions, OnAbandon};

use super::circuit_breaker::CircuitBreaker;
use super::pass::Pass;
use super::passage;
use crate::function::Function;
use crate::outcome::{Cause, Class, Error, ErrorText, Verdict};
use crate::state::TransitionReason;
use crate::sync::nounwind;
use crate::task;

/// One call that a [`CircuitBreaker`] has admitted: [`CircuitBreaker::admit`].
///
/// One of the methods records the result. A call whose admission is dropped without a result was
/// abandoned: it counts as [`on_abandon`](CircuitBreaker::on_abandon) says. If a `#[timeout]` or a
/// panic of the call drops it, it counts as a failure.
///
/// An admission may be kept for as long as the call takes. While the breaker is half-open, it holds
/// the place of a probe. After [`probe_timeout`](CircuitBreaker::probe_timeout) the place is given
/// to another call; a later result of this call still counts if the breaker has stayed half-open.
///
/// ```
/// use resilience::CircuitBreaker;
///
/// static SEARCH: CircuitBreaker = CircuitBreaker::new("search").failure_threshold(1);
///
/// let admission = SEARCH.admit()?;
/// let answer: Result<u32, &str> = Err("down");
/// match answer {
///     Ok(_) => admission.success(),
///     Err(_) => admission.failure(),
/// }
/// assert!(SEARCH.admit().is_err(), "open");
/// # Ok::<(), resilience::Error>(())
/// ```
#[must_use = "a dropped admission is an abandoned call"]
pub struct Admission<'a> {
    breaker: &'a CircuitBreaker,
    /// Present from the admission to the result.
    pass: Option<Pass>,
    /// Set if the call is made while a timeout drops its work: that timeout is not around this
    /// call.
    is_clean_up: bool,
}

impl Admission<'_> {
    /// Records a success.
    pub fn success(mut self) {
        self.end(Verdict::Success, Cause::UNKNOWN);
    }

    /// Records a failure.
    pub fn failure(mut self) {
        self.end(Verdict::Failure, Cause::UNKNOWN);
    }

    /// Records a call that says nothing about the dependency. A probe gives its place back.
    pub fn ignore(mut self) {
        self.end(Verdict::Ignored, Cause::UNKNOWN);
    }

    /// Records an error of this class: [`Class::Expected`] as [`success`](Self::success),
    /// [`Class::Ignored`] as [`ignore`](Self::ignore), any other as [`failure`](Self::failure).
    ///
    /// ```
    /// use resilience::{CircuitBreaker, Class};
    ///
    /// static SEARCH: CircuitBreaker = CircuitBreaker::new("search").failure_threshold(1);
    ///
    /// SEARCH.admit()?.record(Class::Expected);
    /// SEARCH.admit()?.record(Class::Ignored);
    /// SEARCH.admit()?.record(Class::Transient);
    /// assert!(SEARCH.admit().is_err());
    /// # Ok::<(), resilience::Error>(())
    /// ```
    pub fn record(mut self, class: Class) {
        self.end(Verdict::of(class), Cause::UNKNOWN);
    }
}

// The attributes and `call` make an admission in its place, and enter and end it there. Do not move
// an admission: the copy costs more than the rest of a successful call. Do not hand its address to
// a function that is out of line: the compiler would have to keep the admission in memory.
impl<'a> Admission<'a> {
    /// An admission that has yet to [`enter`](Self::enter).
    #[inline]
    pub(crate) fn new(breaker: &'a CircuitBreaker) -> Self {
        Self { breaker, pass: None, is_clean_up: task::timing_out() }
    }

    /// Enters the breaker.
    ///
    /// # Errors
    ///
    /// [`Error::CircuitOpen`].
    #[inline]
    pub(crate) fn enter(&mut self, function: Option<&Function>) -> Result<(), Error> {
        let breaker = self.breaker;
        // The error is made here, of what comes back. Made out of line it would be copied here in
        // other pieces than it was written in: a processor can't forward such pieces from its
        // stores, and waits until they are in the cache.
        let pass = passage::admit(breaker, function).map_err(|rejection| {
            let (reason, last_failure) = why_open(breaker);
            Error::CircuitOpen {
                name: breaker.name,
                key: breaker.key.clone(),
                retry_after: rejection.retry_after,
                reason,
                last_failure,
            }
        })?;
        self.pass = Some(pass);
        Ok(())
    }

    /// Records the result of the call.
    #[inline]
    pub(crate) fn end(&mut self, verdict: Verdict, cause: Cause<'_>) {
        if let Some(pass) = self.pass.take() {
            passage::record(self.breaker, pass, verdict, cause);
        }
    }
}

impl Drop for Admission<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(pass) = self.pass.take() {
            abandon(self.breaker, pass, self.is_clean_up);
        }
    }
}

nounwind! {
    /// Reason for which the breaker has opened, and text of the error that did it.
    // If it could unwind, a successful call would cost twice as much: 90 instructions.
    #[cold]
    fn why_open(breaker: &CircuitBreaker) -> (TransitionReason, Option<ErrorText>) {
        (breaker.engine.opened_by(), breaker.engine.last_failure())
    }
}

nounwind! {
    // If it could unwind, a successful call would cost twice as much: 67 instructions, not 36.
    #[cold]
    fn abandon(breaker: &CircuitBreaker, pass: Pass, is_clean_up: bool) {
        let (verdict, cause) = if task::call_panicked() {
            (Verdict::Failure, Cause::said("the call panicked"))
        } else if task::timing_out() && !is_clean_up {
            (Verdict::Failure, Cause::said("the call timed out"))
        } else {
            let meaning = breaker.engine.options.with(CircuitBreakerOptions::on_abandon);
            match meaning {
                OnAbandon::Failure => (Verdict::Failure, Cause::said("the caller went away")),
                _ => (Verdict::Abandoned, Cause::UNKNOWN),
            }
        };
        passage::record(breaker, pass, verdict, cause);
    }
}

impl fmt::Debug for Admission<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admission").field("circuit_breaker", self.breaker).finish_non_exhaustive()
    }
}
