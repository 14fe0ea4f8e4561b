//! The states of a breaker.

use std::fmt;

/// State of a [`CircuitBreaker`](crate::CircuitBreaker). Displayed as machines read it:
/// `half_open`.
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
    /// Calls go through; failures are counted.
    Closed,
    /// Calls are rejected until `open_for` has passed.
    Open,
    /// A few calls are let through to probe if the dependency is well again.
    HalfOpen,
    /// Calls are rejected until somebody resets the breaker.
    ForcedOpen,
    /// Calls go through, and nothing is counted.
    Disabled,
}

impl State {
    /// Every state, in order of their numbers.
    #[cfg(feature = "metrics")]
    pub(crate) const ALL: [Self; 5] =
        [Self::Closed, Self::Open, Self::HalfOpen, Self::ForcedOpen, Self::Disabled];

    /// The name of a state, as machines read it.
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

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
