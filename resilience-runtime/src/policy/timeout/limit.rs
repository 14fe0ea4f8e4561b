//! What may stand in `#[timeout(…)]`: a duration, or something that watches the calls and finds
//! one.

use std::time::Duration;

use super::adaptive_timeout::AdaptiveTimeout;
use crate::task;
use crate::time::Nanos;

/// A limit for one call.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no limit of time",
    label = "expected a `Duration`, or the name of a `static AdaptiveTimeout`"
)]
pub trait TimeoutLimit {
    /// Sees how the call ends.
    type Observer<'a>: LimitObserver
    where
        Self: 'a;

    /// The limit of a call that begins now.
    fn begin(&self) -> (Duration, Self::Observer<'_>);
}

/// Told at the end of a call. Dropped without, it learns something only if a timeout around drops
/// it.
pub trait LimitObserver {
    /// The call succeeded.
    fn succeeded(self);
    /// The limit has passed.
    fn timed_out(self);
}

// Nobody needs to read for which types the trait is implemented: the message has said so.
#[diagnostic::do_not_recommend]
impl TimeoutLimit for Duration {
    type Observer<'a> = FixedCall;

    fn begin(&self) -> (Duration, FixedCall) {
        (*self, FixedCall)
    }
}

#[diagnostic::do_not_recommend]
impl<L: TimeoutLimit + ?Sized> TimeoutLimit for &L {
    type Observer<'a>
        = L::Observer<'a>
    where
        Self: 'a;

    fn begin(&self) -> (Duration, Self::Observer<'_>) {
        (**self).begin()
    }
}

/// Of a fixed limit.
#[derive(Debug)]
pub struct FixedCall;

impl LimitObserver for FixedCall {
    fn succeeded(self) {}
    fn timed_out(self) {}
}

#[diagnostic::do_not_recommend]
impl TimeoutLimit for AdaptiveTimeout {
    type Observer<'a> = AdaptiveCall<'a>;

    fn begin(&self) -> (Duration, AdaptiveCall<'_>) {
        let began = Nanos::now();
        let call = AdaptiveCall { limit: self, began, by_clean_up: task::timing_out() };
        (self.limit_at(began), call)
    }
}

/// One call under an adaptive limit.
#[derive(Debug)]
pub struct AdaptiveCall<'a> {
    limit: &'a AdaptiveTimeout,
    began: Nanos,
    /// Begun by what a timeout was dropping: that timeout is not this call's.
    by_clean_up: bool,
}

impl AdaptiveCall<'_> {
    /// At least the time it had, and enough more for the limit to grow by.
    fn observe_too_slow(&self) {
        let now = Nanos::now();
        let had = now.since(self.began);
        self.limit.observe(had.saturating_add(had / 4), now);
    }
}

impl LimitObserver for AdaptiveCall<'_> {
    fn succeeded(self) {
        let now = Nanos::now();
        self.limit.observe(now.since(self.began), now);
        std::mem::forget(self);
    }

    fn timed_out(self) {
        self.observe_too_slow();
        std::mem::forget(self);
    }
}

impl Drop for AdaptiveCall<'_> {
    fn drop(&mut self) {
        if task::timing_out() && !self.by_clean_up {
            self.observe_too_slow();
        }
    }
}
