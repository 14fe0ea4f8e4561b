//! The option of a timeout: its limit. The attribute takes the limit without a name.

use std::time::Duration;

options! {
    /// Options of a timeout.
    pub struct TimeoutOptions("timeout", "timeout") {
        /// Longest time that the work inside may take.
        timeout: Duration, longer_than_zero("no call can succeed in zero time"),
            "longest time that the work inside may take", |it| Some(it.limit());
    }
}

const DEFAULT_LIMIT: Duration = Duration::from_secs(5);

impl TimeoutOptions {
    /// Creates options with this limit.
    #[inline]
    #[must_use]
    pub const fn new(limit: Duration) -> Self {
        Self { timeout: Some(limit) }
    }

    /// Longest time that the work inside may take. Default 5 s.
    #[inline]
    #[must_use]
    pub const fn limit(&self) -> Duration {
        match self.timeout {
            Some(limit) => limit,
            None => DEFAULT_LIMIT,
        }
    }
}
