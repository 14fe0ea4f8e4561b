//! The ways in: for one call, and by a turn.

use std::future::Future;

use super::rate_limiter::RateLimiter;
use super::schedule::Turn;
use super::turn_wait::TurnWait;
use crate::function::Function;
use crate::outcome::{ByFunction, ByType, Class, Classifier, Classify, Error, Failure};
use crate::task::{WholeCall, body};

impl RateLimiter {
    /// Makes one call of cost 1 through the limiter, for code that no attribute fits. An error of
    /// the class [`Class::RetryAfter`] pauses the limiter.
    ///
    /// Dropped while it waits, it gives its turn back, unless a later one has been given out.
    ///
    /// ```
    /// use resilience::RateLimiter;
    ///
    /// static GITHUB: RateLimiter = RateLimiter::new("github").per_second(20);
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let answer = GITHUB.call(async || Ok::<_, std::io::Error>("42")).await;
    /// assert!(answer.is_ok());
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Failure::Function`] with the call's own error; [`Failure::Policy`] with
    /// [`Error::RateLimited`] if its turn would come too late, and `call` was not called.
    ///
    /// # Panics
    ///
    /// As all timers of tokio, if it must wait: in a runtime that was built without `enable_time`.
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
    /// use resilience::{Class, RateLimiter};
    /// use std::time::Duration;
    ///
    /// /// An error of another crate.
    /// struct Status(u16);
    ///
    /// static SEARCH: RateLimiter = RateLimiter::new("search").per_second(20);
    ///
    /// fn class(error: &Status) -> Class {
    ///     match error.0 {
    ///         429 => Class::RetryAfter(Duration::from_secs(60)),
    ///         _ => Class::Transient,
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let answer = SEARCH.call_with(class, || async { Err::<(), _>(Status(429)) }).await;
    /// assert!(answer.is_err());
    /// assert!(SEARCH.snapshot().paused_for.is_some());
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
        self.enter(None, 1).await.map_err(Failure::Policy)?;
        let result = body(call()).await;
        if let Err(error) = &result {
            self.obey(classifier.class(error));
        }
        result.map_err(Failure::Function)
    }

    /// Takes a turn for this cost, if it can be had without waiting. Without one it counts and
    /// emits nothing.
    ///
    /// ```
    /// use resilience::RateLimiter;
    ///
    /// static UPLOADS: RateLimiter = RateLimiter::new("uploads").per_second(1).burst(10);
    ///
    /// assert!(UPLOADS.try_acquire(8).is_ok());
    /// let error = UPLOADS.try_acquire(8).expect_err("2 are left");
    /// assert!(error.retry_after().is_some());
    /// let error = UPLOADS.try_acquire(11).expect_err("more than the burst");
    /// assert!(error.retry_after().is_none(), "it can never be had");
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::RateLimited`] with the time that a call of this cost would wait; without a time if
    /// `cost` is more than `burst`.
    pub fn try_acquire(&self, cost: u32) -> Result<(), Error> {
        self.called.set();
        self.take(cost, 0).map(drop).map_err(|retry_after| self.error(retry_after))
    }

    /// Waits for a turn for this cost, up to `max_wait` and first come, first served. For work that
    /// is not one call, and for other costs than 1. [`pause`](Self::pause) is for the answer of the
    /// dependency.
    ///
    /// Dropped while it waits, it gives its turn back, unless a later one has been given out.
    ///
    /// ```
    /// use resilience::RateLimiter;
    ///
    /// static ROWS: RateLimiter = RateLimiter::new("rows").per_second(10_000).burst(500);
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), resilience::Error> {
    /// for page in [vec![0; 500], vec![0; 20]] {
    ///     ROWS.acquire(page.len() as u32).await?;
    ///     // … write the page
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::RateLimited`] if the turn would come too late, or if `cost` is more than `burst`.
    ///
    /// # Panics
    ///
    /// As all timers of tokio, if it must wait: in a runtime that was built without `enable_time`.
    pub async fn acquire(&self, cost: u32) -> Result<(), Error> {
        self.called.set();
        let _whole = WholeCall;
        self.enter(None, cost).await
    }

    /// Takes a turn that has come. Called before [`wait_for_turn`](Self::wait_for_turn), which is a
    /// future of some size.
    #[inline]
    pub(crate) fn try_enter(&self, cost: u32) -> bool {
        matches!(self.take(cost, 0), Ok(Turn::Now))
    }

    pub(crate) async fn enter(&self, function: Option<&Function>, cost: u32) -> Result<(), Error> {
        if self.try_enter(cost) { Ok(()) } else { self.wait_for_turn(function, cost).await }
    }

    /// Waits for a turn, or rejects the call: for after [`try_enter`](Self::try_enter) has found
    /// none.
    #[inline]
    pub(crate) const fn wait_for_turn<'a, 'f>(
        &'a self,
        function: Option<&'f Function>,
        cost: u32,
    ) -> TurnWait<'a, 'f> {
        TurnWait::new(self, function, cost)
    }
}
