//! `#[timeout]`: an answer within the limit, or an error.
//!
//! The work is dropped when the limit passes: that is the only way to stop a future. What it had started
//! elsewhere (a spawned task, a request already on the wire, a blocking call) is not undone.

mod adaptive;
mod detached;
mod limit;

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::task::coop;
use tokio::time::{Sleep, sleep_until};

use crate::context::{self, Clock};
use crate::error::Error;
use crate::event::Event;
use crate::function::{Counter, Function};
pub use adaptive::AdaptiveTimeout;
pub use detached::run_detached;
pub use limit::{TimeoutLimit, Watch};

/// Runs `work` to its end, or drops it when the limit has passed.
///
/// The limit is counted from the first suspension of `work`, or from the first question for the deadline:
/// what never suspends can't be interrupted, and pays for no clock. Where a timeout around
/// this one ends the call no later, that one reports it.
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
    /// The limit has passed, and a timeout around this one was given the chance to report it.
    deferred: bool,
}

/// The place for a timer that is armed when the work is suspended.
#[must_use]
pub const fn timer() -> Option<Sleep> {
    None
}

/// The work has been dropped if this gives [`Error::TimedOut`].
pub const fn timeout<'a, F>(
    limit: Duration,
    function: &'a Function,
    work: Pin<&'a mut Option<F>>,
    timer: Pin<&'a mut Option<Sleep>>,
) -> Timeout<'a, F> {
    Timeout { limit, function, clock: Clock::Unstarted(limit), work, timer, deferred: false }
}

impl<F: Future> Future for Timeout<'_, F> {
    type Output = Result<F::Output, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { limit, function, clock, work, timer, deferred } = self.get_mut();
        let Some(running) = work.as_mut().as_pin_mut() else { return Poll::Pending };
        if let Poll::Ready(output) = clock.during(|| running.poll(cx)) {
            return Poll::Ready(Ok(output));
        }
        let Some(deadline) = clock.suspended() else { return Poll::Pending };
        // Armed also where a timeout around ends the call no later: this future may outlive that one, as a member of a
        // set that was polled under it.
        if timer.is_none() {
            timer.set(Some(sleep_until(deadline)));
        }
        if let Some(timer) = timer.as_mut().as_pin_mut()
            && !*deferred
        {
            // Work that uses up the task's cooperative budget must not be able to hold off its own end.
            ready!(pin!(coop::unconstrained(timer)).poll(cx));
        }
        if clock.is_bounded() && !*deferred {
            // That one drops this one now. Should it not (it can't see this future any more), this one is next.
            *deferred = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        context::while_timing_out(|| work.set(None));
        function.count(Counter::Timeouts);
        Event::TimedOut { function: function.path(), limit: *limit }.emit();
        Poll::Ready(Err(Error::TimedOut { function: function.path(), limit: *limit }))
    }
}
