//! The sleep between two attempts.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::time::{Sleep, sleep};

/// The sleep before the next attempt. A delay of zero does not touch the timer.
#[inline]
pub fn backoff_sleep(delay: Duration) -> BackoffSleep {
    BackoffSleep { sleep: (!delay.is_zero()).then(|| sleep(delay)) }
}

pin_project! {
    /// A sleep that calls without a failure never come to.
    ///
    /// It is ended out of line. What drops a call's future could else not be compiled into its
    /// caller: it would have all of a timer's end in it, and cost calls that never slept a third of
    /// their time.
    #[must_use = "futures do nothing unless awaited"]
    pub struct BackoffSleep {
        #[pin]
        sleep: Option<Sleep>,
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
        match self.project().sleep.as_pin_mut() {
            Some(sleep) => sleep.poll(cx),
            None => Poll::Ready(()),
        }
    }
}
