//! The combined stack: all the policies for one dependency, declared in one place.

use std::future::Future;
use std::time::Duration;

use resilience_options::TimeoutOptions;

use crate::call_stats::CallStats;
use crate::function::Function;
use crate::outcome::{Class, Classify, Failure, Verdict};
use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::policy::retry::{NextStep, RetryPolicy, RetryState, backoff_sleep};
use crate::policy::timeout::timeout;
use crate::sync::Reloadable;

/// A combined policy: up to four layers in a fixed order, declared once as a `static` and named by
/// `#[resilient(PAYMENT)]`.
///
/// ```
/// use resilience::{Bulkhead, CircuitBreaker, Policy, RetryPolicy, resilient};
/// use std::time::Duration;
///
/// static PAYMENT: Policy = Policy::new("payment")
///     .bulkhead(Bulkhead::new("payment").max_concurrent(5))
///     .circuit_breaker(CircuitBreaker::new("payment").failure_threshold(5))
///     .retry(RetryPolicy::new("payment").max_attempts(3))
///     .timeout(Duration::from_secs(3));
///
/// #[resilient(PAYMENT)]
/// async fn charge(amount: u64) -> Result<u64, resilience::Error> {
///     Ok(amount)
/// }
/// ```
///
/// Whatever the order in which they are declared, the layers are, from the outside in: bulkhead,
/// circuit breaker, retry, timeout. So the slot in the bulkhead is held for all attempts, the
/// breaker sees one result for all of them, and the limit is for each. A layer that is not declared
/// is not there. For another order, write the attributes.
///
/// # Presets
///
/// | | timeout | attempts | opens at |
/// |---|---|---|---|
/// | [`critical`](Self::critical) | 3 s | 2 | 3 failures |
/// | [`important`](Self::important) | 5 s | 3 | 5 failures |
/// | [`non_critical`](Self::non_critical) | 10 s | 5 | 10 failures |
///
/// All else is as in [`RetryPolicy::new`] and [`CircuitBreaker::new`]. None has a bulkhead.
#[derive(Debug)]
pub struct Policy {
    name: &'static str,
    pub(crate) timeout: Option<Reloadable<Duration>>,
    retry: Option<RetryPolicy>,
    circuit_breaker: Option<CircuitBreaker>,
    bulkhead: Option<Bulkhead>,
    /// What `call` counts in.
    calls: Function,
}

/// All of these are `const`: in a `static`, a value that can't be right is a compile error that
/// says why.
impl Policy {
    /// No layers yet.
    ///
    /// # Panics
    ///
    /// If the name is empty.
    #[must_use]
    #[track_caller]
    pub const fn new(name: &'static str) -> Self {
        assert!(
            !name.is_empty(),
            "a policy's name must not be empty: errors, events and the registry call it by its name"
        );
        let calls = Function::new(name, "", 0);
        Self { name, timeout: None, retry: None, circuit_breaker: None, bulkhead: None, calls }
    }

    /// For what must answer soon or not at all: 3 s, 2 attempts, opens at 3 failures.
    #[must_use]
    #[track_caller]
    pub const fn critical(name: &'static str) -> Self {
        Self::preset(name, 3, 2, 3)
    }

    /// For what is waited for: 5 s, 3 attempts, opens at 5 failures.
    #[must_use]
    #[track_caller]
    pub const fn important(name: &'static str) -> Self {
        Self::preset(name, 5, 3, 5)
    }

    /// For what can take its time: 10 s, 5 attempts, opens at 10 failures.
    #[must_use]
    #[track_caller]
    pub const fn non_critical(name: &'static str) -> Self {
        Self::preset(name, 10, 5, 10)
    }

    #[track_caller]
    const fn preset(name: &'static str, seconds: u64, attempts: u32, failures: u32) -> Self {
        Self::new(name)
            .timeout(Duration::from_secs(seconds))
            .retry(RetryPolicy::new(name).max_attempts(attempts))
            .circuit_breaker(CircuitBreaker::new(name).failure_threshold(failures))
    }

    /// The limit of each attempt.
    ///
    /// # Panics
    ///
    /// If it is zero.
    #[must_use]
    #[track_caller]
    pub const fn timeout(mut self, limit: Duration) -> Self {
        if let Some(refusal) = TimeoutOptions::new(limit).first_refusal() {
            panic!("{}", refusal.message)
        }
        std::mem::forget(self.timeout.replace(Reloadable::new(limit)));
        self
    }

    /// Another attempt for what may pass by itself.
    #[must_use]
    pub const fn retry(mut self, retry: RetryPolicy) -> Self {
        std::mem::forget(self.retry.replace(retry));
        self
    }

