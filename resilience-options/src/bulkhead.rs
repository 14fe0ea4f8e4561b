//! The options of a bulkhead.

use std::time::Duration;

options! {
    /// Options of a bulkhead.
    pub struct BulkheadOptions("bulkhead", "bulkhead") {
        /// Number of calls inside at once.
        max_concurrent: u32, at_least(1, "with 0 no call could ever get in"),
            "calls inside at once", |it| Some(it.max_concurrent());
        /// Time that a call waits for a place.
        max_wait: Duration, any, "how long a call waits for a place", |it| Some(it.max_wait());
        /// Number of calls that wait at once.
        max_queue: u32, any, "calls waiting at once; else any number", |it| it.max_queue;
    }
}

const DEFAULT_CONCURRENT: u32 = 10;
const DEFAULT_WAIT: Duration = Duration::from_secs(5);

impl BulkheadOptions {
    /// Number of calls inside at once.
    #[inline]
    #[must_use]
    pub const fn max_concurrent(&self) -> u32 {
        match self.max_concurrent {
            Some(calls) => calls,
            None => DEFAULT_CONCURRENT,
        }
    }

    /// Time that a call waits for a place.
    #[inline]
    #[must_use]
    pub const fn max_wait(&self) -> Duration {
        match self.max_wait {
            Some(wait) => wait,
            None => DEFAULT_WAIT,
        }
    }
}
