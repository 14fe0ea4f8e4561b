//! The end of a call that a panic beside it drops.
//!
//! A call has panicked only if its own poll has. A panic in another future of the same task
//! (`join!(call(), async { panic!() })`) drops the call too, but where it was suspended: it was
//! abandoned. So whatever a call waits for records whether it is suspended. Dropped while suspended
//! and while the thread panics, it leaves a mark for the guards of the call, which are dropped
//! right after it. The outermost guard removes the mark.
//!
//! The mark is a cell of the thread: one future is dropped on one thread, from the inside out. It
//! is touched only while the thread panics.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::sync::nounwind;

thread_local! {
    /// Set from the drop of a suspended call's innermost future to the drop of its outermost guard.
    static SUSPENDED: Cell<bool> = const { Cell::new(false) };
}

/// Record of a future that a call waits for: dropped after it.
#[derive(Debug, Default)]
pub(crate) struct Suspension {
    is_suspended: bool,
}

impl Suspension {
    /// Runs one poll of the future. A poll that panics leaves the future not suspended.
    #[inline]
    pub(crate) fn during<T>(&mut self, poll: impl FnOnce() -> Poll<T>) -> Poll<T> {
        self.is_suspended = false;
        let polled = poll();
        self.is_suspended = polled.is_pending();
        polled
    }
}

impl Drop for Suspension {
    #[inline]
    fn drop(&mut self) {
        if self.is_suspended {
            mark();
        }
    }
}

nounwind! {
    #[cold]
    fn mark() {
        if std::thread::panicking() {
            SUSPENDED.set(true);
        }
    }
}

/// Runs a poll that the call itself makes while its work is suspended, as that of a timer. If the
/// poll panics, `drop_work` runs, and the work leaves no mark: the call has panicked.
#[inline]
pub(crate) fn polling_for<T>(drop_work: impl FnOnce(), poll: impl FnOnce() -> T) -> T {
    let on_panic = OnPanic(Some(drop_work));
    let polled = poll();
    std::mem::forget(on_panic);
    polled
}

/// Dropped by a panic alone.
struct OnPanic<F: FnOnce()>(Option<F>);

impl<F: FnOnce()> Drop for OnPanic<F> {
    fn drop(&mut self) {
        if let Some(drop_work) = self.0.take() {
            drop_work();
            SUSPENDED.set(false);
        }
    }
}

/// Returns `true` to a guard that is dropped because the call's own poll panics.
pub(crate) fn call_panicked() -> bool {
    std::thread::panicking() && !SUSPENDED.get()
}

/// Guard of a whole call, dropped after all others.
#[derive(Debug)]
pub(crate) struct WholeCall;

impl Drop for WholeCall {
    #[inline]
    fn drop(&mut self) {
        if std::thread::panicking() {
            SUSPENDED.set(false);
        }
    }
}

/// Returns the future of a call's body.
#[inline]
pub const fn body<F>(future: F) -> Body<F> {
    Body { future, suspension: Suspension { is_suspended: false } }
}

pin_project! {
    /// Future of a call's body, which knows if it is suspended.
    #[must_use = "futures do nothing unless awaited"]
    pub struct Body<F> {
        #[pin]
        future: F,
        suspension: Suspension,
    }
}

impl<F: Future> Future for Body<F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let body = self.project();
        body.suspension.during(|| body.future.poll(cx))
    }
}
