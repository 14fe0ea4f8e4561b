//! The error of a policy that ended a call.

use super::error_text::ErrorText;
use super::key::Key;
use super::one_line::OneLine;

use std::fmt;
use std::time::Duration;

use crate::state::TransitionReason;
use crate::time::rounded_up;

/// Error of a policy that ended a call: the function did not get to answer.
///
/// An annotated function returns its own error type `E`; a policy's error becomes one by
/// `E: From<resilience::Error>`. With `thiserror` that is one variant:
///
/// ```
/// #[derive(Debug, thiserror::Error, resilience::Classify)]
/// enum ApiError {
///     #[error("the service answered {0}")]
///     Status(u16),
///     #[error("{0}")]
///     Resilience(#[from] resilience::Error),
/// }
/// ```
///
/// `"{0}"` rather than `transparent` lets [`find`](Error::find) meet the error among the sources
/// of yours.
///
/// # Answering with 503
///
/// A handler that answers for many functions asks the error of each for a policy's error. A
/// rejection means "not now": [`retry_after`](Self::retry_after) says when, where somebody knows.
///
/// ```
/// use resilience::Error;
///
/// /// Status of the answer, and the seconds of `Retry-After`.
/// fn answer(error: &(dyn std::error::Error + 'static)) -> (u16, Option<u64>) {
///     match Error::find(error) {
///         // Whole seconds, rounded up: a caller that comes back too early is rejected again.
///         Some(error) if error.is_rejection() => {
///             (503, error.retry_after().map(|wait| wait.as_secs_f64().ceil() as u64))
///         }
///         Some(error) if error.is_timeout() => (504, None),
///         _ => (500, None),
///     }
/// }
///
/// let open = Error::CircuitOpen {
///     name: "payment",
///     key: None,
///     retry_after: Some(std::time::Duration::from_millis(1_500)),
///     reason: resilience::events::TransitionReason::FailureRate,
///     last_failure: None,
/// };
/// assert_eq!(answer(&open), (503, Some(2)));
/// assert_eq!(answer(&std::fmt::Error), (500, None));
/// ```
///
/// For an error type that hides the error from its sources, [`Classify::policy_error`] answers the
/// same question; [`Failure::policy`] does for the result of a policy's `call`.
///
/// [`Classify::policy_error`]: crate::Classify::policy_error
/// [`Failure::policy`]: crate::Failure::policy
///
/// # Made by hand
///
/// Variants may be added; existing ones will not gain fields. So a test of what your code does
/// about an open breaker can make the error by hand:
///
/// ```
/// use resilience::Error;
/// use resilience::events::TransitionReason;
/// use std::time::Duration;
///
/// let error = Error::CircuitOpen {
///     name: "host",
///     key: Some("a.example".into()),
///     retry_after: Some(Duration::from_secs(12)),
///     reason: TransitionReason::ConsecutiveFailures,
///     last_failure: Some("connection refused".into()),
/// };
/// assert!(error.is_circuit_open() && error.is_rejection());
/// assert_eq!((error.name(), error.key()), ("host", Some("a.example")));
/// assert_eq!(error.retry_after(), Some(Duration::from_secs(12)));
/// assert_eq!(
///     error.to_string(),
///     "circuit breaker `host` (key `a.example`) is open because of a run of failures, last \
///      failure: connection refused; come back in 12s",
/// );
/// ```
// With a tag of its own. Else the tag would be hidden in `retry_after`, and the compiler would not
// know of an error made from a time of the clock that it is an error: a call that succeeds would
// keep its future in memory, and take twice as long.
#[repr(u64)]
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// `#[timeout]`: the limit passed before the function answered. The function's future has been
    /// dropped, unless `cancel = false` lets it go on.
    #[error("`{}` timed out after {:?}", OneLine(function), rounded_up(*limit))]
    TimedOut {
        /// The annotated function, by module path and name.
        function: &'static str,
        /// The limit that passed. If [`with_deadline`](crate::with_deadline) set an earlier
        /// deadline, the time that was available.
        limit: Duration,
    },

    /// `#[circuit_breaker]`: the breaker is open, and the function was not called.
    #[error(
        "circuit breaker {} is open {}{}{}",
        NameAndKey(name, key.as_deref()),
        reason.why_open(),
        NotMade(last_failure.as_deref()),
        ComeBack(*retry_after)
    )]
    CircuitOpen {
        /// The breaker's name.
        name: &'static str,
        /// The key, for an instance of a [`Keyed`](crate::Keyed).
        key: Option<Key>,
        /// Time until the breaker lets a call through to probe; while as many probes as allowed are
        /// under way, the time until one of them loses its place. `None` if nobody knows: the
        /// breaker is forced open.
        retry_after: Option<Duration>,
        /// Reason for which the breaker has opened: the criterion that was met, a failed probe, or
        /// by hand if it is forced open.
        reason: TransitionReason,
        /// Text of the error that opened the breaker. `None` if the error has no text, if a call
        /// opened the breaker that was slow but did not fail, or if it is forced open.
        last_failure: Option<ErrorText>,
    },

    /// `#[bulkhead]`: no slot fell free for as long as the call would wait, and the function was
    /// not called.
    #[error(
        "bulkhead {} is full: {active} inside, {waiting} more waiting; the call was not made; \
         come back when some have ended",
        NameAndKey(name, key.as_deref())
    )]
    BulkheadFull {
        /// The bulkhead's name.
        name: &'static str,
        /// The key, for an instance of a [`Keyed`](crate::Keyed).
        key: Option<Key>,
        /// Number of calls inside when this one was rejected.
        active: u32,
        /// Number of calls that went on waiting when this one was rejected.
        waiting: u32,
    },

    /// `#[rate_limiter]`: the turn of the call would have come after the longest wait or after the
    /// deadline, and the function was not called.
    #[error("rate limiter {} {}", NameAndKey(name, key.as_deref()), NoTurn(*retry_after))]
    RateLimited {
        /// The limiter's name.
        name: &'static str,
        /// The key, for an instance of a [`Keyed`](crate::Keyed).
        key: Option<Key>,
        /// Time until a call of the same cost has its turn. `None` if it never has: the cost is
        /// more than the limiter's `burst`.
        retry_after: Option<Duration>,
    },
}

