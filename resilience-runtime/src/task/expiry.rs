//! The end of a wait: at a moment of its own, or at the deadline around if that is nearer.

use std::cell::Cell;
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use tokio::task::coop;
use tokio::time::{Instant, Sleep, sleep_until};

use super::clocks::Deadline;

thread_local! {
    /// The last moment that a wait has seen pass and left to a timeout around, which is polled
    /// next. That one's timer may not have fired yet: those of one moment fire one after the other,
    /// and another thread may poll in between.
    static PASSED: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Tells a wait when it is over. Where a timeout around ends the call no later, that one is let
/// report it.
///
/// What is around is asked at each poll: the wait may have left the timeout it began under, as a
/// member of a set that was polled there, or have come under another.
#[derive(Debug)]
pub(crate) struct Expiry {
    /// The moment that has passed, and that a timeout around was given the chance to report.
    deferred: Option<Instant>,
}

impl Expiry {
    pub(crate) const fn new() -> Self {
        Self { deferred: None }
    }

    /// The moment at which the wait was over, once it has passed: `own` or, if that is nearer, the
    /// deadline around; `None` is never. The timer is armed by the first poll, and pinned by
    /// whoever waits.
    ///
    /// # Panics
    ///
    /// As all timers of tokio: if the runtime was built without `enable_time`.
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
            // What uses up the task's cooperative budget must not be able to hold off the end.
            && pin!(coop::unconstrained(timer)).poll(cx).is_pending()
            && !has_been_seen_to_pass(at)
        {
            return Poll::Pending;
        }
        self.passed(cx, at, around)
    }

    #[cold]
    fn passed(&mut self, cx: &Context<'_>, at: Instant, around: Option<Deadline>) -> Poll<Instant> {
        // If the timeout around has not dropped this since, it can't see it any more.
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

/// Asks this runtime's clock as well: that of another runtime on this thread may be paused, and
/// ahead of it.
fn has_been_seen_to_pass(at: Instant) -> bool {
    PASSED.get() == Some(at) && Instant::now() >= at
}
