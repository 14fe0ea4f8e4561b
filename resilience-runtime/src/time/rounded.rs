//! Durations for people and for logs, in whole milliseconds.

use std::time::Duration;

/// Returns the duration in whole milliseconds, rounded up: a caller that waits so long does not
/// come too early.
pub(crate) fn whole_milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
}

/// Returns the duration, rounded up to a millisecond. Texts with such durations are alike, and so a
/// reader of logs can count them.
pub(crate) fn rounded_up(duration: Duration) -> Duration {
    Duration::from_millis(whole_milliseconds(duration))
}
