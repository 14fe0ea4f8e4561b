//! Observers of a program's own.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::event::Event;

type Observer = dyn Fn(&Event) + Send + Sync;

/// All observers, in the order they came. Changed under the lock, called outside it: whoever emits
/// takes the list as it is and lets go of the lock first.
static OBSERVERS: Mutex<Vec<Arc<Observer>>> = Mutex::new(Vec::new());

/// The length of the list, so that without observers an event costs one load.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// Calls `observer` for every [`Event`] of this process, until the guard is dropped.
///
/// The observer runs on the thread and inside the call that the event is about, outside all locks:
/// it should be quick and must not block. If it panics, the call goes on as if it had not.
///
/// ```
/// let log = resilience::observe(|event| eprintln!("{event:?}"));
/// // … as long as `log` lives
/// drop(log);
/// ```
pub fn observe(observer: impl Fn(&Event) + Send + Sync + 'static) -> ObserverGuard {
    let observer: Arc<Observer> = Arc::new(observer);
    change(|all| all.push(Arc::clone(&observer)));
    ObserverGuard { observer }
}

/// Keeps an observer of [`observe`] subscribed; dropping it ends that.
#[must_use = "the observer is unsubscribed when this is dropped"]
pub struct ObserverGuard {
    observer: Arc<Observer>,
}

impl fmt::Debug for ObserverGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObserverGuard").finish_non_exhaustive()
    }
}

impl Drop for ObserverGuard {
    fn drop(&mut self) {
        change(|all| all.retain(|one| !Arc::ptr_eq(one, &self.observer)));
    }
}

fn change(edit: impl FnOnce(&mut Vec<Arc<Observer>>)) {
    let mut all = OBSERVERS.lock().unwrap_or_else(PoisonError::into_inner);
    edit(&mut all);
    COUNT.store(all.len(), Ordering::Release);
}

/// Whether there is an observer.
#[inline]
pub(super) fn are_there() -> bool {
    COUNT.load(Ordering::Acquire) > 0
}

/// Calls every observer.
#[cold]
pub(super) fn notify(event: &Event) {
    let all = OBSERVERS.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for observer in all {
        contain(|| observer(event));
        // If it has been unsubscribed meanwhile, what it had captured is dropped here.
        contain(move || drop(observer));
    }
}

/// A panic of a sink or an observer ends here. The panic hook has reported it; the call that the
/// event is about has done nothing wrong.
pub(super) fn contain(call: impl FnOnce()) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(call))
        // What it panicked with may panic again when it is dropped. Enough is enough.
        && let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic)))
    {
        std::mem::forget(again);
    }
}
