//! What a policy says when it ends a call, and how that travels beside the function's own error.

use std::time::Duration;

/// A policy ended the call: the function did not get to answer.
///
/// An annotated function returns its own error type `E`; a policy's error becomes one by
/// `E: From<resilience::Error>`. With `thiserror` that is one variant:
///
/// ```
/// #[derive(Debug, thiserror::Error)]
/// enum ApiError {
///     #[error("the service answered {0}")]
///     Status(u16),
///     #[error(transparent)]
///     Resilience(#[from] resilience::Error),
/// }
/// ```
///
/// More kinds may come, more fields of these will not: a test of what your code does about an open
/// breaker makes one by hand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// `#[timeout]`: the limit passed before the function answered. Its future has been dropped,
    /// unless `cancel = false` lets it go on.
    #[error("`{function}` timed out after {limit:?}")]
    TimedOut {
        /// The annotated function, by module path and name.
        function: &'static str,
        /// The limit that passed: less than the function's own where a deadline given by
        /// [`with_deadline`](crate::with_deadline) was nearer.
        limit: Duration,
    },

    /// `#[circuit_breaker]`: the breaker is open, and the function was not called.
    #[error("circuit breaker `{name}` is open: the call was not made; {}", Again(*retry_after))]
    CircuitOpen {
        /// The breaker's name.
        name: &'static str,
        /// How long until the breaker lets a call through to probe. Zero while probes are already
        /// on their way; [`Duration::MAX`] while the breaker is forced open.
        retry_after: Duration,
    },

    /// `#[bulkhead]`: every slot was taken for as long as the call would wait, and the function
    /// was not called.
    #[error(
        "bulkhead `{name}` is full: {active} inside, {waiting} more waiting; the call was not made; \
         come back when some have ended"
    )]
    BulkheadFull {
        /// The bulkhead's name.
        name: &'static str,
        /// Calls inside when this one was rejected.
        active: u32,
        /// Calls that went on waiting when this one was rejected.
        waiting: u32,
    },
}

/// The half sentence of [`Error::CircuitOpen`] on when to come back.
struct Again(Duration);

impl std::fmt::Display for Again {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Duration::ZERO => f.write_str("a probe is on its way, come back when it has answered"),
            Duration::MAX => {
                f.write_str("it is held open by hand, come back when it has been reset")
            }
            wait => write!(f, "come back in {wait:?}"),
        }
    }
}
