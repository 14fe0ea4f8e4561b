//! What may stand in `#[timeout(…)]`: a duration, or something that watches the calls and finds one.

use std::time::Duration;

use super::AdaptiveTimeout;
use crate::tick::Tick;

/// A limit for one call.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no limit of time",
    label = "expected a `Duration`, or the name of a `static AdaptiveTimeout`"
)]
pub trait TimeoutLimit {
    /// Sees how the call ends.
    type Watch<'a>: Watch
    where
        Self: 'a;

    /// The limit of a call that begins now.
    fn begin(&self) -> (Duration, Self::Watch<'_>);
}

/// Told at the end of a call; dropped without, it learns nothing.
pub trait Watch {
    /// The call succeeded.
    fn succeeded(self);
    /// The limit has passed.
    fn timed_out(self, limit: Duration);
}

// Nobody needs to read for which types the trait is implemented: the message has said so.
#[diagnostic::do_not_recommend]
impl TimeoutLimit for Duration {
    type Watch<'a> = Unwatched;

    fn begin(&self) -> (Duration, Unwatched) {
        (*self, Unwatched)
    }
}

#[diagnostic::do_not_recommend]
impl<L: TimeoutLimit + ?Sized> TimeoutLimit for &L {
    type Watch<'a>
        = L::Watch<'a>
    where
        Self: 'a;

    fn begin(&self) -> (Duration, Self::Watch<'_>) {
        (**self).begin()
    }
}

/// Of a fixed limit.
#[derive(Debug)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn succeeded(self) {}
    fn timed_out(self, _limit: Duration) {}
}

#[diagnostic::do_not_recommend]
impl TimeoutLimit for AdaptiveTimeout {
    type Watch<'a> = Watched<'a>;

    fn begin(&self) -> (Duration, Watched<'_>) {
        let began = Tick::now();
        (self.limit_at(began), Watched { limit: self, began })
    }
}

/// One call under an adaptive limit.
#[derive(Debug)]
pub struct Watched<'a> {
    limit: &'a AdaptiveTimeout,
    began: Tick,
}

impl Watch for Watched<'_> {
    fn succeeded(self) {
        let now = Tick::now();
        self.limit.observe(now.since(self.began), now);
    }

    fn timed_out(self, limit: Duration) {
        // At least the limit, and enough more for it to grow by.
        self.limit.observe(limit.saturating_add(limit / 4), Tick::now());
    }
}