    /// A breaker around all attempts.
    #[must_use]
    pub const fn circuit_breaker(mut self, breaker: CircuitBreaker) -> Self {
        std::mem::forget(self.circuit_breaker.replace(breaker));
        self
    }

    /// A bulkhead around all of it.
    #[must_use]
    pub const fn bulkhead(mut self, bulkhead: Bulkhead) -> Self {
        std::mem::forget(self.bulkhead.replace(bulkhead));
        self
    }

    /// The name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl Policy {
    /// Makes one call through the layers, for code that no attribute fits. `call` makes one attempt
    /// each time it is called. Every error of its own is [`Transient`](Class::Transient).
    ///
    /// Dropped before it ends, it drops the attempt, and gives the slot in the bulkhead and the
    /// admission of the breaker back.
    ///
    /// # Errors
    ///
    /// [`Failure::Function`] with the last attempt's own error; [`Failure::Policy`] if a layer
    /// ended the call.
    pub async fn call<T, E, F>(&self, call: impl FnMut() -> F) -> Result<T, Failure<E>>
    where
        F: Future<Output = Result<T, E>>,
    {
        self.call_classified_by(call, |_| Class::Transient).await
    }

    /// The same, for errors that know their class.
    ///
    /// # Errors
    ///
    /// As [`call`](Self::call).
    pub async fn call_classified<T, E, F>(&self, call: impl FnMut() -> F) -> Result<T, Failure<E>>
    where
        E: Classify,
        F: Future<Output = Result<T, E>>,
    {
        self.call_classified_by(call, E::classify).await
    }

    async fn call_classified_by<T, E, F>(
        &self,
        mut call: impl FnMut() -> F,
        class_of: impl Fn(&E) -> Class,
    ) -> Result<T, Failure<E>>
    where
        F: Future<Output = Result<T, E>>,
    {
        let class = |failure: &Failure<E>| match failure {
            Failure::Function(error) => class_of(error),
            Failure::Policy(error) => error.classify(),
        };
        let counted = self.calls.call();
        let result = async {
            let _permit = match &self.bulkhead {
                Some(bulkhead) => {
                    Some(bulkhead.acquire(Some(&self.calls)).await.map_err(Failure::Policy)?)
                }
                None => None,
            };
            let mut admission = self.circuit_breaker.as_ref().map(CircuitBreaker::admission);
            if let Some(admission) = &mut admission {
                admission.enter(Some(&self.calls)).map_err(Failure::Policy)?;
            }
            let retry = self.retry_or_once();
            let mut state = RetryState::new(retry);
            let result = loop {
                let delay = {
                    let limited =
                        timeout(self.limit_or_never(), &self.calls, async { call().await });
                    let result = match state.attempt_by(retry, &self.calls, limited).await {
                        Ok(result) => result.map_err(Failure::Function),
                        Err(error) => Err(Failure::Policy(error)),
                    };
                    let Err(failure) = &result else { break result };
                    if retry.is_once() {
                        break result;
                    }
                    match state.failed(retry, &self.calls, class(failure)) {
                        NextStep::Stop => break result,
                        NextStep::Retry(delay) => delay,
                    }
                };
                backoff_sleep(delay).await;
                state.again(&self.calls);
            };
            if let Some(admission) = &mut admission {
                admission.end(match &result {
                    Ok(_) => Verdict::Success,
                    Err(failure) => Verdict::of(class(failure)),
                });
            }
            result
        };
        let result = result.await;
        counted.end(result)
    }

    /// What has become of the calls by [`call`](Self::call).
    pub(crate) fn stats_of_calls(&self) -> CallStats {
        self.calls.stats()
    }

    /// Its breaker, if it has one.
    #[must_use]
    pub const fn breaker(&self) -> Option<&CircuitBreaker> {
        self.circuit_breaker.as_ref()
    }

    /// Its bulkhead, if it has one.
    #[must_use]
    pub const fn pool(&self) -> Option<&Bulkhead> {
        self.bulkhead.as_ref()
    }

    /// Its retry policy, if it has one.
    #[must_use]
    pub const fn retries(&self) -> Option<&RetryPolicy> {
        self.retry.as_ref()
    }

    /// Its retry, or one that makes one attempt.
    #[inline]
    pub(crate) fn retry_or_once(&self) -> &RetryPolicy {
        static ONCE: RetryPolicy = RetryPolicy::once();
        self.retry.as_ref().unwrap_or(&ONCE)
    }

    /// The limit of each attempt that holds now, or one that no clock will tell.
    #[inline]
    pub(crate) fn limit_or_never(&self) -> Duration {
        self.limit().unwrap_or(Duration::MAX)
    }

    /// The limit of each attempt that holds now, if it has one.
    #[must_use]
    #[inline]
    pub fn limit(&self) -> Option<Duration> {
        self.timeout.as_ref().map(Reloadable::get)
    }
}
