//! A call through all the layers of a combined policy.

use std::future::Future;

use super::policy::Policy;
use crate::call_outcome::CallOutcome;
use crate::outcome::{ByFunction, ByType, Cause, Class, Classifier, Classify, Failure, Verdict};
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::policy::retry::{NextStep, RetryState, backoff_sleep};
use crate::policy::timeout::timeout;
use crate::task::body;

impl Policy {
    /// Makes one call through the layers, for code that no attribute fits. `call` makes one attempt
    /// each time it is called; the [class](Class) of its error says what the error means to the
    /// retry and the breaker.
    ///
    /// Dropped before it ends, it drops the attempt, and gives the slot of the bulkhead and the
    /// admission of the breaker back.
    ///
    /// ```
    /// use resilience::{Failure, Policy};
    ///
    /// static PAYMENT: Policy = Policy::important("payment");
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let receipt = PAYMENT.call(async || Ok::<u32, std::io::Error>(7)).await;
    /// match receipt {
    ///     Ok(receipt) => assert_eq!(receipt, 7),
    ///     Err(Failure::Function(error)) => println!("the last attempt failed: {error}"),
    ///     Err(Failure::Policy(error)) => println!("a layer ended the call: {error}"),
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Failure::Function`] with the last attempt's own error; [`Failure::Policy`] if a layer
    /// ended the call.
    pub async fn call<T, E, F>(&self, call: impl FnMut() -> F) -> Result<T, Failure<E>>
    where
        E: Classify,
        F: Future<Output = Result<T, E>>,
    {
        self.make(ByType, call).await
    }

    /// Makes one call as [`call`](Self::call) does; `classify` gives the class of an error, for
    /// error types of other crates.
    ///
    /// ```
    /// use resilience::{Class, Policy};
    ///
    /// static PAYMENT: Policy = Policy::important("payment");
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let on_status = |status: &u16| match status {
    ///     400..500 => Class::Expected,
    ///     _ => Class::Transient,
    /// };
    /// let receipt = PAYMENT.call_with(on_status, async || Err::<(), _>(404)).await;
    /// assert!(receipt.is_err(), "after one attempt");
    /// assert_eq!(PAYMENT.stats().retries, 0);
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`call`](Self::call).
    pub async fn call_with<T, E, F>(
        &self,
        classify: impl Fn(&E) -> Class,
        call: impl FnMut() -> F,
    ) -> Result<T, Failure<E>>
    where
        F: Future<Output = Result<T, E>>,
    {
        self.make(ByFunction(classify), call).await
    }

    async fn make<T, E, F>(
        &self,
        classifier: impl Classifier<E>,
        mut call: impl FnMut() -> F,
    ) -> Result<T, Failure<E>>
    where
        F: Future<Output = Result<T, E>>,
    {
        let counted = self.calls.call();
        let result = async {
            let _permit = match &self.bulkhead {
                Some(bulkhead) => {
                    Some(bulkhead.enter(Some(&self.calls)).await.map_err(Failure::Policy)?)
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
                    let limited = async {
                        if let Some(limiter) = &self.rate_limiter {
                            limiter.enter(Some(&self.calls), 1).await.map_err(Failure::Policy)?;
                        }
                        let work = body(async { call().await });
                        let result = match timeout(self.limit_or_never(), &self.calls, work).await {
                            Ok(result) => result.map_err(Failure::Function),
                            Err(error) => Err(Failure::Policy(error)),
                        };
                        if let (Some(limiter), Err(failure)) = (&self.rate_limiter, &result) {
                            limiter.obey(classifier.class_of(failure));
                        }
                        result
                    };
                    let result = state.optional_attempt(retry, &self.calls, limited).await;
                    let Err(failure) = &result else { break result };
                    if retry.is_once() {
                        break result;
                    }
                    let (class, cause) =
                        (classifier.class_of(failure), classifier.cause_of(failure));
                    match state.failed(retry, &self.calls, class, cause) {
                        NextStep::Stop => break result,
                        NextStep::Retry(delay) => delay,
                    }
                };
                backoff_sleep(delay).await;
                state.again(&self.calls);
            };
            if let Some(admission) = &mut admission {
                match &result {
                    Ok(_) => admission.end(Verdict::Success, Cause::UNKNOWN),
                    Err(failure) => admission.end(
                        Verdict::of(classifier.class_of(failure)),
                        classifier.cause_of(failure),
                    ),
                }
            }
            result
        };
        let result = result.await;
        let outcome = match &result {
            Ok(_) => CallOutcome::Success,
            Err(Failure::Function(error)) => CallOutcome::of(classifier.class(error)),
            Err(Failure::Policy(error)) => CallOutcome::of_policy(error),
        };
        counted.end(outcome);
        result
    }
}
