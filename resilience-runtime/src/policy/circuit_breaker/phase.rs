//! The states of a breaker, with what is known only in them.

use super::kept_closed::KeptClosed;
use super::open_spell::OpenSpell;
use super::sliding_window::SlidingWindow;
use crate::state::State;
use crate::time::Nanos;

/// A state, with what is known only in it.
#[derive(Debug)]
pub(super) enum Phase {
    Closed {
        /// Number of failures since the last success, if a run of them can open the breaker. Else
        /// 0: the machine does not see every success then.
        run: u32,
        /// The calls that have ended.
        window: SlidingWindow,
        /// The openings that `max_open` has not allowed.
        kept: KeptClosed,
    },
    Open(OpenSpell),
    HalfOpen {
        /// Number of the first probe of this state. Results of earlier ones are stale.
        first: u64,
        /// The probes under way.
        probes: Vec<Probe>,
        /// Number of probes that succeeded.
        successes: u32,
    },
    ForcedOpen,
    Disabled,
}

/// A probe that has a place.
#[derive(Debug)]
pub(super) struct Probe {
    pub(super) number: u64,
    /// The time from which its place is given to another call.
    pub(super) expires: Nanos,
}

impl Phase {
    /// Closed, with nothing counted.
    pub(super) const fn closed() -> Self {
        Self::Closed { run: 0, window: SlidingWindow::new(), kept: KeptClosed::new() }
    }

    /// Half-open, with every place free.
    pub(super) const fn half_open(first: u64) -> Self {
        Self::HalfOpen { first, probes: Vec::new(), successes: 0 }
    }

    pub(super) const fn state(&self) -> State {
        match self {
            Self::Closed { .. } => State::Closed,
            Self::Open(_) => State::Open,
            Self::HalfOpen { .. } => State::HalfOpen,
            Self::ForcedOpen => State::ForcedOpen,
            Self::Disabled => State::Disabled,
        }
    }
}
