//! What a breaker shows to its calls, and what an admitted call keeps, in one word each.

use std::num::NonZeroU64;

use super::machine::Ticket;
use crate::state::State;

const STATES: [State; 5] =
    [State::Closed, State::Open, State::HalfOpen, State::ForcedOpen, State::Disabled];

/// What becomes of the successes of a breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Successes {
    /// What the limits and the state say: look there.
    Vary = 0,
    /// They leave no trace.
    Traceless = 1,
    /// They are tallied, whenever they come.
    Tallied = 2,
    /// They are tallied by the time of their end.
    TalliedByTime = 3,
}

/// The state, the generation, and what becomes of successes: all that most calls have to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word(u64);

const STATE: u64 = 0b111;
const SUCCESSES: u32 = 3;
/// Only in a [`Pass`].
const PASS: u64 = 1 << 5;
const GENERATION: u32 = 6;
const MARKS: u64 = (1 << GENERATION) - 1;

const fn marks(state: State, successes: Successes) -> u64 {
    (successes as u64) << SUCCESSES | state as u64
}

const TRACELESS: u64 = marks(State::Closed, Successes::Traceless);
const TALLIED: u64 = marks(State::Closed, Successes::Tallied);
const TALLIED_BY_TIME: u64 = marks(State::Closed, Successes::TalliedByTime);

impl Word {
    pub(super) const fn new(state: State, generation: u64, successes: Successes) -> Self {
        Self(generation << GENERATION | marks(state, successes))
    }

    /// What [`number`](Self::number) gave.
    #[inline]
    pub(super) const fn of(number: u64) -> Self {
        Self(number)
    }

    pub(super) const fn number(self) -> u64 {
        self.0
    }

    pub(super) const fn state(self) -> State {
        STATES[(self.0 & STATE) as usize]
    }

    /// Whether the state is one that rejects calls.
    #[inline]
    pub(super) const fn is_open(self) -> bool {
        self.is(State::Open) || self.is(State::ForcedOpen)
    }

    /// Without a look at the table of states.
    #[inline]
    pub(super) const fn is(self, state: State) -> bool {
        self.0 & STATE == state as u64
    }

    pub(super) const fn generation(self) -> u64 {
        self.0 >> GENERATION
    }

    /// For a call, if it is let through and its success leaves no trace.
    #[inline]
    pub(super) fn pass_traceless(self) -> Option<Pass> {
        NonZeroU64::new(self.0).filter(|word| word.get() & MARKS == TRACELESS).map(Pass)
    }

    /// For a call, if it is let through and its success is tallied.
    #[inline]
    pub(super) fn pass_tallied(self) -> Option<Pass> {
        let pass = NonZeroU64::new(self.0 | PASS)?;
        matches!(self.0 & MARKS, TALLIED | TALLIED_BY_TIME).then_some(Pass(pass))
    }

    /// For a call, if it is let through without a further look.
    pub(super) fn pass(self) -> Option<Pass> {
        match (self.0 & MARKS, self.state()) {
            (TRACELESS, _) => self.pass_traceless(),
            (TALLIED | TALLIED_BY_TIME, _) => self.pass_tallied(),
            (_, State::Closed | State::Disabled) => {
                Some(Pass::with(Ticket::Regular { generation: self.generation() }))
            }
            _ => None,
        }
    }
}

/// What an admitted call keeps. Where it was let through by the breaker's word alone, that word:
/// with a mark, unless a success then leaves no trace. So that is all that has to be asked of most
/// successes: whether the word is still the same as the pass.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass(NonZeroU64);

// No state has these numbers, so no word ends like them. They are odd: to set the lowest bit of a
// pass, so that it is not zero, changes nothing.
const REGULAR: u64 = PASS | 5;
const PROBE: u64 = PASS | 7;

