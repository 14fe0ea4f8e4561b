//! The attempts of one call. The expansion contains the loop itself, around the user's body.

use std::future::Future;
use std::sync::atomic::Ordering::Acquire;
use std::time::Duration;

use resilience_options::{NestedRetry, RetryOptions};
use tokio::time::Instant;

use super::call_overrides::CallOverrides;
use super::delay;
use super::retry_policy::RetryPolicy;
use crate::event::{Event, SuppressionReason, emit_per_call};
use crate::function::{Counter, Function};
use crate::outcome::{Cause, Class};
use crate::sync::nounwind;
use crate::task::{self, Attempt, AttemptSpan, OptionalAttempt};
use crate::time::Nanos;

/// State of the attempts of one call, created before the first attempt and updated after each
/// failed attempt. The function and the policy are arguments of its methods: fields would have to
/// be written for each call.
#[derive(Clone, Copy, Debug)]
pub struct RetryState<D = ()> {
    /// Options of this call. The type is `()` for most calls, and takes no space.
    of_call: D,
    /// `None` for most calls, so that they write only this.
    progress: Option<Progress>,
}

/// Values from which the next delay follows.
#[derive(Clone, Copy, Debug)]
struct Progress {
    /// Number of the running attempt; the first call is 1.
    attempt: u32,
    /// Last delay of the policy, without a hint of the error.
    delay: Option<Duration>,
    /// Start of the first attempt. Set only if `max_elapsed` needs it.
    began: Option<Instant>,
}

impl Progress {
    const START: Self = Self { attempt: 1, delay: None, began: None };
}

/// Delay before the next attempt.
#[derive(Clone, Copy)]
struct RetryDelay {
    /// Delay of the policy, from which the next delay may grow.
    own: Duration,
    /// `own` after the hint of the error: callers with the same hint must not come back together.
    whole: Duration,
}

/// Step after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum NextStep {
    /// Makes another attempt after this delay.
    Retry(Duration),
    /// Makes no other attempt: the failure is the result.
    Stop,
}

impl RetryState {
    /// Creates the state before the first attempt.
    #[inline]
    pub fn new(policy: &RetryPolicy) -> Self {
        Self::with(policy, ())
    }
}

impl<D: CallOverrides> RetryState<D> {
    /// Creates the state before the first attempt of a call with its own options.
    #[inline]
    pub fn with(policy: &RetryPolicy, of_call: D) -> Self {
        let mut state = Self { of_call, progress: None };
        let is_limited = of_call.options().is_some_and(|options| options.max_elapsed.is_some());
        if is_limited || policy.prepares.load(Acquire) {
            state.progress =
                Some(Progress { began: policy.prepare(is_limited), ..Progress::START });
        }
        state
    }

    /// Wraps the work of the next attempt.
    #[inline]
    pub fn attempt<F: Future>(&self, function: &Function, work: F) -> Attempt<F> {
        Attempt::new(AttemptSpan::new(function.path(), self.progress().attempt), work)
    }

    /// Wraps the work of the next attempt for a policy that may have no retry.
    #[inline]
    pub fn optional_attempt<F: Future>(
        &self,
        policy: &RetryPolicy,
        function: &Function,
        work: F,
    ) -> OptionalAttempt<F> {
        OptionalAttempt::new(
            (!policy.is_once()).then(|| AttemptSpan::new(function.path(), self.progress().attempt)),
            work,
        )
    }

    /// Decides the step after an attempt that failed with an error of this class.
    #[inline]
    pub fn failed(
        &mut self,
        policy: &RetryPolicy,
        function: &Function,
        class: Class,
        cause: Cause<'_>,
    ) -> NextStep {
        let delay = |state: &Self, options: &RetryOptions| {
            delay::after(options, state.progress().attempt, state.progress().delay, rand::rng)
        };
        self.record_step(self.next_delay(policy, function, class, cause, delay))
    }

    /// Decides the step after a failed attempt, with the backoff expression of an attribute.
    #[inline]
    pub(crate) fn failed_with_backoff(
        &mut self,
        policy: &RetryPolicy,
        function: &Function,
        class: Class,
        cause: Cause<'_>,
        backoff: impl FnOnce(u32) -> Duration,
    ) -> NextStep {
        let delay = |state: &Self, options: &RetryOptions| {
            delay::custom(options, backoff(state.progress().attempt), rand::rng)
        };
        self.record_step(self.next_delay(policy, function, class, cause, delay))
    }

    fn progress(self) -> Progress {
        self.progress.unwrap_or(Progress::START)
    }

    #[inline]
    fn record_step(&mut self, delay: Option<RetryDelay>) -> NextStep {
        let Some(delay) = delay else { return NextStep::Stop };
        self.progress.get_or_insert(Progress::START).delay = Some(delay.own);
        NextStep::Retry(delay.whole)
    }

