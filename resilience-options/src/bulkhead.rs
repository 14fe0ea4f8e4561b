//! The options of a bulkhead.

use std::time::Duration;

options! {
    /// Options of a bulkhead.
    pub struct BulkheadOptions("bulkhead", "bulkhead") {
        /// Number of calls inside at once.
        max_concurrent: u32, at_least(1, "with 0 every call would be rejected"),
            "calls inside at once", |it| Some(it.max_concurrent());
        /// Longest time that a call waits for a slot.
        max_wait: Duration, any, "longest wait for a slot", |it| Some(it.max_wait());
        /// Number of calls that wait at once.
        max_queue: u32, any, "calls that wait at once", |it| Some(it.max_queue());
    }
}

const DEFAULT_CONCURRENT: u32 = 10;
const DEFAULT_WAIT: Duration = Duration::from_secs(5);
/// Far more calls than slots serve within a wait, and a few megabytes of memory in an outage.
const DEFAULT_QUEUE: u32 = 10_000;

impl BulkheadOptions {
    /// Number of calls inside at once. Default 10.
    #[inline]
    #[must_use]
    pub const fn max_concurrent(&self) -> u32 {
        match self.max_concurrent {
            Some(calls) => calls,
            None => DEFAULT_CONCURRENT,
        }
    }

    /// Longest time that a call waits for a slot. Default 5 s.
    #[inline]
    #[must_use]
    pub const fn max_wait(&self) -> Duration {
        match self.max_wait {
            Some(wait) => wait,
            None => DEFAULT_WAIT,
        }
    }

    /// Number of calls that wait at once. Default 10 000.
    #[inline]
    #[must_use]
    pub const fn max_queue(&self) -> u32 {
        match self.max_queue {
            Some(calls) => calls,
            None => DEFAULT_QUEUE,
        }
    }
}
