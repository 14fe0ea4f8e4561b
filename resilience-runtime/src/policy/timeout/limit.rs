//! Arguments of `#[timeout(…)]`: a duration, or a policy that observes the calls and computes one.

use std::time::Duration;

use super::adaptive_timeout::AdaptiveTimeout;
use crate::task;
use crate::time::Nanos;

/// Source of the limit of a call.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a time limit",
    label = "expected a `Duration`, or the name of a `static AdaptiveTimeout`"
)]
pub trait TimeoutLimit {
    /// Observer of the end of the call.
    type Observer<'a>: LimitObserver
    where
        Self: 'a;

    /// Returns the limit of a call that begins now, and the observer of the call.
    fn begin(&self) -> (Duration, Self::Observer<'_>);
}

/// Value of an expression that is evaluated at each call, as a source of the limit: a `Duration`,
/// or a reference to a source that lives on.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the time limit of a call",
    label = "expected a `Duration`, or the name of a `static AdaptiveTimeout`",
    note = "an `AdaptiveTimeout` in a `const`, or from a function by value, is another one at each \
        use: declare it as a `static`"
)]
pub trait LimitOfCall {
    /// Observer of the end of the call.
    type Observer<'a>: LimitObserver
    where
        Self: 'a;

    /// Returns the limit of a call that begins now, and the observer of the call.
    fn begin(&self) -> (Duration, Self::Observer<'_>);
}

/// Observer of the end of one call. If it is dropped instead, the call counts only if an outer
/// timeout drops it.
pub trait LimitObserver {
    /// Records that the call succeeded.
    fn succeeded(self);
    /// Records that the limit has passed.
    fn timed_out(self);
}

// rustc need not list the implementations: the messages above name the types.
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

#[diagnostic::do_not_recommend]
impl LimitOfCall for Duration {
    type Observer<'a> = FixedCall;

    fn begin(&self) -> (Duration, FixedCall) {
        (*self, FixedCall)
    }
}

#[diagnostic::do_not_recommend]
impl<L: TimeoutLimit + ?Sized> LimitOfCall for &L {
    type Observer<'a>
        = L::Observer<'a>
    where
        Self: 'a;

    fn begin(&self) -> (Duration, Self::Observer<'_>) {
        (**self).begin()
    }
}

/// Observer of a call under a fixed limit: it records nothing.
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

/// Observer of a call under an adaptive limit.
#[derive(Debug)]
pub struct AdaptiveCall<'a> {
    limit: &'a AdaptiveTimeout,
    began: Nanos,
    /// Set if the call began in a destructor while a timeout dropped its work. This timeout does
    /// not surround the call.
    by_clean_up: bool,
}

impl AdaptiveCall<'_> {
    /// Records a latency that is a quarter longer than the call has lasted, so that the limit
    /// grows.
    fn observe_too_slow(&self) {
        let now = Nanos::now();
        let elapsed = now.since(self.began);
        self.limit.observe(elapsed.saturating_add(elapsed / 4), now);
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
