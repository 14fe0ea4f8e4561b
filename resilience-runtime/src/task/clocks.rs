//! The clocks of the outer timeouts, and the nearest deadline.

use std::cell::Cell;
use std::time::Duration;

use tokio::time::Instant;

thread_local! {
    /// Clocks of the outer timeouts of the running code.
    pub(super) static CLOCKS: Clocks = const { Clocks::none() };
}

/// Nearest outer deadline of some code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    pub(crate) at: Instant,
    /// Set if a timeout ends the call at this moment. Otherwise the deadline comes from
    /// `with_deadline`, and a wait must end itself.
    pub(crate) ends_the_call: bool,
}

/// Returns the nearest outer deadline of the running code. Starts the clocks that have not started.
pub(crate) fn nearest() -> Option<Deadline> {
    CLOCKS.with(|clocks| {
        clocks.start(Instant::now);
        clocks.nearest()
    })
}

/// Summary of the clocks of all outer timeouts. Each value has a cell of its own. A value is read
/// in the width in which it was written: with another width the processor waits until the write has
/// reached the cache.
///
/// Most calls neither suspend nor use the deadline, and are inside no running clock. Such a call
/// only touches `limit`. `started` is set only while `limit` is set.
pub(super) struct Clocks {
    /// Nearest deadline of the clocks that ran before this poll.
    deadline: Cell<Option<Instant>>,
    /// Set if `deadline` [ends the call](Deadline::ends_the_call).
    ends_the_call: Cell<bool>,
    /// Shortest limit of the clocks that did not run before this poll.
    pub(super) limit: Cell<Option<Duration>>,
    /// Moment at which this poll has started all clocks behind `limit`.
    pub(super) started: Cell<Option<Instant>>,
}

impl Clocks {
    const fn none() -> Self {
        Self {
            deadline: Cell::new(None),
            ends_the_call: Cell::new(false),
            limit: Cell::new(None),
            started: Cell::new(None),
        }
    }

    fn set_running(&self, deadline: Option<Deadline>) {
        self.deadline.set(deadline.map(|deadline| deadline.at));
        self.ends_the_call.set(deadline.is_some_and(|deadline| deadline.ends_the_call));
    }

    #[inline]
    pub(super) fn have_started(&self) -> bool {
        self.started.get().is_some()
    }

    #[inline]
    pub(super) fn start(&self, now: impl FnOnce() -> Instant) {
        if self.limit.get().is_some() && self.started.get().is_none() {
            self.started.set(Some(now()));
        }
    }

    /// Returns the nearest deadline of all running clocks: the clocks that ran before this poll,
    /// and the clocks that this poll has started.
    #[inline]
    pub(super) fn nearest(&self) -> Option<Deadline> {
        let end = self.started.get().and_then(|started| started.checked_add(self.limit.get()?));
        deadline_inside(self.running(), end)
    }

    /// Returns the nearest deadline of the clocks that ran before this poll.
    #[inline]
    fn running(&self) -> Option<Deadline> {
        self.deadline.get().map(|at| Deadline { at, ends_the_call: self.ends_the_call.get() })
    }
}

/// Returns the deadline inside a timeout that ends at `own`, or at the outer deadline if it is
/// nearer. A timeout whose `own` is `None` never ends.
#[inline]
fn deadline_inside(around: Option<Deadline>, own: Option<Instant>) -> Option<Deadline> {
    let Some(own) = own else { return around };
    let at = around.map_or(own, |around| around.at.min(own));
    Some(Deadline { at, ends_the_call: true })
}

/// Scope of one poll that may have another deadline. Most polls have not, so the `enter_…`
/// functions are called only by the others, and write into this value in place.
#[derive(Default)]
pub(super) struct DeadlineScope {
    outer: Option<Outer>,
}

/// Values to restore after the poll.
struct Outer {
    deadline: Option<Deadline>,
    /// Limit and start of the clocks that `deadline` replaces during the poll.
    hidden: Option<(Duration, Instant)>,
}

impl DeadlineScope {
    /// Enters a timeout that ends at this moment.
    pub(super) fn enter_timeout(&mut self, end: Instant) {
        self.enter(CLOCKS.with(|clocks| deadline_inside(clocks.running(), Some(end))));
    }

    /// Enters a timeout whose clock has not started, while this poll has started outer clocks.
    #[cold]
    pub(super) fn enter_unstarted(&mut self) {
        self.enter_replacing(CLOCKS.with(Clocks::nearest));
    }

    /// Enters a deadline that replaces the outer clocks that this poll has started. Otherwise the
    /// next clock that has not started would share their limit and their start.
    pub(super) fn enter_replacing(&mut self, inside: Option<Deadline>) {
        self.enter(inside);
        if let Some(outer) = &mut self.outer {
            outer.hidden = CLOCKS.with(|clocks| clocks.limit.take().zip(clocks.started.take()));
        }
    }

    fn enter(&mut self, inside: Option<Deadline>) {
        CLOCKS.with(|clocks| {
            self.outer = Some(Outer { deadline: clocks.running(), hidden: None });
            clocks.set_running(inside);
        });
    }
}

impl Drop for DeadlineScope {
    #[inline]
    fn drop(&mut self) {
        if let Some(outer) = &self.outer {
            outer.restore();
        }
    }
}

impl Outer {
    fn restore(&self) {
        CLOCKS.with(|clocks| {
            clocks.set_running(self.deadline);
            if let Some((limit, started)) = self.hidden {
                clocks.limit.set(Some(limit));
                clocks.started.set(Some(started));
            }
        });
    }
}
