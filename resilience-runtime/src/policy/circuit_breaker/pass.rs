//! The token of an admitted call.

use std::num::NonZeroU64;
use std::time::Duration;

use super::packed_state::{
    COUNTED, COUNTED_BY_TIME, FLAGS, GENERATION, PASS, PackedState, UNCOUNTED,
};
use super::success_mode::SuccessMode;
use crate::state::State;
use crate::time::Nanos;

/// The token of an admitted call: with it the call's result is recorded.
///
/// A call that was admitted by the breaker's [`PackedState`] alone keeps that state as its token,
/// marked by one bit if a success is counted. So most successes ask one question: is the packed
/// state still equal to the pass?
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass {
    bits: NonZeroU64,
    /// Beginning of the call, if the breaker looks at slow calls.
    began: Option<Nanos>,
}

/// Kind of an admitted call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PassKind {
    /// The call was admitted while the breaker was closed or disabled, in this generation.
    Regular { generation: u64 },
    /// The call was admitted while the breaker was half-open, as the probe of this number.
    Probe { number: u64 },
}

// No state has the numbers 5 and 7, so no packed state has these flags. They are odd: the lowest
// bit, which keeps a pass from being zero, is set in them anyway.
const REGULAR: u64 = PASS | 5;
const PROBE: u64 = PASS | 7;

impl Pass {
    pub(super) fn new(kind: PassKind, began: Option<Nanos>) -> Self {
        let (number, flags) = match kind {
            PassKind::Regular { generation } => (generation, REGULAR),
            PassKind::Probe { number } => (number, PROBE),
        };
        Self { bits: NonZeroU64::MIN | (number << GENERATION | flags), began }
    }

    /// The pass of a call whose success is not counted, if the breaker is in such a state.
    #[inline]
    pub(super) fn uncounted(state: PackedState) -> Option<Self> {
        let bits = NonZeroU64::new(state.bits())?;
        (state.flags() == UNCOUNTED).then_some(Self { bits, began: None })
    }

    /// The pass of a call whose success is counted without a look at the options, if the breaker
    /// is in such a state.
    #[inline]
    pub(super) fn counted(state: PackedState) -> Option<Self> {
        let bits = NonZeroU64::new(state.bits() | PASS)?;
        let is_counted = matches!(state.flags(), COUNTED | COUNTED_BY_TIME);
        is_counted.then_some(Self { bits, began: None })
    }

    /// The pass of any call that is admitted without the machine, if the breaker is in such a
    /// state.
    pub(super) fn regular(state: PackedState) -> Option<Self> {
        let kind = PassKind::Regular { generation: state.generation() };
        matches!(state.state(), State::Closed | State::Disabled).then(|| Self::new(kind, None))
    }

    /// The same pass for a call that begins at this time.
    pub(super) const fn begun_at(self, began: Option<Nanos>) -> Self {
        Self { began, ..self }
    }

    pub(super) const fn kind(self) -> PassKind {
        let number = self.bits.get() >> GENERATION;
        match self.bits.get() & FLAGS {
            PROBE => PassKind::Probe { number },
            _ => PassKind::Regular { generation: number },
        }
    }

    /// Returns `true` if a success is not counted while this is the breaker's state.
    #[inline]
    pub(super) fn is_uncounted_in(self, now: PackedState) -> bool {
        now.bits() == self.bits.get()
    }

    /// The state in which a success is counted without a look at the options, with its mode.
    pub(super) const fn counted_in(self) -> Option<(PackedState, SuccessMode)> {
        let state = PackedState::from_bits(self.bits.get() & !PASS);
        let mode = match (self.bits.get() & FLAGS) ^ PASS {
            COUNTED => SuccessMode::Counted,
            COUNTED_BY_TIME => SuccessMode::CountedByTime,
            _ => return None,
        };
        Some((state, mode))
    }

    /// Returns `true` if a call that ends now was slow by this limit.
    pub(super) fn is_slow(self, limit: Option<Duration>, now: Nanos) -> bool {
        matches!((limit, self.began), (Some(limit), Some(began)) if now.since(began) >= limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODES: [SuccessMode; 5] = [
        SuccessMode::Inspect,
        SuccessMode::Uncounted,
        SuccessMode::Counted,
        SuccessMode::CountedByTime,
        SuccessMode::EndsRun,
    ];
    const GENERATIONS: [u64; 4] = [0, 1, 2, (1 << 57) - 1];

    /// All that a breaker can be in: only a closed one has another mode than `Inspect`.
    fn states() -> impl Iterator<Item = (State, SuccessMode, PackedState)> {
        let all = State::ALL.into_iter().flat_map(|state| MODES.map(|mode| (state, mode)));
        let possible = all.filter(|it| it.0 == State::Closed || it.1 == SuccessMode::Inspect);
        possible.flat_map(|(state, mode)| {
            GENERATIONS.map(|number| (state, mode, PackedState::new(state, number, mode)))
        })
    }

    /// The pass with which each state admits a call, as the engine asks for it.
    fn admitted_in(state: PackedState) -> Option<Pass> {
        Pass::uncounted(state).or_else(|| Pass::counted(state)).or_else(|| Pass::regular(state))
    }

    #[test]
    fn a_pass_knows_its_generation_and_the_treatment_of_its_success() {
        for (state, mode, packed) in states() {
            let admits = matches!(state, State::Closed | State::Disabled);
            assert_eq!(Pass::uncounted(packed).is_some(), mode == SuccessMode::Uncounted);
            let Some(pass) = admitted_in(packed) else {
                assert!(!admits, "{packed:?}");
                continue;
            };
            assert!(admits, "{packed:?}");
            assert_eq!(pass.kind(), PassKind::Regular { generation: packed.generation() });
            let is_counted = matches!(mode, SuccessMode::Counted | SuccessMode::CountedByTime);
            assert_eq!(pass.counted_in(), is_counted.then_some((packed, mode)));
        }
    }

    #[test]
    fn a_pass_gives_back_its_kind() {
        for number in GENERATIONS {
            for kind in [PassKind::Regular { generation: number }, PassKind::Probe { number }] {
                assert_eq!(Pass::new(kind, None).kind(), kind);
            }
        }
    }

    #[test]
    fn a_success_is_uncounted_in_the_state_of_its_pass_only() {
        let by_state = states().filter_map(|(_, mode, packed)| {
            Some((admitted_in(packed)?, (mode == SuccessMode::Uncounted).then_some(packed)))
        });
        let by_kind = GENERATIONS.into_iter().flat_map(|number| {
            [PassKind::Regular { generation: number }, PassKind::Probe { number }]
                .map(|kind| (Pass::new(kind, None), None))
        });
        for (pass, own) in by_state.chain(by_kind) {
            for (_, _, packed) in states() {
                assert_eq!(
                    pass.is_uncounted_in(packed),
                    own == Some(packed),
                    "{pass:?}, {packed:?}"
                );
            }
        }
    }

    #[test]
    fn only_a_call_that_lasted_as_long_as_the_limit_is_slow() {
        const SECOND: Duration = Duration::from_secs(1);
        let kind = PassKind::Probe { number: 0 };
        let now = Nanos::FIRST.after(SECOND);
        let (timed, untimed) = (Pass::new(kind, Some(Nanos::FIRST)), Pass::new(kind, None));
        assert!(timed.is_slow(Some(SECOND), now));
        assert!(!timed.is_slow(Some(SECOND * 2), now));
        assert!(!timed.is_slow(None, now));
        assert!(!untimed.is_slow(Some(SECOND), now));
    }
}