impl Error {
    /// Returns `true` if a limit passed before the function answered.
    #[must_use]
    pub const fn is_timeout(&self) -> bool {
        matches!(self, Self::TimedOut { .. })
    }

    /// Returns `true` if an open breaker rejected the call.
    #[must_use]
    pub const fn is_circuit_open(&self) -> bool {
        matches!(self, Self::CircuitOpen { .. })
    }

    /// Returns `true` if a full bulkhead rejected the call.
    #[must_use]
    pub const fn is_bulkhead_full(&self) -> bool {
        matches!(self, Self::BulkheadFull { .. })
    }

    /// Returns `true` if a rate limiter rejected the call.
    #[must_use]
    pub const fn is_rate_limited(&self) -> bool {
        matches!(self, Self::RateLimited { .. })
    }

    /// Returns `true` if a policy rejected the call, so that the function was not called.
    #[must_use]
    pub const fn is_rejection(&self) -> bool {
        match self {
            Self::CircuitOpen { .. } | Self::BulkheadFull { .. } | Self::RateLimited { .. } => true,
            Self::TimedOut { .. } => false,
        }
    }

    /// Time until a call may be let through again. `None` if nobody knows, and for errors without
    /// such a time.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::CircuitOpen { retry_after, .. } | Self::RateLimited { retry_after, .. } => {
                *retry_after
            }
            Self::TimedOut { .. } | Self::BulkheadFull { .. } => None,
        }
    }

    /// Name of the policy that rejected the call, or of the function that timed out.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::TimedOut { function: name, .. }
            | Self::CircuitOpen { name, .. }
            | Self::BulkheadFull { name, .. }
            | Self::RateLimited { name, .. } => name,
        }
    }

    /// Key of the instance that rejected the call, if it is one of a [`Keyed`](crate::Keyed).
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::CircuitOpen { key, .. }
            | Self::BulkheadFull { key, .. }
            | Self::RateLimited { key, .. } => key.as_deref(),
            Self::TimedOut { .. } => None,
        }
    }
}

/// The name of a policy, and the key of an instance, as a message gives them.
struct NameAndKey<'a>(&'a str, Option<&'a str>);

impl fmt::Display for NameAndKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(name, key) = self;
        write!(f, "`{}`", OneLine(name))?;
        key.map_or(Ok(()), |key| write!(f, " (key `{}`)", OneLine(key)))
    }
}

/// Reason why the call was not made: the error that opened the breaker, if it is known.
struct NotMade<'a>(Option<&'a str>);

impl fmt::Display for NotMade<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(error) => write!(f, ", last failure: {}", OneLine(error)),
            None => f.write_str(": the call was not made"),
        }
    }
}

/// Reason why a rate limiter did not let the call through, and when to come back.
struct NoTurn(Option<Duration>);

impl fmt::Display for NoTurn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(wait) => write!(
                f,
                "has no turn for the call in time: the call was not made; come back in {:?}",
                rounded_up(wait)
            ),
            None => f.write_str(
                "can never let this call through: its cost is more than `burst`; the call was not \
                 made",
            ),
        }
    }
}

/// The half sentence on when to come back; empty if nobody knows.
struct ComeBack(Option<Duration>);

impl fmt::Display for ComeBack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(wait) => write!(f, "; come back in {:?}", rounded_up(wait)),
            None => f.write_str("; it is not known when the next call will be let through"),
        }
    }
}
