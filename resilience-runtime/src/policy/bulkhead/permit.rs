//! The guard of a call that is inside.

use super::queue::Place;

/// A place inside a bulkhead; dropping it gives the place to the next in the queue.
#[derive(Debug)]
#[must_use = "the place is given back when this is dropped"]
pub struct Permit<'a> {
    pub(super) _place: Place<'a>,
}