impl Pass {
    pub(super) fn with(ticket: Ticket) -> Self {
        let (number, mark) = match ticket {
            Ticket::Regular { generation } => (generation, REGULAR),
            Ticket::Probe { number } => (number, PROBE),
        };
        Self(NonZeroU64::MIN | (number << GENERATION | mark))
    }

    pub(super) const fn ticket(self) -> Ticket {
        let number = self.0.get() >> GENERATION;
        match self.0.get() & MARKS {
            PROBE => Ticket::Probe { number },
            _ => Ticket::Regular { generation: number },
        }
    }

    /// Whether a success leaves no trace while this is the breaker's word.
    #[inline]
    pub(super) fn is_traceless(self, now: Word) -> bool {
        now.0 == self.0.get()
    }

    /// The word under which a success is tallied, and whether it matters when.
    pub(super) const fn tallied(self) -> Option<(Word, Successes)> {
        let word = self.0.get() & !PASS;
        let successes = match (self.0.get() & MARKS) ^ PASS {
            TALLIED => Successes::Tallied,
            TALLIED_BY_TIME => Successes::TalliedByTime,
            _ => return None,
        };
        Some((Word(word), successes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL_SUCCESSES: [Successes; 4] =
        [Successes::Vary, Successes::Traceless, Successes::Tallied, Successes::TalliedByTime];
    const GENERATIONS: [u64; 4] = [0, 1, 2, (1 << 58) - 1];

    fn words() -> impl Iterator<Item = (State, u64, Successes)> {
        let of_state =
            |state| GENERATIONS.map(|generation| ALL_SUCCESSES.map(|it| (state, generation, it)));
        STATES.into_iter().flat_map(of_state).flatten()
    }

    fn number(pass: Pass) -> (bool, u64) {
        match pass.ticket() {
            Ticket::Regular { generation } => (true, generation),
            Ticket::Probe { number } => (false, number),
        }
    }

    #[test]
    fn a_word_says_what_it_was_made_of() {
        for (state, generation, successes) in words() {
            let word = Word::of(Word::new(state, generation, successes).number());
            assert_eq!((word.state(), word.generation()), (state, generation));
        }
    }

    #[test]
    fn a_pass_knows_its_generation_and_what_becomes_of_its_success() {
        for (state, generation, successes) in words() {
            // Only of a closed breaker is it said.
            if state != State::Closed && successes != Successes::Vary {
                continue;
            }
            let word = Word::new(state, generation, successes);
            let pass = word.pass();
            assert_eq!(pass.is_some(), matches!(state, State::Closed | State::Disabled));
            assert_eq!(word.pass_traceless().is_some(), successes == Successes::Traceless);
            let Some(pass) = pass else { continue };
            assert_eq!(number(pass), (true, generation));
            let tallied = matches!(successes, Successes::Tallied | Successes::TalliedByTime);
            assert_eq!(pass.tallied(), tallied.then_some((word, successes)));
        }
        for made in GENERATIONS {
            assert_eq!(number(Pass::with(Ticket::Regular { generation: made })), (true, made));
            assert_eq!(number(Pass::with(Ticket::Probe { number: made })), (false, made));
        }
    }

    /// A success leaves no trace under the word that its pass was made of, and under no other.
    #[test]
    fn a_pass_is_like_no_word_but_its_own() {
        let of_words = words().filter_map(|(state, generation, successes)| {
            let word = Word::new(state, generation, successes);
            Some((word.pass()?, (word.pass_traceless().is_some()).then_some(word)))
        });
        let of_tickets = GENERATIONS.into_iter().flat_map(|number| {
            [Ticket::Regular { generation: number }, Ticket::Probe { number }]
                .map(|ticket| (Pass::with(ticket), None))
        });
        for (pass, own) in of_words.chain(of_tickets) {
            for (state, generation, successes) in words() {
                let word = Word::new(state, generation, successes);
                assert_eq!(pass.is_traceless(word), own == Some(word), "{pass:?}, {word:?}");
            }
        }
    }
}
