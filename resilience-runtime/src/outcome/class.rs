//! The class of a failure: worth another attempt, counted against the dependency, or neither.

use std::time::Duration;

/// What a failure says about the dependency.
///
/// | class | `#[retry]` | `#[circuit_breaker]` | `#[fallback]` |
/// |---|---|---|---|
/// | `Transient` | tries again | counts a failure | acts |
/// | `RetryAfter` | tries again, no sooner | counts a failure | acts |
/// | `Permanent` | gives up | counts a failure | acts |
/// | `Ignored` | gives up | counts nothing | acts |
///
/// `when = PREDICATE` on an attribute overrides the class for that attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Class {
    /// May pass by itself: another attempt is worth it.
    Transient,
    /// As `Transient`, and the dependency said how long to stay away (HTTP's `Retry-After`). The
    /// duration is the least delay before the next attempt.
    RetryAfter(Duration),
    /// Another attempt would fail in the same way.
    Permanent,
    /// Says nothing about the dependency (a bad request, a record that does not exist).
    Ignored,
}
