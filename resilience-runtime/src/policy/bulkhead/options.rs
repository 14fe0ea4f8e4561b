//! The limits of a bulkhead, and which of them can't be right.

use std::time::Duration;

#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_field_names, reason = "these are the arguments' names")]
pub(crate) struct BulkheadOptions {
    pub(crate) max_concurrent: u32,
    /// `None`: the default, which may be longer than a timeout around lets it wait.
    pub(crate) max_wait: Option<Duration>,
    /// `None`: any number.
    pub(crate) max_queue: Option<u32>,
}

impl BulkheadOptions {
    pub(crate) const DEFAULT: Self = Self { max_concurrent: 10, max_wait: None, max_queue: None };

    pub(crate) fn max_wait(&self) -> Duration {
        self.max_wait.unwrap_or(Duration::from_secs(5))
    }

    /// Why this can't be right, as a sentence; `None` if it can.
    pub(crate) const fn refusal(&self) -> Option<&'static str> {
        if self.max_concurrent == 0 {
            return Some("max_concurrent must be at least 1: with 0 no call could ever get in");
        }
        None
    }
}
