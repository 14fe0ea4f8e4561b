//! Observers that the program registers.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::event::Event;
use crate::sync::contain;

type Observer = dyn Fn(&Event) + Send + Sync;

/// All observers, in the order of registration. The list changes under the lock. Observers are
/// called outside the lock: `notify` copies the list first.
static OBSERVERS: Mutex<Vec<Arc<Observer>>> = Mutex::new(Vec::new());

/// Length of the list, so that an event without observers costs one load.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// Calls `observer` for every [`Event`] of this process, until the guard is dropped.
///
/// The observer runs inside the call that emits the event, on its thread, and outside all locks. It
/// should be quick and must not block. A panic of the observer has no effect on the call.
///
/// ```
/// let log = resilience::observe(|event| eprintln!("{event:?}"));
/// // … as long as `log` exists
/// drop(log);
/// ```
pub fn observe(observer: impl Fn(&Event) + Send + Sync + 'static) -> ObserverGuard {
    let observer: Arc<Observer> = Arc::new(observer);
    change(|observers| observers.push(Arc::clone(&observer)));
    ObserverGuard { observer }
}

/// Guard of [`observe`]. The observer is removed when the guard is dropped.
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
#[must_use = "the observer is removed when this guard is dropped"]
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
        change(|observers| observers.retain(|other| !Arc::ptr_eq(other, &self.observer)));
    }
}

fn change(edit: impl FnOnce(&mut Vec<Arc<Observer>>)) {
    let mut observers = OBSERVERS.lock().unwrap_or_else(PoisonError::into_inner);
    edit(&mut observers);
    COUNT.store(observers.len(), Ordering::Release);
}

/// Returns `true` if there is an observer.
#[inline]
pub(super) fn is_any_registered() -> bool {
    COUNT.load(Ordering::Acquire) > 0
}

/// Calls every observer.
#[cold]
pub(super) fn notify(event: &Event) {
    let observers = OBSERVERS.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for observer in observers {
        contain(|| observer(event));
        // If the guard was dropped in the meantime, the captures of the closure are dropped here.
        contain(move || drop(observer));
    }
}
