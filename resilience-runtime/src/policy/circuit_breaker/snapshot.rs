//! A circuit breaker at one moment.

use std::time::Duration;

use crate::state::State;

/// A [`CircuitBreaker`](crate::CircuitBreaker) at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CircuitBreakerSnapshot {
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
    /// How long a call would be told to stay away now.
    pub retry_after: Duration,
}
