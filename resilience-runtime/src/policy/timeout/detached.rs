//! `cancel = false`: work that continues after its caller has stopped waiting.
//!
//! Shared state, who touches it, and in which order: each call has one word, the state of its work.
//!
//! - The caller sets it from `WITH_CALLER` to `LEFT` if its future is dropped before the result has
//!   arrived. It counts the work as running before, because the work may end at once.
//! - The task sets it to `ENDED` or `PANICKED` when it has dropped the work. If it was `LEFT`, the
//!   work is no longer running.
//!
//! So the party that comes second sees the first, and each work that is counted as running is
//! counted as ended once.

use std::future::{Future, pending};
use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::{AcqRel, Acquire};
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::detached_work::RUNNING;
use super::running_work::RunningWork;
use crate::function::Function;
use crate::sync::AtomicU64;
use crate::task::{CurrentSpan, WholeCall, body};

const WITH_CALLER: u64 = 0;
const LEFT: u64 = 1;
const ENDED: u64 = 2;
const PANICKED: u64 = 3;

/// Runs the work in a task of its own, which starts at the first poll, in the current span.
///
/// # Cancellation
///
/// Dropping the future after the first poll leaves the work running. It is counted for `function`
/// and for [`Registry::detached_work`](crate::Registry::detached_work).
///
/// # Panics
///
/// Panics if the work panics, and outside a tokio runtime. A panic of work that was left behind is
/// counted, and goes no further.
pub async fn run_detached<F>(function: &'static Function, work: F) -> F::Output
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    let call = Arc::new(DetachedCall::new(function, &RUNNING));
    let caller = Caller { call: Arc::clone(&call), waits: true };
    let end = TaskEnd { call, is_in_poll: false };
    let task = DetachedTask { work: Some(work), whole: WholeCall, span: CurrentSpan::new(), end };
    let joined = body(tokio::spawn(task)).await;
    caller.has_the_result();
    match joined {
        Ok(output) => output,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The runtime is shutting down: no future is completed any more.
            Err(_) => pending().await,
        },
    }
}

/// State of the work of one call.
#[derive(Debug)]
pub(super) struct DetachedCall<'a> {
    function: &'a Function,
    running: &'a RunningWork,
    state: AtomicU64,
}

impl<'a> DetachedCall<'a> {
    pub(super) const fn new(function: &'a Function, running: &'a RunningWork) -> Self {
        Self { function, running, state: AtomicU64::new(WITH_CALLER) }
    }

    /// Records that the caller has gone before it has received the result.
    #[cold]
    pub(super) fn caller_left(&self) {
        self.running.begin();
        let leave = |state| (state == WITH_CALLER).then_some(LEFT);
        match self.state.fetch_update(AcqRel, Acquire, leave) {
            Ok(_) => self.function.detached.count_left(),
            // The work has ended before, and nobody receives its result.
            Err(state) => {
                self.running.end();
                if state == PANICKED {
                    self.function.detached.count_panic();
                }
            }
        }
    }

    /// Records that the work has ended, and has been dropped.
    pub(super) fn work_ended(&self, has_panicked: bool) {
        let end = if has_panicked { PANICKED } else { ENDED };
        if self.state.fetch_update(AcqRel, Acquire, |_| Some(end)) != Ok(LEFT) {
            return;
        }
        self.function.detached.count_end();
        if has_panicked {
            self.function.detached.count_panic();
        }
        self.running.end();
    }
}

/// Guard of the caller.
struct Caller {
    call: Arc<DetachedCall<'static>>,
    /// Set until the result has arrived.
    waits: bool,
}

impl Caller {
    fn has_the_result(mut self) {
        self.waits = false;
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        if self.waits {
            self.call.caller_left();
        }
    }
}

pin_project! {
    /// Task of the work.
    struct DetachedTask<F> {
        // `None` after the work has ended. Dropped before `end`.
        #[pin]
        work: Option<F>,
        // Dropped after the work, as no function call is around it.
        whole: WholeCall,
        span: CurrentSpan,
        end: TaskEnd,
    }
}

impl<F: Future> Future for DetachedTask<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut inside = self.project();
        let _span = inside.span.enter();
        let Some(work) = inside.work.as_mut().as_pin_mut() else { return Poll::Pending };
        inside.end.is_in_poll = true;
        let polled = work.poll(cx);
        if polled.is_ready() {
            inside.work.set(None);
        }
        inside.end.is_in_poll = false;
        polled
    }
}

/// Guard of the task, which is dropped after the work, however the work ends.
struct TaskEnd {
    call: Arc<DetachedCall<'static>>,
    /// Set during a poll. So it is still set after a poll that has panicked.
    is_in_poll: bool,
}

impl Drop for TaskEnd {
    fn drop(&mut self) {
        self.call.work_ended(self.is_in_poll);
    }
}
