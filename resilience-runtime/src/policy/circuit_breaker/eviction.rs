//! The loss if a breaker is forgotten.

use super::circuit_breaker::CircuitBreaker;
use crate::state::State;
use crate::time::Nanos;

/// Knowledge of a breaker about its dependency. In order: the greater, the worse its loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Memory {
    /// Nothing: the breaker is closed, without failures or slow calls in its window, and without a
    /// run of failures.
    Nothing,
    /// The breaker has opened, and a probe has been due for at least as long as it was open. It
    /// protects nothing: the next call is admitted anyway.
    Overdue,
    /// The breaker is closed, and has failures or slow calls in its window, or a run of failures.
    Failures,
    /// The breaker rejects calls, or is in a state that was set by hand.
    Needed,
}

impl CircuitBreaker {
    /// Returns what the breaker knows. No call may be inside.
    pub(crate) fn memory(&self, now: Nanos) -> Memory {
        match self.state() {
            State::Closed => {
                let reading = self.engine.read(now);
                let is_well =
                    reading.counts.failures + reading.counts.slow == 0 && reading.run == 0;
                if is_well { Memory::Nothing } else { Memory::Failures }
            }
            // A half-open breaker that no call holds has had no failed probe.
            State::Open | State::HalfOpen if self.is_overdue(now) => Memory::Overdue,
            State::Open | State::HalfOpen | State::ForcedOpen | State::Disabled => Memory::Needed,
        }
    }

    fn is_overdue(&self, now: Nanos) -> bool {
        let spell = self.engine.open_spell();
        spell.probe_at.after(spell.length).has_come(now, spell.length.saturating_mul(2))
    }
}
