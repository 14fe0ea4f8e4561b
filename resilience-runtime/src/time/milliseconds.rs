//! Durations as a number that every reader of JSON knows.

use std::time::Duration;

use super::rounded::whole_milliseconds;

/// Serializes a duration as whole milliseconds, rounded up: a caller that waits so long does not
/// come too early.
pub(crate) fn milliseconds<D: Copy + Into<Option<Duration>>, S: serde::Serializer>(
    duration: &D,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serde::Serialize::serialize(&(*duration).into().map(whole_milliseconds), serializer)
}
