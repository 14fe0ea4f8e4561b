//! `#[timeout]`: an answer within the limit, or an error.
//!
//! The work is dropped when the limit passes: that is the only way to stop a future. What it had started
//! elsewhere (a spawned task, a request already on the wire, a blocking call) is not undone.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Poll, ready};
use std::time::Duration;

use tokio::task::coop;
use tokio::time::{Sleep, sleep_until};

use crate::context::{self, Clock};
use crate::error::Error;
use crate::event::Event;
use crate::function::{Counter, Function};

/// Runs `work` to its end, or drops it when the limit has passed.
///
/// The limit is counted from the first suspension of `work`, or from the first question for the deadline:
/// what never suspends can't be interrupted, and pays for no clock. Where a timeout around
/// this one ends the call no later, no second timer is armed: that one reports it.
///
/// Dropped, it drops `work`; nothing else is to be undone.
///
/// # Errors
///
/// [`Error::TimedOut`], and `work` has been dropped.
///
/// # Panics
///
/// As all timers of tokio: if the runtime was built without `enable_time`.
pub async fn timeout<F: Future>(
    limit: Duration,
    function: &'static Function,
    mut work: Pin<&mut Option<F>>,
) -> Result<F::Output, Error> {
    let mut clock = Clock::Unstarted(limit);
    let mut timer = pin!(None::<Sleep>);
    poll_fn(|cx| {
        let Some(running) = work.as_mut().as_pin_mut() else { return Poll::Pending };
        if let Poll::Ready(output) = clock.during(|| running.poll(cx)) {
            return Poll::Ready(Ok(output));
        }
        let Some(deadline) = clock.suspended() else { return Poll::Pending };
        if timer.is_none() {
            timer.set(Some(sleep_until(deadline)));
        }
        if let Some(timer) = timer.as_mut().as_pin_mut() {
            // Work that uses up the task's cooperative budget must not be able to hold off its own end.
            ready!(pin!(coop::unconstrained(timer)).poll(cx));
        }
        context::while_timing_out(|| work.set(None));
        function.count(Counter::Timeouts);
        Event::TimedOut { function: function.path(), limit }.emit();
        Poll::Ready(Err(Error::TimedOut { function: function.path(), limit }))
    })
    .await
}
