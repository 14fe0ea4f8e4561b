//! The states of a circuit breaker.

use std::fmt;

/// State of a [`CircuitBreaker`](crate::CircuitBreaker). Displayed as `closed`, `open`,
/// `half_open`, `forced_open` or `disabled`.
///
/// ```
/// use resilience::{CircuitBreaker, State};
///
/// static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment");
///
/// assert_eq!(PAYMENT.state(), State::Closed);
/// PAYMENT.force_open();
/// assert_eq!(PAYMENT.state().to_string(), "forced_open");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum State {
    /// Calls are admitted, and failures are counted.
    Closed,
    /// Calls are rejected until the open spell (`open_for`) has passed.
    Open,
    /// A few calls are admitted as probes, to find out if the dependency works again.
    HalfOpen,
    /// Calls are rejected until [`reset`](crate::CircuitBreaker::reset) is called.
    ForcedOpen,
    /// Calls are admitted, and nothing is counted.
    Disabled,
}

impl State {
    /// All states, each at the index of its number.
    pub(crate) const ALL: [Self; 5] =
        [Self::Closed, Self::Open, Self::HalfOpen, Self::ForcedOpen, Self::Disabled];

    /// Returns the name of the state for machines.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half_open",
            Self::ForcedOpen => "forced_open",
            Self::Disabled => "disabled",
        }
    }
}

/// Reason of a change of a [`CircuitBreaker`](crate::CircuitBreaker)'s state. Displayed as
/// `consecutive_failures`, `failure_rate`, `failure_threshold`, `slow_calls`, `probe` or `by_hand`.
///
/// ```
/// assert_eq!(resilience::events::TransitionReason::SlowCalls.to_string(), "slow_calls");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum TransitionReason {
    /// Opened by a run of failures without a success between them.
    ConsecutiveFailures,
    /// Opened by the share of failures in the window.
    FailureRate,
    /// Opened by the number of failures in the window.
    FailureThreshold,
    /// Opened by the share of slow calls in the window.
    SlowCalls,
    /// Half-open because a probe was due, opened again by a failed probe, or closed by successful
    /// ones.
    Probe,
    /// Changed by [`force_open`](crate::CircuitBreaker::force_open),
    /// [`disable`](crate::CircuitBreaker::disable) or [`reset`](crate::CircuitBreaker::reset).
    ByHand,
}

impl TransitionReason {
    /// All reasons, each at the index of its number.
    const ALL: [Self; 6] = [
        Self::ConsecutiveFailures,
        Self::FailureRate,
        Self::FailureThreshold,
        Self::SlowCalls,
        Self::Probe,
        Self::ByHand,
    ];

    /// The criteria by which a closed breaker opens.
    #[cfg(feature = "metrics")]
    pub(crate) const CRITERIA: [Self; 4] =
        [Self::ConsecutiveFailures, Self::FailureRate, Self::FailureThreshold, Self::SlowCalls];

    /// All pairs of a new state and the reason of the change to it.
    #[cfg(feature = "metrics")]
    pub(crate) const POSSIBLE: [(State, Self); 10] = [
        (State::Open, Self::ConsecutiveFailures),
        (State::Open, Self::FailureRate),
        (State::Open, Self::FailureThreshold),
        (State::Open, Self::SlowCalls),
        (State::Open, Self::Probe),
        (State::HalfOpen, Self::Probe),
        (State::Closed, Self::Probe),
        (State::Closed, Self::ByHand),
        (State::ForcedOpen, Self::ByHand),
        (State::Disabled, Self::ByHand),
    ];

    /// Returns the reason of which this is the number, as `reason as u64`.
    pub(crate) fn of_number(number: u64) -> Self {
        let reason = Self::ALL.into_iter().find(|reason| *reason as u64 == number);
        reason.unwrap_or(Self::ByHand)
    }

    /// Returns the reason for which a breaker is open, for people: as the end of a sentence.
    pub(crate) const fn why_open(self) -> &'static str {
        match self {
            Self::ConsecutiveFailures => "because of a run of failures",
            Self::FailureRate => "because of its failure rate",
            Self::FailureThreshold => "because of its number of failures",
            Self::SlowCalls => "because of slow calls",
            Self::Probe => "because a probe failed",
            Self::ByHand => "by hand",
        }
    }

    /// Returns the name of the reason for machines.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ConsecutiveFailures => "consecutive_failures",
            Self::FailureRate => "failure_rate",
            Self::FailureThreshold => "failure_threshold",
            Self::SlowCalls => "slow_calls",
            Self::Probe => "probe",
            Self::ByHand => "by_hand",
        }
    }
}

impl fmt::Display for TransitionReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
