//! A bulkhead at one moment.

/// A [`Bulkhead`](crate::Bulkhead) at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct BulkheadSnapshot {
    /// How many calls may be inside.
    pub max_concurrent: u32,
    /// Calls inside.
    pub active: u32,
    /// Calls waiting for a slot.
    pub waiting: u32,
    /// Slots free.
    pub available: u32,
    /// `active` as a share of `max_concurrent`: from 0 to 1, and more than 1 while there are more
    /// calls inside than a [`resize`](crate::Bulkhead::resize) has left slots. What an autoscaler
    /// would look at.
    pub utilization: f64,
}
