//! The sleep between two attempts.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::task::coop;
use tokio::time::{Sleep, sleep};

use crate::task::Suspension;

/// Returns the sleep before the next attempt. A delay of zero does not touch the timer: it takes a
/// unit of the task's cooperative budget, and returns to the runtime when the budget is used up.
/// Otherwise attempts that never suspend would keep the other tasks, and the timeouts around, from
/// running.
#[inline]
pub fn backoff_sleep(delay: Duration) -> BackoffSleep {
    BackoffSleep {
        sleep: (!delay.is_zero()).then(|| sleep(delay)),
        suspension: Suspension::default(),
    }
}

pin_project! {
    /// Future of the sleep, which a call without a failure never reaches.
    ///
    /// The sleep is dropped out of line. Otherwise the code that drops a call's future would
    /// contain all code that drops a timer, and could not be inlined into its caller. This would
    /// cost calls that never slept a third of their time.
    #[must_use = "futures do nothing unless awaited"]
    pub struct BackoffSleep {
        #[pin]
        sleep: Option<Sleep>,
        suspension: Suspension,
    }

    impl PinnedDrop for BackoffSleep {
        #[inline]
        fn drop(this: Pin<&mut Self>) {
            if this.sleep.is_some() {
                this.end();
            }
        }
    }
}

impl BackoffSleep {
    #[cold]
    fn end(self: Pin<&mut Self>) {
        self.project().sleep.set(None);
    }
}

impl Future for BackoffSleep {
    type Output = ();

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let inside = self.project();
        inside.suspension.during(|| match inside.sleep.as_pin_mut() {
            Some(sleep) => sleep.poll(cx),
            None => coop::poll_proceed(cx).map(|unit| unit.made_progress()),
        })
    }
}
