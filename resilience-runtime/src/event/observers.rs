//! Observers of a program's own.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::event::Event;

type Observer = dyn Fn(&Event) + Send + Sync;

/// All observers, in the order they came. Changed under the lock, called outside it: an emitter
/// copies the list and releases the lock first.
static OBSERVERS: Mutex<Vec<Arc<Observer>>> = Mutex::new(Vec::new());

/// Length of the list, so that without observers an event costs one load.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// Calls `observer` for every [`Event`] of this process, until the guard is dropped.
///
/// The observer runs on the thread and inside the call that the event is about, outside all locks:
/// it should be quick and must not block. If it panics, the call goes on as if it had not. An
/// event is [`Clone`], for observers that hand it to another thread.
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

/// Guard of an observer: dropping it unsubscribes the observer.
///
/// ```
/// use resilience::{Event, ObserverGuard, observe};
/// use std::sync::mpsc::{Receiver, channel};
///
/// /// Collects events for as long as it lives.
/// struct EventLog {
///     events: Receiver<Event>,
///     _guard: ObserverGuard,
/// }
///
/// let (sender, events) = channel();
/// let guard = observe(move |event| sender.send(event.clone()).unwrap_or_default());
/// let log = EventLog { events, _guard: guard };
/// assert_eq!(log.events.try_iter().count(), 0, "nothing has happened yet");
/// ```
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
        change(|all| all.retain(|observer| !Arc::ptr_eq(observer, &self.observer)));
    }
}

fn change(edit: impl FnOnce(&mut Vec<Arc<Observer>>)) {
    let mut all = OBSERVERS.lock().unwrap_or_else(PoisonError::into_inner);
    edit(&mut all);
    COUNT.store(all.len(), Ordering::Release);
}

/// Returns `true` if there is an observer.
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

/// Catches a panic of a sink or an observer. The panic hook has reported it, and the call that the
/// event is about has done nothing wrong.
pub(super) fn contain(call: impl FnOnce()) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(call))
        // The payload may panic again when it is dropped.
        && let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic)))
    {
        std::mem::forget(again);
    }
}
