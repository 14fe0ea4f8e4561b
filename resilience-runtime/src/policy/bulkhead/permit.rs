//! The guard of a call inside a bulkhead.

use super::queue::Slot;

/// Guard of a call that holds a slot of a bulkhead. Dropping it gives the slot to the first call in
/// the queue, or frees the slot.
#[derive(Debug)]
#[must_use = "the slot is free again when this guard is dropped"]
pub struct Permit<'a> {
    pub(super) _slot: Slot<'a>,
}
