//! A circuit breaker at one moment.

use std::sync::Arc;
use std::time::Duration;

use crate::state::State;

/// A [`CircuitBreaker`](crate::CircuitBreaker) at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CircuitBreakerSnapshot {
    /// The breaker's name.
    pub name: &'static str,
    /// The key, for an instance of a [`Keyed`](crate::Keyed).
    pub key: Option<Arc<str>>,
    /// The state.
    pub state: State,
    /// Calls within the window, while closed: all of them if the breaker takes a rate or looks at
    /// the last so many calls, else those that failed.
    pub calls: u64,
    /// Failures within the window, while closed.
    pub failures: u64,
    /// Slow calls within the window, while closed.
    pub slow_calls: u64,
    /// Probes on their way, while half-open.
    pub probes: usize,
    /// Probes that succeeded, while half-open.
    pub successes: u32,
    /// Results that came too late to count, since the start.
    pub stale: u64,
    /// Time to the next probe, while open; zero if a probe is due. `None` in other states.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "retry_after_ms", serialize_with = "crate::time::milliseconds")
    )]
    pub retry_after: Option<Duration>,
}
