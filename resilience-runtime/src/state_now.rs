//! The state of a breaker for people: an open breaker without traffic stays open, and says that a
//! probe is due.

use std::fmt;
use std::time::Duration;

use crate::state::State;
use crate::time::rounded_up;

/// State of a breaker, and the time to its next probe. Displayed as the state, and for an open
/// breaker as `open, probe due` or `open, probe in 12s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StateNow {
    pub(crate) state: State,
    /// Present while the breaker is open.
    pub(crate) retry_after: Option<Duration>,
}

impl StateNow {
    /// Returns `true` if the breaker is open and admits the next call as a probe.
    pub(crate) fn is_probe_due(self) -> bool {
        self.state == State::Open && self.retry_after == Some(Duration::ZERO)
    }
}

impl fmt::Display for StateNow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.state.fmt(f)?;
        match (self.state, self.retry_after) {
            (State::Open, Some(Duration::ZERO)) => f.write_str(", probe due"),
            (State::Open, Some(left)) => write!(f, ", probe in {:?}", rounded_up(left)),
            _ => Ok(()),
        }
    }
}
