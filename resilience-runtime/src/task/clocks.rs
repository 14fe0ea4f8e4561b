//! The clocks of the timeouts around, and the nearest deadline.

use std::cell::Cell;
use std::time::Duration;

use tokio::time::Instant;

thread_local! {
    /// The clocks of the timeouts around.
    pub(super) static CLOCKS: Clocks = const { Clocks::none() };
}

/// The nearest of the deadlines around some code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    pub(crate) at: Instant,
    /// A timeout ends the call at this moment. Else the deadline came from elsewhere, and whoever
    /// waits must look after itself.
    pub(crate) ends_the_call: bool,
}

/// The nearest deadline around the running code; the question starts the clocks that don't run yet.
pub(crate) fn nearest() -> Option<Deadline> {
    CLOCKS.with(|clocks| {
        clocks.start(Instant::now);
        clocks.nearest()
    })
}

/// The clocks of all timeouts around, as far as the code inside has to know. A cell for each: read
/// and written in one piece, in as many bytes as it has, or the processor waits for what it has
/// just written.
///
/// Most calls neither suspend nor ask, and find no clock that runs: all they touch is the shortest
/// limit. `started` is set only while `limit` is.
pub(super) struct Clocks {
    /// The nearest deadline of those that ran before this poll.
    deadline: Cell<Option<Instant>>,
    /// Whether that [ends the call](Deadline::ends_the_call).
    ends_the_call: Cell<bool>,
    /// The shortest limit of those that did not.
    pub(super) limit: Cell<Option<Duration>>,
    /// When those were started: all at once, during this poll.
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

    /// The nearest deadline of all that run: those that ran before this poll, and those that were
    /// started during it.
    #[inline]
    pub(super) fn nearest(&self) -> Option<Deadline> {
        let end = self.started.get().and_then(|started| started.checked_add(self.limit.get()?));
        ended(self.running(), end)
    }

    /// The nearest deadline of those that ran before this poll.
    #[inline]
    fn running(&self) -> Option<Deadline> {
        self.deadline.get().map(|at| Deadline { at, ends_the_call: self.ends_the_call.get() })
    }
}

/// The deadline inside a timeout that ends at `own` or, if that is nearer, at the one around;
/// `None` is never, and ends nothing.
#[inline]
fn ended(around: Option<Deadline>, own: Option<Instant>) -> Option<Deadline> {
    let Some(own) = own else { return around };
    let at = around.map_or(own, |around| around.at.min(own));
    Some(Deadline { at, ends_the_call: true })
}

/// One poll, perhaps under another deadline. Most are not: what others need is done out of line, in
/// the place where this stands.
#[derive(Default)]
pub(super) struct DeadlineScope {
    outer: Option<Outer>,
}

/// What was there before.
struct Outer {
    deadline: Option<Deadline>,
    /// Clocks that the deadline stands for: their limit, and when they were started.
    hidden: Option<(Duration, Instant)>,
}

impl DeadlineScope {
    /// Under a timeout that ends at this moment.
    pub(super) fn enter_timeout(&mut self, end: Instant) {
        self.enter(CLOCKS.with(|clocks| ended(clocks.running(), Some(end))));
    }

    /// Those around that have started count as any that run.
    #[cold]
    pub(super) fn enter_unstarted(&mut self) {
        self.enter_apart(CLOCKS.with(Clocks::nearest));
    }

    /// In place of the clocks around that were started during this poll: the next clock that has
    /// not started must not be taken for one of them.
    pub(super) fn enter_apart(&mut self, inside: Option<Deadline>) {
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
            outer.put_back();
        }
    }
}

impl Outer {
    fn put_back(&self) {
        CLOCKS.with(|clocks| {
            clocks.set_running(self.deadline);
            if let Some((limit, started)) = self.hidden {
                clocks.limit.set(Some(limit));
                clocks.started.set(Some(started));
            }
        });
    }
}
