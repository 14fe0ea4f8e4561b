//! The events: everything that went wrong, nothing that went well.

use std::fmt;
use std::time::Duration;

use crate::outcome::{ErrorText, Key};
use crate::state::{State, TransitionReason};

/// A step that a layer took because a call did not simply succeed.
///
/// `function` is the annotated function's module path and name, as in `my_app::payment::charge`.
/// For a `call` on a static it is the name of the [`Policy`](crate::Policy) or
/// [`RetryPolicy`](crate::RetryPolicy), and `None` for a breaker, bulkhead or rate
/// limiter. `key` is the key of
/// an instance of a [`Keyed`](crate::Keyed).
///
/// With the feature `serde` an event is serialized under its name, as in `{"event":
/// "retry_scheduled", "function": …, "attempt": 1, "delay_ms": 250}`. Durations are whole
/// milliseconds, rounded up.
///
/// ```
/// use resilience::{Event, observe};
///
/// let alarms = observe(|event| match event {
///     Event::CircuitBreakerTransition { name, key, from, to, reason, error, .. } => {
///         let key = key.as_deref().unwrap_or_default();
///         let error = error.as_deref().unwrap_or_default();
///         eprintln!("{name} {key}: {from} -> {to} because of {reason} {error}");
///     }
///     _ => {}
/// });
/// # drop(alarms);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(tag = "event", rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum Event {
    /// An attempt failed; the next one starts after `delay`.
    #[non_exhaustive]
    RetryScheduled {
        /// The function.
        function: &'static str,
        /// Number of the attempt that failed; the first call is 1.
        attempt: u32,
        /// Sleep before the next attempt, jitter and hint included.
        #[cfg_attr(
            feature = "serde",
            serde(rename = "delay_ms", serialize_with = "crate::time::milliseconds")
        )]
        delay: Duration,
        /// Text of the error, if it has one.
        error: Option<ErrorText>,
    },
    /// The last attempt allowed failed too.
    #[non_exhaustive]
    RetriesExhausted {
        /// The function.
        function: &'static str,
        /// Number of attempts made, the first call included.
        attempts: u32,
        /// Text of the error, if it has one.
        error: Option<ErrorText>,
    },
    /// An attempt failed that would have been followed by another, but for `reason`.
    #[non_exhaustive]
    RetrySuppressed {
        /// The function.
        function: &'static str,
        /// Number of the attempt that failed; the first call is 1.
        attempt: u32,
        /// Reason against another attempt.
        reason: SuppressionReason,
        /// Text of the error, if it has one.
        error: Option<ErrorText>,
    },
    /// A limit passed. The work was dropped, unless `cancel = false` lets it go on.
    #[non_exhaustive]
    TimedOut {
        /// The function.
        function: &'static str,
        /// The limit.
        #[cfg_attr(
            feature = "serde",
            serde(rename = "limit_ms", serialize_with = "crate::time::milliseconds")
        )]
        limit: Duration,
    },
    /// A breaker changed its state.
    #[non_exhaustive]
    CircuitBreakerTransition {
        /// The breaker's name.
        name: &'static str,
        /// The breaker's key, if it has one.
        key: Option<Key>,
        /// The state before.
        from: State,
        /// The state now.
        to: State,
        /// Reason of the change.
        reason: TransitionReason,
        /// Text of the error with which the breaker opened, if it has one.
        error: Option<ErrorText>,
    },
    /// A breaker of a [`Keyed`](crate::Keyed) has reached one of its limits, and stays closed
    /// because of [`max_open`](crate::Keyed::max_open). Emitted at the first such result, and again
    /// after each further `open_for`, for as long as the breaker is kept closed.
    #[non_exhaustive]
    CircuitBreakerKeptClosed {
        /// The breaker's name.
        name: &'static str,
        /// The breaker's key.
        key: Option<Key>,
        /// Reason for which it would have opened.
        reason: TransitionReason,
        /// Number of keys whose breaker is open, half-open or forced open.
        open: usize,
        /// Number of keys that have a place.
        keys: usize,
        /// Text of the error with which the breaker would have opened, if it has one.
        error: Option<ErrorText>,
    },
    /// A breaker rejected a call.
    #[non_exhaustive]
    CircuitBreakerRejected {
        /// The breaker's name.
        name: &'static str,
        /// The breaker's key, if it has one.
        key: Option<Key>,
        /// The function; `None` for [`CircuitBreaker::call`](crate::CircuitBreaker::call).
        function: Option<&'static str>,
        /// As in [`Error::CircuitOpen`](crate::Error::CircuitOpen).
        #[cfg_attr(
            feature = "serde",
            serde(rename = "retry_after_ms", serialize_with = "crate::time::milliseconds")
        )]
        retry_after: Option<Duration>,
    },
    /// A bulkhead rejected a call.
    #[non_exhaustive]
    BulkheadRejected {
        /// The bulkhead's name.
        name: &'static str,
        /// The bulkhead's key, if it has one.
        key: Option<Key>,
        /// The function; `None` for [`Bulkhead::call`](crate::Bulkhead::call) and
        /// [`Bulkhead::acquire`](crate::Bulkhead::acquire).
        function: Option<&'static str>,
        /// Number of calls inside.
        active: u32,
        /// Number of calls waiting.
        waiting: u32,
    },
    /// A rate limiter rejected a call.
    #[non_exhaustive]
    RateLimiterRejected {
        /// The limiter's name.
        name: &'static str,
        /// The limiter's key, if it has one.
        key: Option<Key>,
        /// The function; `None` for [`RateLimiter::call`](crate::RateLimiter::call) and
        /// [`RateLimiter::acquire`](crate::RateLimiter::acquire).
        function: Option<&'static str>,
        /// As in [`Error::RateLimited`](crate::Error::RateLimited).
        #[cfg_attr(
            feature = "serde",
            serde(rename = "retry_after_ms", serialize_with = "crate::time::milliseconds")
        )]
        retry_after: Option<Duration>,
    },
    /// A dependency said when to come back, and its rate limiter is paused for all callers.
    #[non_exhaustive]
    RateLimiterPaused {
        /// The limiter's name.
        name: &'static str,
        /// The limiter's key, if it has one.
        key: Option<Key>,
        /// Length of the pause. A later answer may make it longer, without another event.
        #[cfg_attr(
            feature = "serde",
            serde(rename = "length_ms", serialize_with = "crate::time::milliseconds")
        )]
        length: Duration,
    },
    /// A fallback was asked for the answer.
    #[non_exhaustive]
    FallbackUsed {
        /// The function.
        function: &'static str,
        /// Text of the error that the fallback answers, if it has one.
        error: Option<ErrorText>,
    },
    /// A call ended that a breaker had admitted before its last transition: the result changes
    /// nothing.
    #[non_exhaustive]
    StaleResult {
        /// The breaker's name.
        name: &'static str,
        /// The breaker's key, if it has one.
        key: Option<Key>,
    },
    /// A bulkhead has another limit, set by hand: by [`resize`](crate::Bulkhead::resize) or by
    /// [`undo_resize`](crate::Bulkhead::undo_resize).
    #[non_exhaustive]
    BulkheadResized {
        /// The bulkhead's name.
        name: &'static str,
        /// The bulkhead's key, if it has one.
        key: Option<Key>,
        /// The limit before.
        from: u32,
        /// The limit now.
        to: u32,
    },
    /// The limits of a configuration came into force: feature `toml`.
    #[non_exhaustive]
    ConfigurationApplied {
        /// Number of configurations since the start of the program, this one included.
        version: u64,
        /// Path of the file, if it was one.
        file: Option<String>,
    },
    /// A configuration was refused, and nothing has changed: feature `toml`.
    #[non_exhaustive]
    ConfigurationRefused {
        /// Path of the file, if it was one.
        file: Option<String>,
        /// The reasons, each on a line of its own.
        error: String,
    },
    /// A [`Keyed`](crate::Keyed) is full, and nothing in it can be evicted: its page says what that
    /// means for the keys that find no place. Emitted for the first such key, and again only after
    /// a new key has found a place in between. With the feature `tracing`, a line in the log at
    /// most once a minute for each table.
    #[non_exhaustive]
    KeyedFull {
        /// Kind of its policy.
        kind: KeyedKind,
        /// Name of its policy.
        name: &'static str,
        /// Key that found no place.
        key: Key,
        /// Number of keys that it keeps.
        capacity: usize,
    },
}

