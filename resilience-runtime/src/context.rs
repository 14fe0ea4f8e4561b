//! What a call knows of the policies around it, on its own task.
//!
//! The layers of a task are nested futures, polled from the outside in on one thread at a time. A layer
//! that has something to say to those inside it sets it in a thread-local cell while it polls them, and
//! puts back what was there before, also when the poll panics. So the cells belong to the poll in
//! progress: no other thread can see or change them, a spawned task starts with none, and nothing outlives a
//! future that is dropped. What is polled inline (a member of a set, a local task of a `LocalSet`) sees the layers that poll it.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::task::{self, Poll};
use std::thread::LocalKey;
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::time::Instant;

use crate::span::Span;

thread_local! {
    /// The clocks of the timeouts around.
    static CLOCKS: Clocks = const { Clocks::none() };
    /// An attempt of a `#[retry]` is running.
    static ATTEMPT: Cell<bool> = const { Cell::new(false) };
    /// A timeout is dropping its work.
    static TIMING_OUT: Cell<bool> = const { Cell::new(false) };
}

/// Holds a cell at a value, and puts back the one before when dropped.
struct Scope<T: Copy + 'static> {
    cell: &'static LocalKey<Cell<T>>,
    outer: T,
}

impl<T: Copy> Scope<T> {
    fn enter(cell: &'static LocalKey<Cell<T>>, inside: T) -> Self {
        Self { cell, outer: cell.replace(inside) }
    }
}

impl<T: Copy> Drop for Scope<T> {
    fn drop(&mut self) {
        self.cell.set(self.outer);
    }
}

/// One attempt of a `#[retry]`: everything inside it knows that it is one.
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct Attempt<'a, F> {
    work: Pin<&'a mut F>,
    /// `None` where there is no retry: those inside are free to do the retrying.
    retried: Option<Span>,
}

/// Makes a future of the work of one attempt.
pub(crate) const fn attempt<F: Future>(work: Pin<&mut F>, retried: Option<Span>) -> Attempt<'_, F> {
    Attempt { work, retried }
}

impl<F: Future> Future for Attempt<'_, F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<F::Output> {
        let Self { work, retried } = &mut *self;
        let Some(span) = retried else { return work.as_mut().poll(cx) };
        let _scope = Scope::enter(&ATTEMPT, true);
        span.in_scope(|| work.as_mut().poll(cx))
    }
}

/// Whether an attempt of a `#[retry]` is running around this call, on this task.
pub(crate) fn in_attempt() -> bool {
    ATTEMPT.get()
}

/// Runs `drop_work`, and lets every guard dropped by it know that a timeout is the reason.
pub(crate) fn while_timing_out(drop_work: impl FnOnce()) {
    let _scope = Scope::enter(&TIMING_OUT, true);
    drop_work();
}

/// Whether what is being dropped now is dropped by a timeout of ours.
pub(crate) fn timing_out() -> bool {
    TIMING_OUT.get()
}

/// When the nearest `#[timeout]` around the running code ends the call, or the nearer deadline that [`with_deadline`] has given; `None` if there
/// is neither on this task.
///
/// To be sent downstream, so that nobody works on an answer that comes too late. A timeout's clock starts when its call is
/// first suspended; asking starts it before that. Spawned tasks have no deadline of those who spawned them.
///
/// ```
/// # #[derive(Debug, thiserror::Error)]
/// # enum ApiError { #[error(transparent)] Resilience(#[from] resilience::Error) }
/// # async fn send(_: &str, _: String) -> Result<(), ApiError> { Ok(()) }
/// #[resilience::timeout(800ms)]
/// async fn charge() -> Result<(), ApiError> {
///     let left = resilience::remaining().unwrap_or_default();
///     send("x-timeout-ms", left.as_millis().to_string()).await
/// }
/// ```
#[must_use]
pub fn deadline() -> Option<Instant> {
    nearest().map(|nearest| nearest.at)
}

/// How long it is until the [`deadline`]: zero if it has passed, `None` if there is none.
#[must_use]
pub fn remaining() -> Option<Duration> {
    deadline().map(|deadline| deadline.saturating_duration_since(Instant::now()))
}

/// Whether the deadline has passed: that of a clock which has started. Reads the clock only if there is one.
pub(crate) fn is_overdue() -> bool {
    CLOCKS.with(|clocks| clocks.deadline.get()).is_some_and(|deadline| Instant::now() >= deadline.at)
}

/// Runs `future` under a deadline that is not a `#[timeout]`'s: one that came with a request, or that a spawned task is to share with the
/// task that spawns it, which it does not by itself.
///
/// Everything inside sees it: a `#[timeout]` ends its call there if its own limit is later, a `#[retry]` does not start a sleep that would
/// outlive it, a `#[bulkhead]` does not wait past it, and [`deadline`] and [`remaining`] give it, unless one that is nearer is around
/// already. It interrupts nothing by itself. `None` changes nothing.
///
/// ```
/// # async fn audit(_: u64) {}
/// # #[resilience::timeout(1s)]
/// # async fn charge(amount: u64) -> Result<(), resilience::Error> {
/// let deadline = resilience::deadline();
/// tokio::spawn(resilience::with_deadline(deadline, audit(amount)));
/// # Ok(()) }
/// ```
///
/// Dropped, it drops `future`, and nothing else happens.
pub fn with_deadline<F: Future>(
    deadline: impl Into<Option<Instant>>,
    future: F,
) -> impl Future<Output = F::Output> {
    WithDeadline { deadline: deadline.into(), future }
}

