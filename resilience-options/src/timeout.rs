//! The option of a timeout: its limit, which attributes take without a name.

use std::time::Duration;

options! {
    /// Options of a timeout.
    pub struct TimeoutOptions("timeout", "timeout") {
        /// Longest time that the work inside may take.
        timeout: Duration, longer_than_zero("in no time nothing can be done"),
            "the longest that the work inside may take", |it| Some(it.limit());
    }
}

const DEFAULT_LIMIT: Duration = Duration::from_secs(5);

impl TimeoutOptions {
    /// This limit.
    #[inline]
    #[must_use]
    pub const fn new(limit: Duration) -> Self {
        Self { timeout: Some(limit) }
    }

    /// Longest time that the work inside may take.
    #[inline]
    #[must_use]
    pub const fn limit(&self) -> Duration {
        match self.timeout {
            Some(limit) => limit,
            None => DEFAULT_LIMIT,
        }
    }
}
