//! The limits of a bulkhead as text for people.

use super::bulkhead::Bulkhead;

impl Bulkhead {
    /// Describes the limits in force.
    pub(crate) fn describe(&self) -> String {
        let (max_wait, max_queue) =
            self.options.with(|options| (options.max_wait(), options.max_queue()));
        let inside = self.slots.limit();
        if max_wait.is_zero() || max_queue == 0 {
            return format!("{inside} inside, none waits");
        }
        format!("{inside} inside, {max_queue} more wait up to {max_wait:?}")
    }
}
