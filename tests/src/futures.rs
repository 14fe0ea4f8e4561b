//! Futures polled by hand.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// Polls `future` once, by a waker that does nothing.
pub fn poll_once<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// Requires that `future` is `Send`.
pub const fn send<F: Send>(future: F) -> F {
    future
}

/// Moment at which a future is dropped.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "there is no third moment")]
pub enum Dropped {
    /// As soon as it has suspended.
    Suspended,
    /// As soon as it has been woken, before it is polled again.
    Woken,
}

/// Polls `future` so many times, then drops it. Returns `None` if it had not ended.
pub async fn polled<F: Future>(times: usize, dropped: Dropped, future: F) -> Option<F::Output> {
    let mut future = Box::pin(future);
    let mut left = times;
    poll_fn(move |cx| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 && matches!(dropped, Dropped::Suspended) => {
                Poll::Ready(None)
            }
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}
