//! The way in when no place is free: a wait for one, as long as the bulkhead allows.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;
use tokio::time::Sleep;

use super::bulkhead::Bulkhead;
use super::permit::Permit;
use super::queue::{Count, Enter, Place};
use crate::function::Function;
use crate::outcome::Error;
use crate::task::{Clock, Expiry};

pin_project! {
    /// A call that queues up for a place, or is turned away. Dropped, it leaves the queue without a trace.
    #[must_use = "futures do nothing unless awaited"]
    pub(crate) struct QueueUp<'a, 'f> {
        bulkhead: &'a Bulkhead,
        function: Option<&'f Function>,
        // From the first poll on, if there is any waiting.
        wait: Option<Wait<'a>>,
        #[pin]
        timer: Option<Sleep>,
    }
}

struct Wait<'a> {
    enter: Enter<'a>,
    /// It runs from the first suspension on.
    clock: Clock,
    expiry: Expiry,
}

impl<'a, 'f> QueueUp<'a, 'f> {
    #[inline]
    pub(super) const fn new(bulkhead: &'a Bulkhead, function: Option<&'f Function>) -> Self {
        Self { bulkhead, function, wait: None, timer: None }
    }
}

impl<'a> Future for QueueUp<'a, '_> {
    type Output = Result<Permit<'a>, Error>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let inside = self.project();
        let bulkhead = *inside.bulkhead;
        if inside.wait.is_none() {
            *inside.wait = Wait::allowed_by(bulkhead);
        }
        // Asked here as well: a call that may not wait is turned away without the way into the wait.
        let place = if inside.wait.is_some() {
            ready!(poll_wait(inside.wait, cx, inside.timer))
        } else {
            None
        };
        if let Some(place) = place {
            return Poll::Ready(Ok(Permit { _place: place }));
        }
        let Count { active, waiting } = bulkhead.turned_away(*inside.function);
        Poll::Ready(Err(Error::BulkheadFull { name: bulkhead.name, active, waiting }))
    }
}

impl<'a> Wait<'a> {
    /// `None` if a call is to be turned away at once.
    #[inline]
    fn allowed_by(bulkhead: &'a Bulkhead) -> Option<Self> {
        let (max_wait, max_queue) =
            bulkhead.limits.with(|limits| (limits.max_wait(), limits.max_queue));
        let enter = bulkhead.places.enter(max_queue.unwrap_or(u32::MAX));
        (!max_wait.is_zero()).then(|| Self {
            enter,
            clock: Clock::new(max_wait),
            expiry: Expiry::new(),
        })
    }
}

/// A place, or none when the wait is over. Whoever is in or turned away waits no longer.
fn poll_wait<'a>(
    wait: &mut Option<Wait<'a>>,
    cx: &mut Context<'_>,
    timer: Pin<&mut Option<Sleep>>,
) -> Poll<Option<Place<'a>>> {
    let Some(Wait { enter, clock, expiry }) = wait else { return Poll::Ready(None) };
    let place = match Pin::new(enter).poll(cx) {
        // A place handed over at the last moment is taken, not refused.
        Poll::Ready(place) => place,
        Poll::Pending => {
            let (own, around) = clock.suspended();
            ready!(expiry.poll(cx, timer, own, around));
            None
        }
    };
    *wait = None;
    Poll::Ready(place)
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::Waker;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_place_is_handed_over_once_however_often_is_asked() {
        shuttle::check_random(
            || {
                let bulkhead = Bulkhead::new("subject").max_concurrent(1).max_wait(Duration::MAX);
                let mut cx = Context::from_waker(Waker::noop());
                let mut second = pin!(bulkhead.queue_up(None));
                let first = bulkhead.try_acquire();
                assert!(second.as_mut().poll(&mut cx).is_pending());
                drop(first);
                let place = second.as_mut().poll(&mut cx);
                assert!(matches!(place, Poll::Ready(Ok(_))));
                assert!(second.as_mut().poll(&mut cx).is_pending());
                let count = bulkhead.places.count();
                assert_eq!((count.active, count.waiting), (1, 1));
            },
            1,
        );
    }
}
