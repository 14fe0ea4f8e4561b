//! A bulkhead at one moment.

use crate::outcome::Key;

/// A [`Bulkhead`](crate::Bulkhead) at one moment.
///
/// ```
/// use resilience::Bulkhead;
///
/// static POOL: Bulkhead = Bulkhead::new("payment").max_concurrent(4);
///
/// let _permit = POOL.try_acquire();
/// let snapshot = POOL.snapshot();
/// assert_eq!((snapshot.name, snapshot.active, snapshot.available), ("payment", 1, 3));
/// assert!(snapshot.utilization < 0.8, "no need for another replica");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct BulkheadSnapshot {
    /// Name of the bulkhead.
    pub name: &'static str,
    /// Key, as it is displayed, of an instance of a [`Keyed`](crate::Keyed).
    pub key: Option<Key>,
    /// Number of calls that may be inside.
    pub max_concurrent: u32,
    /// Number of calls inside.
    pub active: u32,
    /// Number of calls waiting for a slot.
    pub waiting: u32,
    /// Number of free slots.
    pub available: u32,
    /// `active` as a share of `max_concurrent`: from 0 to 1, and more than 1 while there are more
    /// calls inside than a [`resize`](crate::Bulkhead::resize) has left slots; 1 if there are no
    /// slots. The number for an autoscaler.
    pub utilization: f64,
}
