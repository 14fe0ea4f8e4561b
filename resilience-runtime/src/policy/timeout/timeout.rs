//! The future of a call with a limit.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::time::Sleep;

use crate::event::{Event, emit};
use crate::function::{Counter, Function};
use crate::outcome::Error;
use crate::task::{self, Clock, Expiry};

/// Runs `work` to its end, or drops it when the limit has passed.
///
/// The limit is counted from the first suspension of `work`, or from the first question for the
/// deadline: what never suspends can't be interrupted, and pays for no clock. Where a timeout
/// around this one ends the call no later, that one reports it; a deadline that came from elsewhere
/// and is nearer is kept to.
///
/// Holds the work once, where an `async fn` would hold it twice. Dropped, it drops the work, and
/// nothing else happens.
///
/// # Panics
///
/// As all timers of tokio: if the runtime was built without `enable_time`.
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
    /// Work with a limit.
    #[must_use = "futures do nothing unless awaited"]
    pub struct Timeout<'a, F> {
        function: &'a Function,
        clock: Clock,
        expiry: Expiry,
        // `None` when its time is up.
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
    emit(|| Event::TimedOut { function: path, limit });
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
        let at = ready!(inside.expiry.poll(cx, inside.timer, Some(own), around));
        task::while_timing_out(|| inside.work.set(None));
        // A deadline from elsewhere cuts the limit.
        let limit = inside.clock.limit().saturating_sub(own.saturating_duration_since(at));
        Poll::Ready(Err(timed_out(inside.function, limit)))
    }
}
