//! The future of a call with a limit.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::time::Sleep;

use crate::event::{Event, emit_per_call};
use crate::function::{Counter, Function};
use crate::outcome::Error;
use crate::task::{self, Clock, Expiry};

/// Runs `work` to its end, or drops it when the limit has passed.
///
/// The limit counts from the first suspension of `work`, or from its first use of the deadline.
/// Work that never suspends can't be interrupted, and does not pay for a clock. If an outer timeout
/// ends the call at the same time or earlier, the outer timeout reports the expiry. If
/// `with_deadline` set an earlier deadline, it applies, and `limit` in the error is the time that
/// was available.
///
/// This is not an `async fn`, which would store the work twice.
///
/// # Cancellation
///
/// Dropping the future drops the work and has no other effect.
///
/// # Panics
///
/// Panics in a runtime that was built without `enable_time`, as all timers of tokio do.
pub const fn timeout<F: Future>(limit: Duration, function: &Function, work: F) -> Timeout<'_, F> {
    Timeout {
        function,
        clock: Clock::new(limit),
        expiry: Expiry::new(),
        work: Some(work),
        timer: None,
    }
}

pin_project! {
    /// Future of [`timeout()`].
    #[must_use = "futures do nothing unless awaited"]
    pub struct Timeout<'a, F> {
        function: &'a Function,
        clock: Clock,
        expiry: Expiry,
        // `None` after the limit has passed.
        #[pin]
        work: Option<F>,
        #[pin]
        timer: Option<Sleep>,
    }
}

#[cold]
fn timed_out(function: &Function, limit: Duration) -> Error {
    let path = function.path();
    function.count(Counter::Timeouts);
    emit_per_call(move || Event::TimedOut { function: path, limit });
    Error::TimedOut { function: path, limit }
}

impl<F: Future> Future for Timeout<'_, F> {
    type Output = Result<F::Output, Error>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut inside = self.project();
        let Some(work) = inside.work.as_mut().as_pin_mut() else { return Poll::Pending };
        if let Poll::Ready(output) = inside.clock.during(|| work.poll(cx)) {
            return Poll::Ready(Ok(output));
        }
        let (Some(own), around) = inside.clock.suspended() else { return Poll::Pending };
        let at = ready!(task::polling_for(
            || inside.work.set(None),
            || inside.expiry.poll(cx, inside.timer, Some(own), around),
        ));
        task::while_timing_out(|| inside.work.set(None));
        // An earlier deadline of `with_deadline` shortens the limit that the error shows.
        let limit = inside.clock.limit().saturating_sub(own.saturating_duration_since(at));
        Poll::Ready(Err(timed_out(inside.function, limit)))
    }
}
