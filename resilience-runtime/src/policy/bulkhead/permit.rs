//! The guard of a call that is inside.

use super::queue::Slot;

/// A slot inside a bulkhead; dropping it gives the slot to the next in the queue.
#[derive(Debug)]
#[must_use = "the slot is given back when this is dropped"]
pub struct Permit<'a> {
    pub(super) _slot: Slot<'a>,
}
