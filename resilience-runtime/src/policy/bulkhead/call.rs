//! The ways in.

use std::future::Future;

use super::acquire_wait::AcquireWait;
use super::bulkhead::Bulkhead;
use super::permit::Permit;
use crate::function::Function;
use crate::outcome::{Error, Failure};

impl Bulkhead {
    /// Makes one call through the bulkhead, for code that no attribute fits.
    ///
    /// Dropped while it waits, it leaves the queue without a trace; dropped later, it drops the
    /// call and gives the slot to the next.
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
        let _permit = self.acquire(None).await.map_err(Failure::Policy)?;
        call().await.map_err(Failure::Function)
    }

    /// In, if there is a slot free and nobody waits for it. Asked before
    /// [`acquire`](Self::acquire), which is a future of some size.
    #[inline]
    pub(crate) fn try_acquire(&self) -> Option<Permit<'_>> {
        self.slots.try_enter().map(|slot| Permit { _slot: slot })
    }

    pub(crate) async fn acquire<'a>(
        &'a self,
        function: Option<&Function>,
    ) -> Result<Permit<'a>, Error> {
        match self.try_acquire() {
            Some(permit) => Ok(permit),
            None => self.wait_for_slot(function).await,
        }
    }

    /// In after a wait, or rejected: when [`try_acquire`](Self::try_acquire) has found no slot.
    #[inline]
    pub(crate) const fn wait_for_slot<'a, 'f>(
        &'a self,
        function: Option<&'f Function>,
    ) -> AcquireWait<'a, 'f> {
        AcquireWait::new(self, function)
    }
}
