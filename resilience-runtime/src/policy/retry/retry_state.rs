//! One call's way through its attempts. The loop itself is in the expansion, around the user's
//! body, and in `call`.

use std::future::Future;
use std::sync::atomic::Ordering::Acquire;
use std::time::Duration;

use resilience_options::{NestedRetry, RetryOptions};
use tokio::time::Instant;

use super::call_overrides::CallOverrides;
use super::delay;
use super::retry_policy::RetryPolicy;
use crate::event::{Event, SuppressionReason, emit};
use crate::function::{Counter, Function};
use crate::outcome::Class;
use crate::task::{self, Attempt, AttemptSpan, OptionalAttempt};
use crate::time::Nanos;

/// The attempts of one call. Made before the first one; asked after each that failed. Whose call it
/// is and by which policy stands in the expansion, and is said when it matters: here it would be
/// written for each call.
#[derive(Clone, Copy, Debug)]
pub struct RetryState<D = ()> {
    /// Instead of the policy's. Most calls have none, and keep no place for them.
    durations: D,
    /// Nothing yet, for most calls: they write no more than that.
    progress: Option<Progress>,
}

/// What the next delay depends on.
#[derive(Clone, Copy, Debug)]
struct Progress {
    /// The number of the attempt that runs; the first call is 1.
    attempt: u32,
    /// The last delay, before a hint of the error.
    delay: Option<Duration>,
    /// When the first attempt began; read only where `max_elapsed` needs it.
    began: Option<Instant>,
}

impl Progress {
    const START: Self = Self { attempt: 1, delay: None, began: None };
}

/// How long to wait for the next attempt.
#[derive(Clone, Copy)]
struct RetryDelay {
    /// What the policy says: what the next delay may grow from.
    own: Duration,
    /// That, or longer where the error asks for it.
    whole: Duration,
}

/// What follows a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum NextStep {
    /// Another attempt, after this delay.
    Retry(Duration),
    /// Nothing: the failure is the result.
    Stop,
}

impl RetryState {
    /// Before the first attempt.
    #[inline]
    pub fn new(policy: &RetryPolicy) -> Self {
        Self::with(policy, ())
    }
}

impl<D: CallOverrides> RetryState<D> {
    /// Before the first attempt of a call with durations of its own.
    #[inline]
    pub fn with(policy: &RetryPolicy, durations: D) -> Self {
        let mut state = Self { durations, progress: None };
        let is_limited =
            durations.durations().is_some_and(|durations| durations.max_elapsed.is_some());
        if is_limited || policy.prepares.load(Acquire) {
            state.progress =
                Some(Progress { began: policy.prepare(is_limited), ..Progress::START });
        }
        state
    }

    /// Makes the next attempt of this work.
    #[inline]
    pub fn attempt<F: Future>(&self, function: &Function, work: F) -> Attempt<F> {
        Attempt::new(AttemptSpan::new(function.path(), self.progress().attempt), work)
    }

    /// Makes the next attempt of this work; no attempt of a retry, if the policy is to make only
    /// one.
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

    /// Alias until the attributes expand to `attempt`.
    #[inline]
    pub fn attempt_by<F: Future>(
        &self,
        policy: &RetryPolicy,
        function: &Function,
        work: F,
    ) -> OptionalAttempt<F> {
        self.optional_attempt(policy, function, work)
    }

    /// After an attempt that failed with an error of this class.
    #[inline]
    pub fn failed(&mut self, policy: &RetryPolicy, function: &Function, class: Class) -> NextStep {
        let delay = |state: &Self, options: &RetryOptions| {
            delay::after(options, state.progress().attempt, state.progress().delay, rand::rng)
        };
        self.go_on(self.next(policy, function, class, delay))
    }

    /// The same, with a backoff that the attribute gave as an expression.
    #[inline]
    pub(crate) fn failed_by(
        &mut self,
        policy: &RetryPolicy,
        function: &Function,
        class: Class,
        backoff: impl FnOnce(u32) -> Duration,
    ) -> NextStep {
        let delay = |state: &Self, options: &RetryOptions| {
            delay::given(options, backoff(state.progress().attempt), rand::rng)
        };
        self.go_on(self.next(policy, function, class, delay))
    }

    fn progress(self) -> Progress {
        self.progress.unwrap_or(Progress::START)
    }

    #[inline]
    fn go_on(&mut self, wait: Option<RetryDelay>) -> NextStep {
        let Some(wait) = wait else { return NextStep::Stop };
        self.progress.get_or_insert(Progress::START).delay = Some(wait.own);
        NextStep::Retry(wait.whole)
    }

