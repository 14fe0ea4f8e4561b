//! The wait for a slot of a bulkhead, as long as its limits allow.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;
use tokio::time::Sleep;

use super::bulkhead::Bulkhead;
use super::permit::Permit;
use super::queue::{Enter, Slot};
use crate::function::Function;
use crate::outcome::Error;
use crate::task::{Clock, Expiry, Suspension};

pin_project! {
    /// Future of a call that waits for a slot, or is rejected. If it is dropped, the call leaves
    /// the queue, and neither a slot nor a turn is lost.
    #[must_use = "futures do nothing unless awaited"]
    pub(crate) struct AcquireWait<'a, 'f> {
        bulkhead: &'a Bulkhead,
        function: Option<&'f Function>,
        // Set from the first poll on, if the call may wait.
        wait: Option<SlotWait<'a>>,
        #[pin]
        timer: Option<Sleep>,
    }
}

struct SlotWait<'a> {
    enter: Enter<'a>,
    /// Clock that starts at the first suspension.
    clock: Clock,
    expiry: Expiry,
    suspension: Suspension,
}

impl<'a, 'f> AcquireWait<'a, 'f> {
    #[inline]
    pub(super) const fn new(bulkhead: &'a Bulkhead, function: Option<&'f Function>) -> Self {
        Self { bulkhead, function, wait: None, timer: None }
    }
}

impl<'a> Future for AcquireWait<'a, '_> {
    type Output = Result<Permit<'a>, Error>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let inside = self.project();
        let bulkhead = *inside.bulkhead;
        if inside.wait.is_none() {
            *inside.wait = SlotWait::allowed_by(bulkhead);
        }
        // `poll_wait` checks this too, but a call that may not wait should not pay for entering it.
        let slot = if inside.wait.is_some() {
            ready!(poll_wait(inside.wait, cx, inside.timer))
        } else {
            None
        };
        if let Some(slot) = slot {
            return Poll::Ready(Ok(Permit { _slot: slot }));
        }
        Poll::Ready(Err(bulkhead.rejected(*inside.function)))
    }
}

impl<'a> SlotWait<'a> {
    /// Returns the wait that the bulkhead allows; `None` if a call must be rejected at once.
    #[inline]
    fn allowed_by(bulkhead: &'a Bulkhead) -> Option<Self> {
        let (max_wait, max_queue) =
            bulkhead.options.with(|options| (options.max_wait(), options.max_queue()));
        let enter = bulkhead.slots.enter(max_queue);
        (!max_wait.is_zero()).then(|| Self {
            enter,
            clock: Clock::new(max_wait),
            expiry: Expiry::new(),
            suspension: Suspension::default(),
        })
    }
}

/// Polls the wait. Returns a slot, or `None` if the time is over or the queue is full. In both
/// cases the wait has ended and is removed.
fn poll_wait<'a>(
    wait: &mut Option<SlotWait<'a>>,
    cx: &mut Context<'_>,
    timer: Pin<&mut Option<Sleep>>,
) -> Poll<Option<Slot<'a>>> {
    let Some(SlotWait { enter, clock, expiry, suspension }) = wait else {
        return Poll::Ready(None);
    };
    let slot = ready!(suspension.during(|| match Pin::new(enter).poll(cx) {
        // A slot that is handed over at the last moment is used, although the time may be over.
        Poll::Ready(slot) => Poll::Ready(slot),
        Poll::Pending => {
            let (own, around) = clock.suspended();
            expiry.poll(cx, timer, own, around).map(|_| None)
        }
    }));
    *wait = None;
    Poll::Ready(slot)
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::Waker;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_slot_is_handed_over_once_however_often_the_future_is_polled() {
        shuttle::check_random(
            || {
                let bulkhead = Bulkhead::new("subject").max_concurrent(1).max_wait(Duration::MAX);
                let mut cx = Context::from_waker(Waker::noop());
                let mut second = pin!(bulkhead.wait_for_slot(None));
                let first = bulkhead.try_enter();
                assert!(second.as_mut().poll(&mut cx).is_pending());
                drop(first);
                let slot = second.as_mut().poll(&mut cx);
                assert!(matches!(slot, Poll::Ready(Ok(_))));
                assert!(second.as_mut().poll(&mut cx).is_pending());
                let count = bulkhead.slots.count();
                assert_eq!((count.active, count.waiting), (1, 1));
            },
            1,
        );
    }
}
