//! The class of a failure: worth another attempt, counted against the dependency, or neither.

use std::fmt;
use std::time::Duration;

/// The meaning of a failure for the policies.
///
/// | class | for example | `#[retry]` | `#[circuit_breaker]` | `#[fallback]` | [stats](crate::CallStats), and the success rate |
/// |---|---|---|---|---|---|
/// | `Transient` | connection reset, 503 | tries again | counts a failure | acts | `failures`; lowers it |
/// | `RetryAfter` | 429 with `Retry-After` | tries again, no sooner | counts a failure | acts | `failures`; lowers it |
/// | `Permanent` | access denied, 501 | gives up | counts a failure | acts | `failures`; lowers it |
/// | `Expected` | no such record, 404 | gives up | counts a success | passes it on | `expected`; raises it |
/// | `Ignored` | an address that can't be parsed | gives up | counts nothing | passes it on | `ignored`; left out |
///
/// `when = PREDICATE` on an attribute overrides the class for that attribute: a breaker counts an
/// error that its predicate refuses as a success, unless the class is `Ignored`. A policy's error
/// has a class too, `Transient` for a timeout and `Ignored` for a rejection, but a fallback always
/// acts on it. A policy's
/// `call_with` takes a function that gives the class:
///
/// ```
/// use resilience::{Class, RetryPolicy};
/// use std::num::ParseIntError;
///
/// static STANDARD: RetryPolicy = RetryPolicy::new("standard");
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let never_again = |_: &ParseIntError| Class::Permanent;
/// let result = STANDARD.call_with(never_again, async || "seven".parse::<u32>()).await;
/// assert!(result.is_err(), "after one attempt");
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Class {
    /// May pass by itself: another attempt is worth it.
    Transient,
    /// As `Transient`, and the dependency said how long to stay away (HTTP's `Retry-After`). The
    /// duration is the least delay before the next attempt: the delay of the retry comes on top.
    /// One that is longer than `max_retry_after` ends the retrying.
    RetryAfter(Duration),
    /// Another attempt would fail in the same way.
    Permanent,
    /// A proper answer that is no failure of the dependency (a record that does not exist, an
    /// account without funds): it works.
    Expected,
    /// No evidence about the dependency: the caller's own mistake, before anything was sent.
    Ignored,
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transient => f.write_str("transient"),
            Self::RetryAfter(hint) => write!(f, "retry after {hint:?}"),
            Self::Permanent => f.write_str("permanent"),
            Self::Expected => f.write_str("expected"),
            Self::Ignored => f.write_str("ignored"),
        }
    }
}