    /// Whether and when another attempt follows.
    #[cold]
    fn next(
        &self,
        policy: &RetryPolicy,
        function: &Function,
        class: Class,
        delay: impl FnOnce(&Self, &RetryOptions) -> Duration,
    ) -> Option<RetryDelay> {
        let hint = match class {
            Class::Transient => Duration::ZERO,
            Class::RetryAfter(hint) => hint,
            Class::Permanent | Class::Ignored => return None,
        };
        let Progress { attempt, .. } = self.progress();
        let mut replaced = None;
        let mut options = policy.options.read(&mut replaced);
        let of_the_call;
        if let Some(durations) = self.durations.durations() {
            of_the_call = durations.over(options);
            options = &of_the_call;
        }
        let suppressed = |reason| {
            emit(|| Event::RetrySuppressed { function: function.path(), attempt, reason });
            None
        };
        // Asked now, not at the start: a future that was first polled under a retry may since have
        // left it.
        if leaves_it_to_the_outer(options) {
            function.count(Counter::NestedRetries);
            return suppressed(SuppressionReason::Nested);
        }
        if attempt >= options.max_attempts() {
            // Where one attempt is all there is, no retries are exhausted.
            if attempt > 1 {
                emit(|| Event::RetriesExhausted { function: function.path(), attempts: attempt });
            }
            return None;
        }
        let own = delay(self, options);
        let whole = own.max(hint);
        if let Some(reason) = self.outlived(options, whole) {
            return suppressed(reason);
        }
        // Asked last: what is not going to happen costs no token.
        if policy.budget.is_some_and(|budget| !budget.withdraw(Nanos::now())) {
            return suppressed(SuppressionReason::Budget);
        }
        emit(|| Event::RetryScheduled { function: function.path(), attempt, delay: whole });
        Some(RetryDelay { own, whole })
    }

    /// Which limit the next attempt, after a sleep of `delay`, would begin too late for. The clock
    /// is read only if there is a limit.
    fn outlived(&self, options: &RetryOptions, delay: Duration) -> Option<SuppressionReason> {
        let spent = |from: Instant| from.elapsed().saturating_add(delay);
        if let (Some(began), Some(limit)) = (self.progress().began, options.max_elapsed)
            && spent(began) > limit
        {
            return Some(SuppressionReason::MaxElapsed);
        }
        // What makes no use of time starts no clock.
        if delay.is_zero() {
            return task::is_overdue().then_some(SuppressionReason::Deadline);
        }
        let deadline = task::deadline()?;
        let left = deadline.saturating_duration_since(Instant::now());
        (delay >= left).then_some(SuppressionReason::Deadline)
    }

    /// The next attempt begins.
    #[inline]
    pub fn again(&mut self, function: &Function) {
        if let Some(progress) = &mut self.progress {
            progress.attempt += 1;
        }
        function.count(Counter::Retries);
    }
}

/// Returns `true` if another retry, around this call, does the retrying.
#[inline]
fn leaves_it_to_the_outer(options: &RetryOptions) -> bool {
    options.nested() == NestedRetry::Collapse && task::in_attempt()
}

impl RetryPolicy {
    /// What a call has to do before its first attempt. Gives the time if the attempts must end some
    /// time after it: by this policy, or because the call itself `is_limited`.
    #[cold]
    extern "C" fn prepare(&self, is_limited: bool) -> Option<Instant> {
        let options = self.options.get();
        if let Some(budget) = self.budget
            && !leaves_it_to_the_outer(&options)
        {
            budget.deposit(Nanos::now());
        }
        (is_limited || options.max_elapsed.is_some()).then(Instant::now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_attempts_can_be_counted_to_the_last() {
        static FUNCTION: Function = Function::new("subject", file!(), 1);
        shuttle::check_random(
            || {
                let policy =
                    RetryPolicy::new("subject").max_attempts(u32::MAX).base_delay(Duration::ZERO);
                let mut state = RetryState::new(&policy);
                state.progress = Some(Progress { attempt: u32::MAX - 1, ..Progress::START });
                assert_eq!(
                    state.failed(&policy, &FUNCTION, Class::Transient),
                    NextStep::Retry(Duration::ZERO)
                );
                state.again(&FUNCTION);
                let next = state.failed(&policy, &FUNCTION, Class::Transient);
                assert_eq!((state.progress().attempt, next), (u32::MAX, NextStep::Stop));
            },
            1,
        );
    }
}
