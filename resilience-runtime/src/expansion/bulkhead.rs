//! `#[bulkhead]`: a bulkhead, or that of a combined policy.

use std::future::Future;

use crate::function::Function;
use crate::outcome::Error;
use crate::policy::bulkhead::{Bulkhead, Permit};
use crate::policy::combined::Policy;

/// A layer that limits the calls inside: a bulkhead, or a policy that may have one.
pub trait BulkheadLayer {
    /// Guard of a call that is inside.
    type Permit<'a>
    where
        Self: 'a;

    /// Lets a call in, if that takes no waiting.
    fn try_acquire(&self) -> Option<Self::Permit<'_>>;

    /// Lets a call in after a wait, or rejects it: for after `try_acquire` gave nothing.
    fn acquire<'a>(
        &'a self,
        function: &'a Function,
    ) -> impl Future<Output = Result<Self::Permit<'a>, Error>>;
}

/// Lets a call in, if that takes no waiting.
#[inline]
pub fn try_acquire<L: BulkheadLayer>(layer: &L) -> Option<L::Permit<'_>> {
    layer.try_acquire()
}

/// Lets a call in after a wait, or rejects it: for after `try_acquire` gave nothing.
pub fn acquire<'a, L: BulkheadLayer>(
    layer: &'a L,
    function: &'a Function,
) -> impl Future<Output = Result<L::Permit<'a>, Error>> {
    layer.acquire(function)
}

impl BulkheadLayer for Bulkhead {
    type Permit<'a> = Permit<'a>;

    #[inline]
    fn try_acquire(&self) -> Option<Permit<'_>> {
        self.try_enter()
    }

    fn acquire<'a>(
        &'a self,
        function: &'a Function,
    ) -> impl Future<Output = Result<Permit<'a>, Error>> {
        self.wait_for_slot(Some(function))
    }
}

impl BulkheadLayer for Policy {
    type Permit<'a> = Option<Permit<'a>>;

    #[inline]
    fn try_acquire(&self) -> Option<Option<Permit<'_>>> {
        self.bulkhead_layer().map_or(Some(None), |bulkhead| bulkhead.try_enter().map(Some))
    }

    async fn acquire<'a>(&'a self, function: &'a Function) -> Result<Option<Permit<'a>>, Error> {
        match self.bulkhead_layer() {
            Some(bulkhead) => bulkhead.wait_for_slot(Some(function)).await.map(Some),
            None => Ok(None),
        }
    }
}
