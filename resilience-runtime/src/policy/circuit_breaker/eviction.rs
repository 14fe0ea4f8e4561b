//! The loss if a breaker is forgotten.

use super::circuit_breaker::CircuitBreaker;
use crate::state::State;
use crate::time::Nanos;

/// Knowledge of a breaker about its dependency. In order: the greater, the worse its loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Memory {
    /// Nothing: the breaker is closed, and there were no failures or slow calls of late.
    Nothing,
    /// The breaker has opened, and a probe has been due for at least as long as it was open. It
    /// protects nothing: the next call is admitted anyway.
    Overdue,
    /// The breaker is closed, and has counted failures or slow calls.
    Failures,
    /// The breaker rejects calls, or is in a state that was set by hand.
    Needed,
}

impl CircuitBreaker {
    /// Returns what the breaker knows. No call may be inside.
    pub(crate) fn memory(&self, now: Nanos) -> Memory {
        match self.state() {
            State::Closed => {
                let counts = self.engine.read(now).counts;
                if counts.failures + counts.slow == 0 { Memory::Nothing } else { Memory::Failures }
            }
            // A half-open breaker that no call holds has had no failed probe.
            State::Open | State::HalfOpen if self.is_overdue(now) => Memory::Overdue,
            State::Open | State::HalfOpen | State::ForcedOpen | State::Disabled => Memory::Needed,
        }
    }

    fn is_overdue(&self, now: Nanos) -> bool {
        let spell = self.engine.options.get().open_for();
        self.engine.probe_at().after(spell) <= now
    }
}