/// Kind of the policy of a [`Keyed`](crate::Keyed).
///
/// ```
/// assert_eq!(resilience::events::KeyedKind::CircuitBreaker.to_string(), "circuit_breaker");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum KeyedKind {
    /// [`CircuitBreaker`](crate::CircuitBreaker).
    CircuitBreaker,
    /// [`Bulkhead`](crate::Bulkhead).
    Bulkhead,
    /// [`RateLimiter`](crate::RateLimiter).
    RateLimiter,
}

impl fmt::Display for KeyedKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CircuitBreaker => "circuit_breaker",
            Self::Bulkhead => "bulkhead",
            Self::RateLimiter => "rate_limiter",
        })
    }
}

/// Reason why a retry made no further attempt though it had some left.
///
/// ```
/// assert_eq!(resilience::SuppressionReason::MaxElapsed.to_string(), "max_elapsed");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum SuppressionReason {
    /// A retry around this one, on the same task, does the retrying.
    Nested,
    /// The sleep would outlive the deadline of the task.
    Deadline,
    /// The sleep would outlive `max_elapsed`.
    MaxElapsed,
    /// The hint of the error is longer than `max_retry_after`.
    MaxRetryAfter,
    /// The [`RetryBudget`](crate::RetryBudget) is spent.
    Budget,
}

impl fmt::Display for SuppressionReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nested => "nested",
            Self::Deadline => "deadline",
            Self::MaxElapsed => "max_elapsed",
            Self::MaxRetryAfter => "max_retry_after",
            Self::Budget => "budget",
        })
    }
}
