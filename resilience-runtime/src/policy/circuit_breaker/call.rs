//! Calls that no attribute makes.

use std::future::Future;

use super::admission::Admission;
use super::circuit_breaker::CircuitBreaker;
use crate::outcome::{
    ByFunction, ByType, Cause, Class, Classifier, Classify, Error, Failure, Verdict,
};
use crate::task::{WholeCall, body};

/// # Calls
///
/// For code that no attribute fits.
impl CircuitBreaker {
    /// Makes one call through the breaker. An `Err` counts as a failure, unless its class is
    /// [`Class::Expected`], a success, or [`Class::Ignored`], which is neither.
    ///
    /// A call that is dropped before it ends counts as [`on_abandon`](Self::on_abandon) says.
    ///
    /// ```
    /// use resilience::{CircuitBreaker, Failure};
    ///
    /// static STORE: CircuitBreaker = CircuitBreaker::new("store").failure_threshold(1);
    ///
    /// async fn load() -> std::io::Result<u32> {
    ///     Err(std::io::ErrorKind::TimedOut.into())
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// assert!(matches!(STORE.call(load).await, Err(Failure::Function(_))));
    /// assert!(matches!(STORE.call(load).await, Err(Failure::Policy(_))), "open");
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Failure::Function`] with the call's own error. [`Failure::Policy`] with
    /// [`Error::CircuitOpen`] if the breaker rejected the call: then `call` was not called.
    pub async fn call<T, E, F>(&self, call: impl FnOnce() -> F) -> Result<T, Failure<E>>
    where
        E: Classify,
        F: Future<Output = Result<T, E>>,
    {
        self.make(ByType, call).await
    }

    /// Makes one call as [`call`](Self::call) does, for an error type that has no class of its own.
    ///
    /// ```
    /// use resilience::{CircuitBreaker, Class};
    ///
    /// /// An error of another crate.
    /// struct Status(u16);
    ///
    /// static SEARCH: CircuitBreaker = CircuitBreaker::new("search").failure_threshold(1);
    ///
    /// fn class(error: &Status) -> Class {
    ///     if error.0 < 500 { Class::Expected } else { Class::Transient }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let missing = SEARCH.call_with(class, || async { Err::<(), _>(Status(404)) }).await;
    /// assert!(missing.is_err());
    /// assert_eq!(SEARCH.snapshot().failures, 0);
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`call`](Self::call).
    pub async fn call_with<T, E, F>(
        &self,
        classify: impl Fn(&E) -> Class,
        call: impl FnOnce() -> F,
    ) -> Result<T, Failure<E>>
    where
        F: Future<Output = Result<T, E>>,
    {
        self.make(ByFunction(classify), call).await
    }

    async fn make<T, E, F>(
        &self,
        classifier: impl Classifier<E>,
        call: impl FnOnce() -> F,
    ) -> Result<T, Failure<E>>
    where
        F: Future<Output = Result<T, E>>,
    {
        self.called.set();
        let _whole = WholeCall;
        let mut admission = self.admission();
        admission.enter(None).map_err(Failure::Policy)?;
        let result = body(call()).await;
        match &result {
            Ok(_) => admission.end(Verdict::Success, Cause::UNKNOWN),
            Err(error) => {
                admission.end(Verdict::of(classifier.class(error)), classifier.cause(error));
            }
        }
        result.map_err(Failure::Function)
    }

    /// Admits one call whose result is recorded by hand: for streams, consumers and middleware.
    ///
    /// ```
    /// use resilience::{CircuitBreaker, Class, Classify, Error};
    ///
    /// static WAREHOUSE: CircuitBreaker = CircuitBreaker::new("warehouse");
    ///
    /// # async fn store(_order: u32) -> Result<(), std::io::Error> { Ok(()) }
    /// /// Takes orders off a queue for as long as they can be stored.
    /// async fn consume(mut orders: tokio::sync::mpsc::Receiver<u32>) -> Result<(), Error> {
    ///     while let Some(order) = orders.recv().await {
    ///         let admission = WAREHOUSE.admit()?;
    ///         match store(order).await {
    ///             Ok(()) => admission.success(),
    ///             Err(error) => admission.record(error.classify()),
    ///         }
    ///     }
    ///     Ok(())
    /// }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Error> {
    /// # let (sender, orders) = tokio::sync::mpsc::channel(1);
    /// # sender.try_send(7).expect("an empty queue");
    /// # drop(sender);
    /// # consume(orders).await
    /// # }
    /// ```
    ///
    /// A call whose [`Admission`] is dropped without a result was abandoned, for example because
    /// its task was cancelled: it counts as [`on_abandon`](Self::on_abandon) says, and a probe
    /// gives its place back.
    ///
    /// # Errors
    ///
    /// [`Error::CircuitOpen`] if the breaker is open, or if it is half-open and all its probes are
    /// under way.
    pub fn admit(&self) -> Result<Admission<'_>, Error> {
        self.called.set();
        let mut admission = self.admission();
        admission.enter(None)?;
        Ok(admission)
    }

    /// Makes an admission that has yet to enter.
    #[inline]
    pub(crate) fn admission(&self) -> Admission<'_> {
        Admission::new(self)
    }
}
