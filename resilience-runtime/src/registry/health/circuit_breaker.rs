//! Health of a breaker.

use std::fmt;
use std::time::Duration;

use crate::outcome::OneLine;
use crate::outcome::{ErrorText, Key};
use crate::policy::circuit_breaker::CircuitBreakerSnapshot;
use crate::state::{State, TransitionReason};
use crate::state_now::StateNow;

/// State of a breaker.
///
/// ```
/// for breaker in resilience::registry().health().circuit_breakers {
///     println!("{breaker}"); // payment: open, probe due
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CircuitBreakerHealth {
    /// The breaker's name.
    pub name: &'static str,
    /// Key, as it is displayed, of an instance of a [`Keyed`](crate::Keyed).
    pub key: Option<Key>,
    /// State of the breaker.
    pub state: State,
    /// Reason for which the breaker has opened, while open, half-open or forced open.
    pub reason: Option<TransitionReason>,
    /// Set if the breaker is open and admits the next call as a probe: without traffic it stays
    /// open, and nobody finds out that the dependency is well again.
    pub probe_due: bool,
    /// Time to the next probe, while open; zero if a probe is due. `None` in other states.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "retry_after_ms", serialize_with = "crate::time::milliseconds")
    )]
    pub retry_after: Option<Duration>,
    /// Text of the error that opened the breaker, while open or half-open.
    pub last_failure: Option<ErrorText>,
    /// Set if the breaker has reached one of its limits, and is closed only because of
    /// [`Keyed::max_open`](crate::Keyed::max_open): at its last failure or slow call, as many keys
    /// as may be were open.
    pub kept_closed: bool,
    /// Failures since the last success, while closed, if a run of them can open the breaker.
    pub consecutive_failures: u32,
    /// Calls within the window, as in [`CircuitBreakerSnapshot`].
    pub calls: u64,
    /// Failures within the window, while closed.
    pub failures: u64,
    /// Slow calls within the window, while closed.
    pub slow_calls: u64,
    /// Results that came too late to count, since the start.
    pub stale: u64,
}

/// Shows name, key, state, and the reason and the error for which the breaker has opened, as in
/// `payment (key a.example): open, probe due, because of a run of failures, last failure: timed
/// out`.
impl fmt::Display for CircuitBreakerHealth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", OneLine(self.name))?;
        if let Some(key) = &self.key {
            write!(f, " (key {})", OneLine(key))?;
        }
        write!(f, ": {}", StateNow { state: self.state, retry_after: self.retry_after })?;
        if let Some(reason) = self.reason {
            write!(f, ", {}", reason.why_open())?;
        }
        if self.kept_closed {
            f.write_str(", kept closed by max_open")?;
        }
        let error = self.last_failure.as_deref();
        error.map_or(Ok(()), |error| write!(f, ", last failure: {}", OneLine(error)))
    }
}

impl CircuitBreakerHealth {
    pub(super) fn of(snapshot: CircuitBreakerSnapshot) -> Self {
        Self {
            name: snapshot.name,
            probe_due: snapshot.state_now().is_probe_due(),
            key: snapshot.key,
            state: snapshot.state,
            reason: snapshot.reason,
            retry_after: snapshot.retry_after,
            last_failure: snapshot.last_failure,
            kept_closed: snapshot.kept_closed,
            consecutive_failures: snapshot.consecutive_failures,
            calls: snapshot.calls,
            failures: snapshot.failures,
            slow_calls: snapshot.slow_calls,
            stale: snapshot.stale,
        }
    }
}
