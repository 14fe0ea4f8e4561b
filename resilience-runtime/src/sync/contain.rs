//! Calls of foreign code whose panic must not end the call of the user.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Waker;

/// Catches a panic of a sink, an observer or a waker, which the panic hook has already reported.
/// The call of the user must not fail because of it.
pub(crate) fn contain(call: impl FnOnce()) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(call))
        // The payload of the panic may panic again in its destructor. The second payload is leaked.
        && let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic)))
    {
        std::mem::forget(again);
    }
}

/// Wakes the task of a call. Its panic keeps no other call from being woken.
pub(crate) fn wake(waker: Waker) {
    contain(|| waker.wake());
}
