//! A circuit breaker at one moment.

use std::time::Duration;

use crate::outcome::{ErrorText, Key};
use crate::state::{State, TransitionReason};
use crate::state_now::StateNow;

/// A [`CircuitBreaker`](crate::CircuitBreaker) at one moment.
///
/// ```
/// use resilience::{CircuitBreaker, State};
///
/// static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment").failure_threshold(2);
///
/// PAYMENT.admit()?.failure();
/// let snapshot = PAYMENT.snapshot();
/// assert_eq!((snapshot.state, snapshot.failures), (State::Closed, 1));
/// # Ok::<(), resilience::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CircuitBreakerSnapshot {
    /// The breaker's name.
    pub name: &'static str,
    /// The key, for an instance of a [`Keyed`](crate::Keyed).
    pub key: Option<Key>,
    /// The state.
    pub state: State,
    /// Reason for which the breaker has opened, while open, half-open or forced open.
    pub reason: Option<TransitionReason>,
    /// Failures since the last success, while closed; 0 if a run of them can't open the breaker.
    pub consecutive_failures: u32,
    /// Calls within the window, while closed: all calls if the breaker takes a rate or looks at a
    /// number of last calls, only failures if it has a `failure_threshold`, else none.
    pub calls: u64,
    /// Failures within the window, while closed; those of the run if the breaker looks at nothing
    /// else.
    pub failures: u64,
    /// Slow calls within the window, while closed.
    pub slow_calls: u64,
    /// Probes under way, while half-open.
    pub probes: usize,
    /// Probes that succeeded, while half-open.
    pub successes: u32,
    /// Results that came too late to count, since the start.
    pub stale: u64,
    /// Time to the next probe, while open; zero if a probe is due. `None` in other states, and if
    /// the open spell never ends by itself.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "retry_after_ms", serialize_with = "crate::time::milliseconds")
    )]
    pub retry_after: Option<Duration>,
    /// Text of the error that opened the breaker, while open or half-open. `None` if the error has
    /// no text, and if a call opened it that was slow but did not fail.
    pub last_failure: Option<ErrorText>,
    /// Set if the breaker has reached one of its limits, and is closed only because of
    /// [`Keyed::max_open`](crate::Keyed::max_open): at its last failure or slow call, as many keys
    /// as may be were open.
    pub kept_closed: bool,
}

impl CircuitBreakerSnapshot {
    /// The state for people.
    pub(crate) const fn state_now(&self) -> StateNow {
        StateNow { state: self.state, retry_after: self.retry_after }
    }
}
