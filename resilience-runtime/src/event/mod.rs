//! What the layers tell an observer: everything that went wrong, nothing that went well.

#[cfg(feature = "tracing")]
mod trace;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::circuit_breaker::State;

/// Something a layer did because a call did not simply succeed.
///
/// `function` is the annotated function's module path and name, as in `my_app::payment::charge`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// An attempt failed; the next one starts after `delay`.
    #[non_exhaustive]
    RetryScheduled {
        /// The function.
        function: &'static str,
        /// The attempt that failed; the first call is 1.
        attempt: u32,
        /// The sleep before the next attempt, jitter and hint included.
        delay: Duration,
    },
    /// The last attempt allowed failed too.
    #[non_exhaustive]
    RetriesExhausted {
        /// The function.
        function: &'static str,
        /// The attempts made, the first call included.
        attempts: u32,
    },
    /// An attempt failed that would have been followed by another, but for `reason`.
    #[non_exhaustive]
    RetrySuppressed {
        /// The function.
        function: &'static str,
        /// The attempt that failed; the first call is 1.
        attempt: u32,
        /// What stood against another attempt.
        reason: Suppression,
    },
    /// A limit passed; the work was dropped.
    #[non_exhaustive]
    TimedOut {
        /// The function.
        function: &'static str,
        /// The limit.
        limit: Duration,
    },
    /// A breaker changed its state.
    #[non_exhaustive]
    BreakerTransition {
        /// The breaker's name.
        name: &'static str,
        /// The state before.
        from: State,
        /// The state now.
        to: State,
    },
    /// A breaker turned a call away.
    #[non_exhaustive]
    BreakerRejected {
        /// The breaker's name.
        name: &'static str,
        /// The function; `None` for [`CircuitBreaker::call`](crate::CircuitBreaker::call).
        function: Option<&'static str>,
        /// As in [`Error::CircuitOpen`](crate::Error::CircuitOpen).
        retry_after: Duration,
    },
    /// A bulkhead turned a call away.
    #[non_exhaustive]
    BulkheadRejected {
        /// The bulkhead's name.
        name: &'static str,
        /// The function; `None` for [`Bulkhead::call`](crate::Bulkhead::call).
        function: Option<&'static str>,
        /// Calls inside.
        active: u32,
        /// Calls waiting.
        waiting: u32,
    },
    /// A fallback was asked for the answer.
    #[non_exhaustive]
    FallbackUsed {
        /// The function.
        function: &'static str,
    },
    /// A call ended that a breaker had admitted before its last transition, or a probe whose place had been
    /// given to another: the result changes nothing.
    #[non_exhaustive]
    StaleResult {
        /// The breaker's name.
        name: &'static str,
    },
}

/// Why a `#[retry]` made no further attempt though it had some left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Suppression {
    /// A `#[retry]` around this one, on the same task, does the retrying.
    Nested,
    /// The sleep would outlive the deadline that a `#[timeout]` has set.
    Deadline,
    /// The sleep would outlive `max_elapsed`.
    MaxElapsed,
    /// The [`RetryBudget`](crate::RetryBudget) is spent.
    Budget,
}

type Observer = dyn Fn(&Event) + Send + Sync;

/// All observers, in the order they came. Changed under the lock, called outside it: whoever emits takes
/// the list as it is and lets go of the lock first.
static OBSERVERS: Mutex<Vec<Arc<Observer>>> = Mutex::new(Vec::new());

/// The length of the list, so that without observers an event costs one load.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// Calls `observer` for every [`Event`] of this process, until the subscription is dropped.
///
/// The observer runs on the thread and inside the call that the event is about, outside all locks: it should be
/// quick and must not block. If it panics, the call goes on as if it had not.
///
/// ```
/// let log = resilience::observe(|event| eprintln!("{event:?}"));
/// // … as long as `log` lives
/// drop(log);
/// ```
pub fn observe(observer: impl Fn(&Event) + Send + Sync + 'static) -> Subscription {
    let observer: Arc<Observer> = Arc::new(observer);
    change(|all| all.push(Arc::clone(&observer)));
    Subscription { observer }
}

/// Keeps an observer of [`observe`] subscribed; dropping it ends that.
#[must_use = "the observer is unsubscribed when this is dropped"]
pub struct Subscription {
    observer: Arc<Observer>,
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").finish_non_exhaustive()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        change(|all| all.retain(|one| !Arc::ptr_eq(one, &self.observer)));
    }
}

fn change(edit: impl FnOnce(&mut Vec<Arc<Observer>>)) {
    let mut all = OBSERVERS.lock().unwrap_or_else(PoisonError::into_inner);
    edit(&mut all);
    COUNT.store(all.len(), Ordering::Release);
}

impl Event {
    /// Tells everybody. Where there is nobody to tell, the event is not made: to write it down would take a tenth of the time of a rejection.
    #[inline]
    pub(crate) fn emit(make: impl Fn() -> Self) {
        #[cfg(feature = "tracing")]
        contain(|| trace::tell(&make()));
        #[cfg(feature = "metrics")]
        contain(|| crate::metrics::tell(&make()));
        if COUNT.load(Ordering::Acquire) > 0 {
            make().tell_observers();
        }
    }

    #[cold]
    fn tell_observers(&self) {
        let all = OBSERVERS.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for observer in all {
            contain(|| observer(self));
            // If it has been unsubscribed meanwhile, what it had captured is dropped here.
            contain(move || drop(observer));
        }
    }
}

/// A panic of whoever is told ends here. The panic hook has reported it; the call that the event is about has done nothing wrong.
fn contain(tell: impl FnOnce()) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(tell))
        // What it panicked with may panic again when it is dropped. Enough is enough.
        && let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic)))
    {
        std::mem::forget(again);
    }
}
