//! Health of a bulkhead.

use crate::outcome::Key;
use crate::policy::bulkhead::BulkheadSnapshot;

/// State of a bulkhead.
///
/// ```
/// for bulkhead in resilience::registry().health().bulkheads {
///     println!("{}: {} of {}", bulkhead.name, bulkhead.active, bulkhead.max_concurrent);
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct BulkheadHealth {
    /// The bulkhead's name.
    pub name: &'static str,
    /// Key, as it is displayed, of an instance of a [`Keyed`](crate::Keyed). `None` also for the
    /// overflow bulkhead, which all keys share that found no place.
    pub key: Option<Key>,
    /// Number of calls that may be inside.
    pub max_concurrent: u32,
    /// Number of calls inside.
    pub active: u32,
    /// Number of calls waiting for a slot.
    pub waiting: u32,
    /// Number of free slots.
    pub available: u32,
    /// `active` as a share of `max_concurrent`: the number for an autoscaler.
    pub utilization: f64,
}

impl BulkheadHealth {
    pub(super) fn of(snapshot: BulkheadSnapshot) -> Self {
        Self {
            name: snapshot.name,
            key: snapshot.key,
            max_concurrent: snapshot.max_concurrent,
            active: snapshot.active,
            waiting: snapshot.waiting,
            available: snapshot.available,
            utilization: snapshot.utilization,
        }
    }
}
