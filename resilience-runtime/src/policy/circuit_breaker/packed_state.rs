//! The part of a breaker's state that most calls need, in one atomic word.

use super::success_mode::SuccessMode;
use crate::state::State;

/// The state, the success mode and the generation of a breaker.
///
/// | bits | |
/// |---|---|
/// | 0 to 2 | number of the [`State`] |
/// | 3 to 5 | number of the [`SuccessMode`]; `Inspect` unless the state is `Closed` |
/// | 6 | zero: set only in a [`Pass`](super::pass::Pass) |
/// | 7 and up | the generation |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PackedState(u64);

const STATE: u64 = 0b111;
const SUCCESS_MODE: u32 = 3;
/// The bit that only a pass has.
pub(super) const PASS: u64 = 1 << 6;
/// The first bit of the generation.
pub(super) const GENERATION: u32 = 7;
/// All bits below the generation.
pub(super) const FLAGS: u64 = (1 << GENERATION) - 1;

/// Flags of a closed breaker whose successes are not counted.
pub(super) const UNCOUNTED: u64 = flags(State::Closed, SuccessMode::Uncounted);
/// Flags of a closed breaker whose successes are counted, whenever they come.
pub(super) const COUNTED: u64 = flags(State::Closed, SuccessMode::Counted);
/// Flags of a closed breaker whose successes are counted by time.
pub(super) const COUNTED_BY_TIME: u64 = flags(State::Closed, SuccessMode::CountedByTime);

const fn flags(state: State, mode: SuccessMode) -> u64 {
    (mode as u64) << SUCCESS_MODE | state as u64
}

impl PackedState {
    pub(super) const fn new(state: State, generation: u64, mode: SuccessMode) -> Self {
        Self(generation << GENERATION | flags(state, mode))
    }

    /// The state of which [`bits`](Self::bits) are these.
    #[inline]
    pub(super) const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    #[inline]
    pub(super) const fn bits(self) -> u64 {
        self.0
    }

    #[inline]
    pub(super) const fn flags(self) -> u64 {
        self.0 & FLAGS
    }

    pub(super) const fn state(self) -> State {
        State::ALL[(self.0 & STATE) as usize]
    }

    /// Compares the state, without a look at the table of states.
    #[inline]
    pub(super) const fn is(self, state: State) -> bool {
        self.0 & STATE == state as u64
    }

    /// Returns `true` if a run of failures is under way.
    pub(super) const fn ends_run(self) -> bool {
        self.flags() == flags(State::Closed, SuccessMode::EndsRun)
    }

    /// Returns `true` if the state is `Open` or `ForcedOpen`.
    #[inline]
    pub(super) const fn is_open(self) -> bool {
        self.is(State::Open) || self.is(State::ForcedOpen)
    }

    pub(super) const fn generation(self) -> u64 {
        self.0 >> GENERATION
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_state_gives_back_what_it_was_made_of() {
        for state in State::ALL {
            for generation in [0, 1, 2, (1 << 57) - 1] {
                let packed = PackedState::new(state, generation, SuccessMode::Inspect);
                let again = PackedState::from_bits(packed.bits());
                assert_eq!((again.state(), again.generation()), (state, generation));
                assert!(State::ALL.into_iter().all(|other| again.is(other) == (other == state)));
            }
        }
    }
}
