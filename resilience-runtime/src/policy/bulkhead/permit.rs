//! The guard of a call inside a bulkhead.

use std::fmt;

use super::queue::Slot;

/// Guard of a call that holds a slot of a bulkhead. Dropping it gives the slot to the first call in
/// the queue, or frees the slot.
///
/// [`Bulkhead::acquire`](crate::Bulkhead::acquire) returns it, for work that is not one call, as
/// here a stream of rows:
///
/// ```
/// use resilience::{Bulkhead, Permit};
///
/// static QUERIES: Bulkhead = Bulkhead::new("queries").max_concurrent(2);
///
/// struct Rows {
///     rows: std::ops::Range<u32>,
///     _permit: Permit<'static>,
/// }
///
/// impl Rows {
///     async fn next(&mut self) -> Option<u32> {
///         self.rows.next()
///     }
/// }
///
/// async fn query() -> Result<Rows, resilience::Error> {
///     let permit = QUERIES.acquire().await?;
///     Ok(Rows { rows: 0..3, _permit: permit })
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), resilience::Error> {
/// let mut rows = query().await?;
/// assert_eq!(rows.next().await, Some(0));
/// assert_eq!(QUERIES.snapshot().active, 1);
/// drop(rows);
/// assert_eq!(QUERIES.snapshot().active, 0);
/// # Ok(())
/// # }
/// ```
#[must_use = "the slot is free again when this guard is dropped"]
pub struct Permit<'a> {
    pub(super) _slot: Slot<'a>,
}

impl fmt::Debug for Permit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit").finish_non_exhaustive()
    }
}
