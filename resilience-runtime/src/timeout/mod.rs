//! `#[timeout]`: an answer within the limit, or an error.
//!
//! The work is dropped when the limit passes: that is the only way to stop a future. What it had started
//! elsewhere (a spawned task, a request already on the wire, a blocking call) is not undone.

mod adaptive;
mod detached;
mod latencies;
mod limit;

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::Sleep;

use crate::context::{self, Clock};
use crate::error::Error;
use crate::event::Event;
use crate::expiry::Expiry;
use crate::function::{Counter, Function};
pub use adaptive::AdaptiveTimeout;
pub use detached::run_detached;
pub use limit::{TimeoutLimit, Watch};

/// Runs `work` to its end, or drops it when the limit has passed.
///
/// The limit is counted from the first suspension of `work`, or from the first question for the deadline:
/// what never suspends can't be interrupted, and pays for no clock. Where a timeout around
/// this one ends the call no later, that one reports it; a deadline that came from elsewhere and is nearer is kept to.
///
/// Work and timer are pinned by whoever awaits this, each in one place and never moved: an `async fn` would hold both twice.
/// Dropped, it changes nothing; the work is dropped by its owner.
///
/// # Panics
///
/// As all timers of tokio: if the runtime was built without `enable_time`.
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct Timeout<'a, F> {
    limit: Duration,
    function: &'a Function,
    clock: Clock,
    work: Pin<&'a mut Option<F>>,
    timer: Pin<&'a mut Option<Sleep>>,
    expiry: Expiry,
}

/// Why this can't be a limit, as a sentence; `None` if it can.
pub(crate) const fn refusal(limit: Duration) -> Option<&'static str> {
    if limit.is_zero() {
        return Some("timeout must be longer than zero: within no time nothing can be done");
    }
    None
}

/// The place for a timer that is armed when the work is suspended.
#[must_use]
pub const fn timer() -> Option<Sleep> {
    None
}

/// The work has been dropped if this gives [`Error::TimedOut`].
pub fn timeout<'a, F>(
    limit: Duration,
    function: &'a Function,
    work: Pin<&'a mut Option<F>>,
    timer: Pin<&'a mut Option<Sleep>>,
) -> Timeout<'a, F> {
    Timeout { limit, function, clock: Clock::Unstarted(limit), work, timer, expiry: Expiry::default() }
}

impl<F: Future> Future for Timeout<'_, F> {
    type Output = Result<F::Output, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { limit, function, clock, work, timer, expiry } = self.get_mut();
        let Some(running) = work.as_mut().as_pin_mut() else { return Poll::Pending };
        if let Poll::Ready(output) = clock.during(|| running.poll(cx)) {
            return Poll::Ready(Ok(output));
        }
        let (Some(own), around) = clock.suspended() else { return Poll::Pending };
        let at = ready!(expiry.poll(cx, timer.as_mut(), Some(own), around));
        // A deadline from elsewhere cuts the limit.
        let limit = limit.saturating_sub(own.saturating_duration_since(at));
        context::while_timing_out(|| work.set(None));
        function.count(Counter::Timeouts);
        Event::TimedOut { function: function.path(), limit }.emit();
        Poll::Ready(Err(Error::TimedOut { function: function.path(), limit }))
    }
}
