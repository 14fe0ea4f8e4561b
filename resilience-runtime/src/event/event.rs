//! The events: everything that went wrong, nothing that went well.

use std::time::Duration;

use crate::state::State;

/// Something a layer did because a call did not simply succeed.
///
/// `function` is the annotated function's module path and name, as in `my_app::payment::charge`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// An attempt failed; the next one starts after `delay`.
    #[non_exhaustive]
    RetryScheduled {
        /// The function.
        function: &'static str,
        /// The attempt that failed; the first call is 1.
        attempt: u32,
        /// The sleep before the next attempt, jitter and hint included.
        delay: Duration,
    },
    /// The last attempt allowed failed too.
    #[non_exhaustive]
    RetriesExhausted {
        /// The function.
        function: &'static str,
        /// The attempts made, the first call included.
        attempts: u32,
    },
    /// An attempt failed that would have been followed by another, but for `reason`.
    #[non_exhaustive]
    RetrySuppressed {
        /// The function.
        function: &'static str,
        /// The attempt that failed; the first call is 1.
        attempt: u32,
        /// What stood against another attempt.
        reason: SuppressionReason,
    },
    /// A limit passed; the work was dropped.
    #[non_exhaustive]
    TimedOut {
        /// The function.
        function: &'static str,
        /// The limit.
        limit: Duration,
    },
    /// A breaker changed its state.
    #[non_exhaustive]
    CircuitBreakerTransition {
        /// The breaker's name.
        name: &'static str,
        /// The state before.
        from: State,
        /// The state now.
        to: State,
    },
    /// A breaker rejected a call.
    #[non_exhaustive]
    CircuitBreakerRejected {
        /// The breaker's name.
        name: &'static str,
        /// The function; `None` for [`CircuitBreaker::call`](crate::CircuitBreaker::call).
        function: Option<&'static str>,
        /// As in [`Error::CircuitOpen`](crate::Error::CircuitOpen).
        retry_after: Duration,
    },
    /// A bulkhead rejected a call.
    #[non_exhaustive]
    BulkheadRejected {
        /// The bulkhead's name.
        name: &'static str,
        /// The function; `None` for [`Bulkhead::call`](crate::Bulkhead::call).
        function: Option<&'static str>,
        /// Calls inside.
        active: u32,
        /// Calls waiting.
        waiting: u32,
    },
    /// A fallback was asked for the answer.
    #[non_exhaustive]
    FallbackUsed {
        /// The function.
        function: &'static str,
    },
    /// A call ended that a breaker had admitted before its last transition, or a probe whose place
    /// had been given to another: the result changes nothing.
    #[non_exhaustive]
    StaleResult {
        /// The breaker's name.
        name: &'static str,
    },
}

/// Why a `#[retry]` made no further attempt though it had some left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SuppressionReason {
    /// A `#[retry]` around this one, on the same task, does the retrying.
    Nested,
    /// The sleep would outlive the deadline that a `#[timeout]` has set.
    Deadline,
    /// The sleep would outlive `max_elapsed`.
    MaxElapsed,
    /// The [`RetryBudget`](crate::RetryBudget) is spent.
    Budget,
}
