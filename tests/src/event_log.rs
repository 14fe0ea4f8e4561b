//! Events as they come.

use std::mem::take;
use std::sync::{Arc, Mutex, PoisonError};

use resilience::{Event, Subscription, observe};

/// Entries made from the events since the log was begun.
///
/// An observer is given the events of all of the process: a log picks those of its own function or
/// policy, since other tests run at the same time.
#[derive(Debug)]
#[must_use = "no event is logged after the log has been dropped"]
pub struct EventLog<T> {
    entries: Arc<Mutex<Vec<T>>>,
    subscription: Option<Subscription>,
}

impl<T: Send + 'static> EventLog<T> {
    /// Begins a log with an entry for each event for which `entry` returns one.
    pub fn of(entry: impl Fn(&Event) -> Option<T> + Send + Sync + 'static) -> Self {
        let entries = Arc::<Mutex<Vec<T>>>::default();
        let log = Arc::clone(&entries);
        let subscription = observe(move |event| {
            if let Some(entry) = entry(event) {
                log.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
            }
        });
        Self { entries, subscription: Some(subscription) }
    }

    /// Stops observing; the entries stay.
    pub fn stop(&mut self) {
        self.subscription = None;
    }

    /// Removes and returns all entries.
    pub fn take(&self) -> Vec<T> {
        take(&mut self.entries.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