pin_project! {
    /// Holds the future once, where an `async fn` would hold it twice.
    struct WithDeadline<F> {
        deadline: Option<Instant>,
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for WithDeadline<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<F::Output> {
        let inside = self.project();
        let Some(at) = *inside.deadline else { return inside.future.poll(cx) };
        // The clocks around are started: which deadline is the nearer must be known inside.
        let nearest = match nearest() {
            Some(around) if around.at <= at => around,
            _ => Deadline { at, ends_the_call: false },
        };
        let _scope = CLOCKS.with(|clocks| DeadlineScope { outer: clocks.replace(Some(nearest), None) });
        inside.future.poll(cx)
    }
}

/// The nearest of the deadlines around some code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    pub(crate) at: Instant,
    /// A timeout ends the call at this moment. Else the deadline came from elsewhere, and whoever waits must look after itself.
    pub(crate) ends_the_call: bool,
}

/// The nearest deadline around the running code; the question starts the clocks that don't run yet.
pub(crate) fn nearest() -> Option<Deadline> {
    CLOCKS.with(|clocks| {
        if clocks.unstarted.get().is_some() {
            clocks.start(Instant::now());
        }
        clocks.deadline.get()
    })
}

/// The clocks of all timeouts around, as far as the code inside has to know. A cell for each: read and written in one piece, in as many bytes as it
/// has, or the processor waits for what it has just written.
struct Clocks {
    /// The nearest deadline of those that run.
    deadline: Cell<Option<Deadline>>,
    /// The shortest limit of those that don't.
    unstarted: Cell<Option<Duration>>,
    /// When those were started, if that happened during this poll.
    started: Cell<Option<Instant>>,
}

/// What was there before one poll.
#[derive(Clone, Copy)]
struct Outer {
    deadline: Option<Deadline>,
    unstarted: Option<Duration>,
    started: Option<Instant>,
}

impl Clocks {
    const fn none() -> Self {
        Self { deadline: Cell::new(None), unstarted: Cell::new(None), started: Cell::new(None) }
    }

    fn replace(&self, deadline: Option<Deadline>, unstarted: Option<Duration>) -> Outer {
        Outer {
            deadline: self.deadline.replace(deadline),
            unstarted: self.unstarted.replace(unstarted),
            started: self.started.take(),
        }
    }

    fn put_back(&self, outer: Outer) {
        self.deadline.set(outer.deadline);
        self.unstarted.set(outer.unstarted);
        self.started.set(outer.started);
    }

    fn start(&self, now: Instant) {
        if let Some(limit) = self.unstarted.take() {
            self.started.set(Some(now));
            self.deadline.set(ended(self.deadline.get(), now.checked_add(limit)));
        }
    }
}

/// The deadline inside a timeout that ends at `own` or, if that is nearer, at the one around; `None` is never, and ends nothing.
fn ended(around: Option<Deadline>, own: Option<Instant>) -> Option<Deadline> {
    let Some(own) = own else { return around };
    let at = around.map_or(own, |around| around.at.min(own));
    Some(Deadline { at, ends_the_call: true })
}

/// The clock of one timeout: started by the first suspension or the first question, whichever is first.
#[derive(Debug)]
pub(crate) enum Clock {
    Unstarted(Duration),
    /// `None`: so far off that no clock can tell it.
    Running(Option<Instant>),
}

impl Clock {
    /// Runs one poll of what is inside the timeout, with its clock among those around.
    pub(crate) fn during<R>(&mut self, poll: impl FnOnce() -> R) -> R {
        let outer = CLOCKS.with(|clocks| {
            let (deadline, unstarted) = (clocks.deadline.get(), clocks.unstarted.get());
            match *self {
                Self::Unstarted(limit) => {
                    let shortest = unstarted.map_or(limit, |around| around.min(limit));
                    clocks.replace(deadline, Some(shortest))
                }
                Self::Running(own) => clocks.replace(ended(deadline, own), unstarted),
            }
        });
        let _scope = ClockScope { clock: self, outer };
        poll()
    }

    /// A suspension: the first one starts the clock, and those around it that would read the time just after. Gives the timeout's own
    /// deadline, `None` for never, and the nearest around.
    #[inline]
    pub(crate) fn suspended(&mut self) -> (Option<Instant>, Option<Deadline>) {
        if let Self::Running(own) = *self {
            return (own, nearest());
        }
        let now = Instant::now();
        self.start(now);
        let around = CLOCKS.with(|clocks| {
            clocks.start(now);
            clocks.deadline.get()
        });
        match *self {
            Self::Running(own) => (own, around),
            Self::Unstarted(_) => (None, around),
        }
    }

    fn start(&mut self, now: Instant) {
        if let Self::Unstarted(limit) = *self {
            *self = Self::Running(now.checked_add(limit));
        }
    }
}

/// A clock among those around, until this is dropped.
struct ClockScope<'a> {
    clock: &'a mut Clock,
    outer: Outer,
}

impl Drop for ClockScope<'_> {
    fn drop(&mut self) {
        CLOCKS.with(|clocks| {
            let started = clocks.started.get();
            clocks.put_back(self.outer);
            // A clock is started together with those around it: they were asked too.
            if let Some(now) = started {
                clocks.start(now);
                self.clock.start(now);
            }
        });
    }
}

/// One poll under a deadline that is no timeout's.
struct DeadlineScope {
    outer: Outer,
}

impl Drop for DeadlineScope {
    fn drop(&mut self) {
        CLOCKS.with(|clocks| clocks.put_back(self.outer));
    }
}
