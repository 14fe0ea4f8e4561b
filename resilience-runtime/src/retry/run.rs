//! One call's way through its attempts. The loop itself stands in the expansion, around the user's body.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{Limits, RetryPolicy};
use crate::classify::Class;
use crate::context::{self, Attempt};
use crate::event::{Event, Suppression};
use crate::function::{Counter, Function};
use crate::span::Span;
use crate::tick::Tick;

/// The attempts of one call. Made before the first one; asked after each that failed.
#[derive(Debug)]
pub struct Run<'p, D = ()> {
    policy: &'p RetryPolicy,
    /// Instead of the policy's. Most calls have none, and keep no place for them.
    durations: D,
    function: &'p Function,
    attempt: u32,
    previous: Option<Duration>,
    /// When the first attempt began; read only where `max_elapsed` needs it.
    began: Option<Instant>,
}

/// The durations that an attribute gave as expressions, known only at the call. They are taken as they are: no value panics.
#[derive(Clone, Copy, Debug)]
pub struct Durations {
    /// `base_delay`, where that is an expression.
    pub base_delay: Option<Duration>,
    /// `max_delay`, where that is an expression.
    pub max_delay: Option<Duration>,
    /// `max_elapsed`, where that is an expression.
    pub max_elapsed: Option<Duration>,
}

/// What a call has of its own.
pub trait OfTheCall {
    /// Its durations, if it has any.
    fn durations(&self) -> Option<Durations>;
}

impl OfTheCall for () {
    fn durations(&self) -> Option<Durations> {
        None
    }
}

impl OfTheCall for Durations {
    fn durations(&self) -> Option<Durations> {
        Some(*self)
    }
}

/// What follows a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Next {
    /// Another attempt, after this delay.
    Retry(Duration),
    /// Nothing: the failure is the result.
    Stop,
}

impl<'p> Run<'p> {
    /// Before the first attempt.
    #[inline]
    pub fn new(policy: &'p RetryPolicy, function: &'p Function) -> Self {
        Self::with(policy, function, ())
    }
}

impl<'p, D: OfTheCall> Run<'p, D> {
    /// Before the first attempt of a call with durations of its own.
    #[inline]
    pub fn with(policy: &'p RetryPolicy, function: &'p Function, durations: D) -> Self {
        if let Some(budget) = policy.budget
            && !policy.limits.with(Limits::leaves_it_to_the_outer)
        {
            budget.deposit(Tick::now());
        }
        let is_limited = policy.limits.with(|limits| limits.max_elapsed.is_some())
            || durations.durations().is_some_and(|durations| durations.max_elapsed.is_some());
        Self { policy, durations, function, attempt: 1, previous: None, began: is_limited.then(Instant::now) }
    }

    /// Makes the next attempt of this work.
    #[inline]
    pub fn attempt<'w, F: Future>(&self, work: Pin<&'w mut F>) -> Attempt<'w, F> {
        let is_retried = !self.policy.is_once();
        context::attempt(work, is_retried.then(|| Span::attempt(self.function.path(), self.attempt)))
    }

    /// After an attempt that failed with an error of this class.
    pub fn failed(&mut self, class: Class) -> Next {
        let previous = self.previous;
        self.next(class, |limits, attempt| limits.delay(attempt, previous, &mut rand::rng()))
    }

    /// The same, with a backoff that the attribute gave as an expression.
    pub(crate) fn failed_by(&mut self, class: Class, backoff: impl FnOnce(u32) -> Duration) -> Next {
        self.next(class, |limits, attempt| limits.own_delay(backoff(attempt), &mut rand::rng()))
    }

    #[cold]
    fn next(&mut self, class: Class, delay: impl FnOnce(&Limits, u32) -> Duration) -> Next {
        let hint = match class {
            Class::Transient => Duration::ZERO,
            Class::RetryAfter(hint) => hint,
            Class::Permanent | Class::Ignored => return Next::Stop,
        };
        let (function, attempt) = (self.function.path(), self.attempt);
        let mut limits = self.policy.limits.get();
        if let Some(durations) = self.durations.durations() {
            limits = limits.with(durations);
        }
        // Asked now, not at the start: a future that was first polled under a retry may since have left it.
        if limits.leaves_it_to_the_outer() {
            self.function.count(Counter::NestedRetries);
            return self.suppressed(Suppression::Nested);
        }
        if attempt >= limits.max_attempts {
            // Where one attempt is all there is, no retries are exhausted.
            if attempt > 1 {
                Event::RetriesExhausted { function, attempts: attempt }.emit();
            }
            return Next::Stop;
        }
        let delay = delay(&limits, attempt);
        self.previous = Some(delay);
        let delay = delay.max(hint);
        if let Some(reason) = self.outlived(&limits, delay) {
            return self.suppressed(reason);
        }
        // Asked last: what is not going to happen costs no token.
        if self.policy.budget.is_some_and(|budget| !budget.withdraw(Tick::now())) {
            return self.suppressed(Suppression::Budget);
        }
        Event::RetryScheduled { function, attempt, delay }.emit();
        Next::Retry(delay)
    }

    fn suppressed(&self, reason: Suppression) -> Next {
        Event::RetrySuppressed { function: self.function.path(), attempt: self.attempt, reason }.emit();
        Next::Stop
    }

    /// Which limit the next attempt, after a sleep of `delay`, would begin too late for. The clock is read only if there is a limit.
    fn outlived(&self, limits: &Limits, delay: Duration) -> Option<Suppression> {
        let spent = |from: Instant| from.elapsed().saturating_add(delay);
        if let (Some(began), Some(limit)) = (self.began, limits.max_elapsed)
            && spent(began) > limit
        {
            return Some(Suppression::MaxElapsed);
        }
        // What makes no use of time starts no clock.
        if delay.is_zero() {
            return context::is_overdue().then_some(Suppression::Deadline);
        }
        let deadline = context::deadline()?;
        let left = deadline.saturating_duration_since(Instant::now());
        (delay >= left).then_some(Suppression::Deadline)
    }

    /// The sleep before the next attempt, which begins when it is over. A delay of zero does not touch the timer.
    pub async fn backoff(&mut self, delay: Duration) {
        if !delay.is_zero() {
            sleep(delay).await;
        }
        self.attempt += 1;
        self.function.count(Counter::Retries);
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
                let policy = RetryPolicy::new("subject").max_attempts(u32::MAX).base_delay(Duration::ZERO);
                let mut run = Run::new(&policy, &FUNCTION);
                run.attempt = u32::MAX - 1;
                assert_eq!(run.failed(Class::Transient), Next::Retry(Duration::ZERO));
                shuttle::future::block_on(run.backoff(Duration::ZERO));
                assert_eq!((run.attempt, run.failed(Class::Transient)), (u32::MAX, Next::Stop));
            },
            1,
        );
    }
}