    /// Returns the delay before the next attempt; `None` if no attempt follows. Emits the event.
    #[cold]
    fn next_delay(
        &self,
        policy: &RetryPolicy,
        function: &Function,
        class: Class,
        cause: Cause<'_>,
        delay: impl FnOnce(&Self, &RetryOptions) -> Duration,
    ) -> Option<RetryDelay> {
        let hint = match class {
            Class::Transient => Duration::ZERO,
            Class::RetryAfter(hint) => hint,
            Class::Permanent | Class::Expected | Class::Ignored => return None,
        };
        let Progress { attempt, .. } = self.progress();
        let mut overridden = None;
        let mut options = policy.options.read(&mut overridden);
        let call_options;
        if let Some(of_call) = self.of_call.options() {
            call_options = of_call.over(options);
            options = &call_options;
        }
        let suppressed = |reason| {
            emit_per_call(move || Event::RetrySuppressed {
                function: function.path(),
                attempt,
                reason,
                error: cause.text(),
            });
            None
        };
        // Checked here and not at the start: a future that was first polled inside a retry may
        // have moved out of it.
        if outer_retry_retries(options) {
            function.count(Counter::NestedRetries);
            return suppressed(SuppressionReason::Nested);
        }
        if attempt >= options.max_attempts() {
            // A policy of one attempt has no retries to exhaust.
            if attempt > 1 {
                emit_per_call(move || Event::RetriesExhausted {
                    function: function.path(),
                    attempts: attempt,
                    error: cause.text(),
                });
            }
            return None;
        }
        if hint > options.max_retry_after() {
            return suppressed(SuppressionReason::MaxRetryAfter);
        }
        let own = delay(self, options);
        let whole = hint.saturating_add(own);
        if let Some(reason) = self.limit_before_next(options, whole) {
            return suppressed(reason);
        }
        // Checked last, so that a suppressed retry costs no token.
        if policy.budget.is_some_and(|budget| !budget.withdraw(Nanos::now())) {
            return suppressed(SuppressionReason::Budget);
        }
        emit_per_call(move || Event::RetryScheduled {
            function: function.path(),
            attempt,
            delay: whole,
            error: cause.text(),
        });
        Some(RetryDelay { own, whole })
    }

    /// Returns the limit that passes before the next attempt could begin, after a sleep of `delay`.
    /// The time is read only if there is a limit.
    fn limit_before_next(
        &self,
        options: &RetryOptions,
        delay: Duration,
    ) -> Option<SuppressionReason> {
        let spent = |from: Instant| from.elapsed().saturating_add(delay);
        if let (Some(began), Some(limit)) = (self.progress().began, options.max_elapsed)
            && spent(began) > limit
        {
            return Some(SuppressionReason::MaxElapsed);
        }
        // A zero delay asks too, and so starts the clock of a timeout: attempts that never suspend
        // would never start it.
        let deadline = task::deadline()?;
        let left = deadline.saturating_duration_since(Instant::now());
        (delay >= left).then_some(SuppressionReason::Deadline)
    }

    /// Records that the next attempt begins.
    #[inline]
    pub fn again(&mut self, function: &Function) {
        if let Some(progress) = &mut self.progress {
            progress.attempt += 1;
        }
        function.count(Counter::Retries);
    }
}

/// Returns `true` if an outer retry retries instead of this retry.
#[inline]
fn outer_retry_retries(options: &RetryOptions) -> bool {
    options.nested() == NestedRetry::Collapse && task::in_attempt()
}

impl RetryPolicy {
    nounwind! {
        /// Does the work of a call before its first attempt: it adds the deposit to the budget.
        /// Returns the time if `max_elapsed` limits the attempts, by this policy or by the call
        /// (`is_limited`).
        // If it could unwind, a successful call of `#[retry]` would cost twice as much: 42
        // instructions, not 21.
        #[cold]
        fn prepare(&self, is_limited: bool) -> Option<Instant> {
            let options = self.options.get();
            if let Some(budget) = self.budget
                && !outer_retry_retries(&options)
            {
                budget.deposit(Nanos::now());
            }
            (is_limited || options.max_elapsed.is_some()).then(Instant::now)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_attempts_does_not_overflow() {
        static FUNCTION: Function = Function::new("subject", file!(), 1);
        shuttle::check_random(
            || {
                let policy =
                    RetryPolicy::new("subject").max_attempts(u32::MAX).base_delay(Duration::ZERO);
                let mut state = RetryState::new(&policy);
                state.progress = Some(Progress { attempt: u32::MAX - 1, ..Progress::START });
                assert_eq!(
                    state.failed(&policy, &FUNCTION, Class::Transient, Cause::UNKNOWN),
                    NextStep::Retry(Duration::ZERO)
                );
                state.again(&FUNCTION);
                let next = state.failed(&policy, &FUNCTION, Class::Transient, Cause::UNKNOWN);
                assert_eq!((state.progress().attempt, next), (u32::MAX, NextStep::Stop));
            },
            1,
        );
    }
}
