//! The ways in: for one call, and by a permit.

use std::future::Future;

use super::acquire_wait::AcquireWait;
use super::bulkhead::Bulkhead;
use super::permit::Permit;
use crate::function::Function;
use crate::outcome::{Error, Failure};
use crate::task::WholeCall;

impl Bulkhead {
    /// Makes one call through the bulkhead, for code that no attribute fits.
    ///
    /// Dropped while it waits, it leaves the queue, and the others move up. Dropped later, it drops
    /// the call and gives the slot to the next.
    ///
    /// ```
    /// use resilience::Bulkhead;
    ///
    /// static POOL: Bulkhead = Bulkhead::new("pool").max_concurrent(5);
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let answer = POOL.call(async || "42".parse::<u32>()).await;
    /// assert_eq!(answer, Ok(42));
    /// let answer = POOL.call(async || "many".parse::<u32>()).await;
    /// assert!(answer.is_err_and(|failure| failure.is_function()));
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Failure::Function`] with the call's own error; [`Failure::Policy`] with
    /// [`Error::BulkheadFull`] if no slot fell free in time, and `call` was not called.
    ///
    /// # Panics
    ///
    /// As all timers of tokio, if it must wait: in a runtime that was built without `enable_time`.
    pub async fn call<T, E, F>(&self, call: impl FnOnce() -> F) -> Result<T, Failure<E>>
    where
        F: Future<Output = Result<T, E>>,
    {
        self.called.set();
        let _whole = WholeCall;
        let _permit = self.enter(None).await.map_err(Failure::Policy)?;
        call().await.map_err(Failure::Function)
    }

    /// Takes a slot if one is free and nobody waits for it. Without a slot it counts and emits
    /// nothing.
    ///
    /// ```
    /// use resilience::Bulkhead;
    ///
    /// static REPORTS: Bulkhead = Bulkhead::new("reports").max_concurrent(1);
    ///
    /// let permit = REPORTS.try_acquire();
    /// assert!(permit.is_some());
    /// assert!(REPORTS.try_acquire().is_none(), "one at a time");
    /// drop(permit);
    /// assert!(REPORTS.try_acquire().is_some());
    /// ```
    #[must_use = "the slot is given back when the permit is dropped"]
    pub fn try_acquire(&self) -> Option<Permit<'_>> {
        self.called.set();
        self.try_enter()
    }

    /// Waits for a slot, up to `max_wait` and first come, first served. For work that is not one
    /// call: a stream, a connection, a consumer. [`Permit`] has an example.
    ///
    /// Dropped while it waits, it leaves the queue, and the others move up.
    ///
    /// ```
    /// use resilience::Bulkhead;
    ///
    /// static UPLOADS: Bulkhead = Bulkhead::new("uploads").max_concurrent(3);
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), resilience::Error> {
    /// let permit = UPLOADS.acquire().await?;
    /// assert_eq!(UPLOADS.snapshot().active, 1);
    /// // … the upload, piece by piece
    /// drop(permit);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::BulkheadFull`] if no slot fell free in time, or if `max_queue` others wait.
    ///
    /// # Panics
    ///
    /// As all timers of tokio, if it must wait: in a runtime that was built without `enable_time`.
    pub async fn acquire(&self) -> Result<Permit<'_>, Error> {
        self.called.set();
        let _whole = WholeCall;
        self.enter(None).await
    }

    /// Takes a slot if one is free and nobody waits for it. Called before
    /// [`wait_for_slot`](Self::wait_for_slot), which is a future of some size.
    #[inline]
    pub(crate) fn try_enter(&self) -> Option<Permit<'_>> {
        self.slots.try_enter().map(|slot| Permit { _slot: slot })
    }

    pub(crate) async fn enter<'a>(
        &'a self,
        function: Option<&Function>,
    ) -> Result<Permit<'a>, Error> {
        match self.try_enter() {
            Some(permit) => Ok(permit),
            None => self.wait_for_slot(function).await,
        }
    }

    /// Waits for a slot, or rejects the call: for after [`try_enter`](Self::try_enter) has found no
    /// free slot.
    #[inline]
    pub(crate) const fn wait_for_slot<'a, 'f>(
        &'a self,
        function: Option<&'f Function>,
    ) -> AcquireWait<'a, 'f> {
        AcquireWait::new(self, function)
    }
}
