//! A call with the attempts of a retry policy.

use std::future::Future;

use super::backoff_sleep::backoff_sleep;
use super::retry_policy::RetryPolicy;
use super::retry_state::{NextStep, RetryState};
use crate::call_outcome::CallOutcome;
use crate::outcome::{ByFunction, ByType, Class, Classifier, Classify};
use crate::task::body;

impl RetryPolicy {
    /// Makes one call by this policy, for code that no attribute fits. `call` makes one attempt
    /// each time it is called; the [class](Class) of its error says whether another one follows.
    ///
    /// Everything is as under `#[retry]`: the delays, the budget, the deadline of a `#[timeout]`
    /// around, and retries inside each other. Events and counts name the policy in place of a
    /// function.
    ///
    /// Dropped before it ends, it drops the attempt.
    ///
    /// ```
    /// use resilience::RetryPolicy;
    /// use std::io;
    /// use std::time::Duration;
    ///
    /// static STANDARD: RetryPolicy =
    ///     RetryPolicy::new("standard").max_attempts(3).base_delay(Duration::ZERO);
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let mut answers = [Err(io::ErrorKind::TimedOut), Err(io::ErrorKind::Other), Ok("done")]
    ///     .map(|answer| answer.map_err(io::Error::from))
    ///     .into_iter();
    /// let answer = STANDARD.call(|| {
    ///     let answer = answers.next();
    ///     async move { answer.expect("at most 3 attempts") }
    /// });
    /// assert_eq!(answer.await.ok(), Some("done"));
    /// assert_eq!(STANDARD.stats().retries, 2);
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The last attempt's own error: a retry adds none.
    pub async fn call<T, E, F>(&self, call: impl FnMut() -> F) -> Result<T, E>
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
    /// use resilience::{Class, RetryPolicy};
    ///
    /// static STANDARD: RetryPolicy = RetryPolicy::new("standard");
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let on_status = |status: &u16| match status {
    ///     429 | 500.. => Class::Transient,
    ///     _ => Class::Permanent,
    /// };
    /// let answer = STANDARD.call_with(on_status, async || Err::<(), _>(404)).await;
    /// assert_eq!(answer, Err(404), "after one attempt");
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
    ) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>>,
    {
        self.make(ByFunction(classify), call).await
    }

    async fn make<T, E, F>(
        &self,
        classifier: impl Classifier<E>,
        mut call: impl FnMut() -> F,
    ) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>>,
    {
        let calls = self.calls();
        let counted = calls.call();
        let mut state = RetryState::new(self);
        let result = loop {
            // The failed result is dropped before the sleep: an error that is not `Send` must not
            // make the future so.
            let delay = {
                let result = state.attempt(calls, body(async { call().await })).await;
                let Err(error) = &result else { break result };
                match state.failed(self, calls, classifier.class(error), classifier.cause(error)) {
                    NextStep::Stop => break result,
                    NextStep::Retry(delay) => delay,
                }
            };
            backoff_sleep(delay).await;
            state.again(calls);
        };
        let outcome = match &result {
            Ok(_) => CallOutcome::Success,
            Err(error) => CallOutcome::of(classifier.class(error)),
        };
        counted.end(outcome);
        result
    }
}
