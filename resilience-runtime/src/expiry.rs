//! The end of a wait: at a moment of its own, or at the deadline around if that is nearer.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use tokio::task::coop;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::context::Deadline;

/// Tells a wait when it is over. Where a timeout around ends the call no later, that one is let report it.
///
/// What is around is asked at each poll: the wait may have left the timeout it began under, as a member of a set that was
/// polled there, or have come under another.
#[derive(Debug, Default)]
pub(crate) struct Expiry {
    /// The moment that has passed, and that a timeout around was given the chance to report.
    deferred: Option<Instant>,
}

impl Expiry {
    /// The moment at which the wait was over, once it has passed: `own` or, if that is nearer, the deadline around; `None` is never. The timer is
    /// armed by the first poll, and pinned by whoever waits.
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
        if self.deferred == Some(at) {
            // The timeout around has not dropped this: it can't see it any more.
            return Poll::Ready(at);
        }
        if let Some(timer) = timer.as_pin_mut() {
            // What uses up the task's cooperative budget must not be able to hold off the end.
            ready!(pin!(coop::unconstrained(timer)).poll(cx));
        }
        self.passed(cx, at, around)
    }

    #[cold]
    fn passed(&mut self, cx: &Context<'_>, at: Instant, around: Option<Deadline>) -> Poll<Instant> {
        if around.is_some_and(|around| around.ends_the_call && around.at == at) {
            self.deferred = Some(at);
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(at)
    }
}
