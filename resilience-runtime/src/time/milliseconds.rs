//! Durations as a number that every reader of JSON knows.

use std::time::Duration;

/// Serializes a duration as whole milliseconds, rounded up: a caller that waits so long does not
/// come too early.
pub(crate) fn milliseconds<D: Copy + Into<Option<Duration>>, S: serde::Serializer>(
    duration: &D,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let whole = (*duration)
        .into()
        .map(|duration| u64::try_from(duration.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX));
    serde::Serialize::serialize(&whole, serializer)
}
