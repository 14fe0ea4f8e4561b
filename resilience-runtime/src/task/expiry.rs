//! The end of a wait: at its own moment, or at the outer deadline if it is nearer.

use std::cell::Cell;
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use tokio::task::coop;
use tokio::time::{Instant, Sleep, sleep_until};

use super::clocks::Deadline;

thread_local! {
    /// Last deadline whose expiry an inner wait deferred to an outer timeout. The outer timeout is
    /// polled next, but its timer may not have fired yet: timers of the same moment fire one after
    /// the other, and another thread may poll in between.
    static PASSED: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// End of a wait. If an outer timeout ends the call at the same moment, the outer timeout reports
/// the expiry.
///
/// The outer deadline is an argument of each poll, because it may change. A wait that is a member
/// of a set may leave the timeout under which it began, or move under another.
#[derive(Debug)]
pub(crate) struct Expiry {
    /// Moment that has passed and that was deferred to an outer timeout.
    deferred: Option<Instant>,
}

impl Expiry {
    pub(crate) const fn new() -> Self {
        Self { deferred: None }
    }

    /// Returns the end of the wait once it has passed: `own`, or the outer deadline if it is
    /// nearer. `None` stands for never. The first poll arms the timer, which the caller pins.
    ///
    /// # Panics
    ///
    /// Panics in a runtime that was built without `enable_time`, as all timers of tokio do.
    #[inline]
    pub(crate) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        mut timer: Pin<&mut Option<Sleep>>,
        own: Option<Instant>,
        around: Option<Deadline>,
    ) -> Poll<Instant> {
        let at = match (own, around) {
            (Some(own), Some(around)) => own.min(around.at),
            (Some(own), None) => own,
            (None, Some(around)) => around.at,
            (None, None) => return Poll::Pending,
        };
        match timer.as_mut().as_pin_mut() {
            None => timer.set(Some(sleep_until(at))),
            Some(armed) if armed.deadline() == at => {}
            Some(armed) => armed.reset(at),
        }
        if let Some(timer) = timer.as_pin_mut()
            // Work that uses up the task's cooperative budget must not delay the end of the wait.
            && pin!(coop::unconstrained(timer)).poll(cx).is_pending()
            && !has_been_seen_to_pass(at)
        {
            return Poll::Pending;
        }
        self.passed(cx, at, around)
    }

    #[cold]
    fn passed(&mut self, cx: &Context<'_>, at: Instant, around: Option<Deadline>) -> Poll<Instant> {
        // If the moment was already deferred and this wait still exists, no outer timeout reports
        // it any more.
        if self.deferred != Some(at)
            && around.is_some_and(|around| around.ends_the_call && around.at == at)
        {
            self.deferred = Some(at);
            PASSED.set(Some(at));
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(at)
    }
}

/// Returns `true` if an inner wait has deferred this moment and it has passed on the clock of this
/// runtime. The clock of another runtime on this thread may be paused, and ahead.
fn has_been_seen_to_pass(at: Instant) -> bool {
    PASSED.get() == Some(at) && Instant::now() >= at
}
