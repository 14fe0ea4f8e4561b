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

pin_project! {
    /// One attempt of a `#[retry]`: everything inside it knows that it is one.
    #[must_use = "futures do nothing unless awaited"]
    pub struct Attempt<F> {
        span: Span,
        #[pin]
        work: F,
    }
}

impl<F: Future> Attempt<F> {
    pub(crate) const fn new(span: Span, work: F) -> Self {
        Self { span, work }
    }
}

impl<F: Future> Future for Attempt<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<F::Output> {
        let inside = self.project();
        let _scope = Scope::enter(&ATTEMPT, true);
        let _span = inside.span.enter();
        inside.work.poll(cx)
    }
}

pin_project! {
    /// The only attempt there is where a policy has no retry, else one of several: those inside are free to do the retrying, or are not.
    #[must_use = "futures do nothing unless awaited"]
    pub struct AttemptBy<F> {
        retried: Option<Span>,
        #[pin]
        work: F,
    }
}

impl<F: Future> AttemptBy<F> {
    pub(crate) const fn new(retried: Option<Span>, work: F) -> Self {
        Self { retried, work }
    }
}

impl<F: Future> Future for AttemptBy<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<F::Output> {
        let inside = self.project();
        let _scope = inside.retried.is_some().then(|| Scope::enter(&ATTEMPT, true));
        let _span = inside.retried.as_ref().map(Span::enter);
        inside.work.poll(cx)
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
    CLOCKS.with(Clocks::nearest).is_some_and(|nearest| Instant::now() >= nearest.at)
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
        let mut deadline = DeadlineScope::default();
        if nearest().is_none_or(|around| at < around.at) {
            deadline.enter_apart(Some(Deadline { at, ends_the_call: false }));
        }
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
        clocks.start(Instant::now);
        clocks.nearest()
    })
}

/// The clocks of all timeouts around, as far as the code inside has to know. A cell for each: read and written in one piece, in as many bytes as it
/// has, or the processor waits for what it has just written.
///
/// Most calls neither suspend nor ask, and find no clock that runs: all they touch is the shortest limit.
struct Clocks {
    /// The nearest deadline of those that ran before this poll.
    deadline: Cell<Option<Instant>>,
    /// Whether that [ends the call](Deadline::ends_the_call).
    ends_the_call: Cell<bool>,
    /// The shortest limit of those that did not.
    limit: Cell<Option<Duration>>,
    /// When those were started: all at once, during this poll.
    started: Cell<Option<Instant>>,
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

    fn run(&self, deadline: Option<Deadline>) {
        self.deadline.set(deadline.map(|deadline| deadline.at));
        self.ends_the_call.set(deadline.is_some_and(|deadline| deadline.ends_the_call));
    }

    fn have_started(&self) -> bool {
        self.started.get().is_some()
    }

    fn start(&self, now: impl FnOnce() -> Instant) {
        if self.limit.get().is_some() && self.started.get().is_none() {
            self.started.set(Some(now()));
        }
    }

    /// The nearest deadline of those that run.
    fn nearest(&self) -> Option<Deadline> {
        let end = self.started.get().and_then(|started| started.checked_add(self.limit.get()?));
        ended(self.running(), end)
    }

    /// The nearest deadline of those that ran before this poll.
    fn running(&self) -> Option<Deadline> {
        self.deadline.get().map(|at| Deadline { at, ends_the_call: self.ends_the_call.get() })
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
pub(crate) struct Clock {
    limit: Duration,
    end: End,
}

/// When the limit has passed.
#[derive(Clone, Copy, Debug)]
enum End {
    Unstarted,
    At(Instant),
    /// So far off that no clock can tell it.
    Never,
}

impl Clock {
    pub(crate) const fn new(limit: Duration) -> Self {
        Self { limit, end: End::Unstarted }
    }

    pub(crate) const fn limit(&self) -> Duration {
        self.limit
    }

    /// Runs one poll of what is inside the timeout, with its clock among those around.
    pub(crate) fn during<R>(&mut self, poll: impl FnOnce() -> R) -> R {
        let mut deadline = DeadlineScope::default();
        let is_unstarted = matches!(self.end, End::Unstarted);
        if !is_unstarted || CLOCKS.with(Clocks::have_started) {
            deadline.enter_clock(self.end);
        }
        let _clock = is_unstarted.then(|| ClockScope::enter(self));
        poll()
    }

    /// A suspension: the first one starts the clock, and those around it that would read the time just after. Gives the timeout's own
    /// deadline, `None` for never, and the nearest around.
    #[inline]
    pub(crate) fn suspended(&mut self) -> (Option<Instant>, Option<Deadline>) {
        if let End::Unstarted = self.end {
            let now = Instant::now();
            self.start(now);
            CLOCKS.with(|clocks| clocks.start(|| now));
        }
        let own = match self.end {
            End::At(own) => Some(own),
            End::Unstarted | End::Never => None,
        };
        (own, nearest())
    }

    fn start(&mut self, now: Instant) {
        if let End::Unstarted = self.end {
            self.end = now.checked_add(self.limit).map_or(End::Never, End::At);
        }
    }
}

/// One poll inside a clock that has yet to start, together with those around it.
struct ClockScope<'a> {
    clock: &'a mut Clock,
    outer: Option<Duration>,
}

impl<'a> ClockScope<'a> {
    fn enter(clock: &'a mut Clock) -> Self {
        CLOCKS.with(|clocks| {
            let outer = clocks.limit.get();
            clocks.limit.set(Some(outer.map_or(clock.limit, |outer| outer.min(clock.limit))));
            Self { clock, outer }
        })
    }
}

impl Drop for ClockScope<'_> {
    fn drop(&mut self) {
        CLOCKS.with(|clocks| {
            clocks.limit.set(self.outer);
            if let Some(now) = clocks.started.get() {
                self.clock.start(now);
                if self.outer.is_none() {
                    clocks.started.set(None);
                }
            }
        });
    }
}

/// One poll, perhaps under another deadline. Most are not: what others need is done out of line, in the place where this stands.
#[derive(Default)]
struct DeadlineScope {
    outer: Option<Outer>,
}

/// What was there before.
struct Outer {
    deadline: Option<Deadline>,
    /// Clocks that the deadline stands for: their limit, and when they were started.
    hidden: Option<(Duration, Instant)>,
}

impl DeadlineScope {
    /// Under the clock of a timeout.
    #[inline(never)]
    fn enter_clock(&mut self, end: End) {
        match end {
            End::At(own) => self.enter(CLOCKS.with(|clocks| ended(clocks.running(), Some(own)))),
            // To this clock, those that were started before it is are like any that run.
            End::Unstarted => self.enter_apart(CLOCKS.with(Clocks::nearest)),
            End::Never => {}
        }
    }

    /// In place of the clocks around that have started.
    fn enter_apart(&mut self, inside: Option<Deadline>) {
        self.enter(inside);
        if let Some(outer) = &mut self.outer {
            outer.hidden = CLOCKS.with(|clocks| clocks.limit.take().zip(clocks.started.take()));
        }
    }

    fn enter(&mut self, inside: Option<Deadline>) {
        CLOCKS.with(|clocks| {
            self.outer = Some(Outer { deadline: clocks.running(), hidden: None });
            clocks.run(inside);
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
    #[inline(never)]
    fn put_back(&self) {
        CLOCKS.with(|clocks| {
            clocks.run(self.deadline);
            if let Some((limit, started)) = self.hidden {
                clocks.limit.set(Some(limit));
                clocks.started.set(Some(started));
            }
        });
    }
}
