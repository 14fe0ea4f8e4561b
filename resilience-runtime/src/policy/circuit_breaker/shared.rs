//! The state machine, shared by all calls.
//!
//! Shared state, who touches it, and in which order:
//!
//! - `machine`, under its lock: whoever lets a probe through, takes a result that changes
//!   something, or sets the state or the limits by hand. No user code runs under the lock, and no
//!   clock is read.
//! - `word` (state, generation, and what becomes of successes) and `probe_at`: read by every call,
//!   without the lock; written only under the lock, after each step of the machine and before the
//!   lock is let go. `probe_at` is written first: who reads `Open` reads the time of that spell, or
//!   of a later one.
//! - the limits: read by every call; replaced only under the lock, so that each step sees the same
//!   ones from beginning to end.
//! - `tally`: successes of a closed breaker that takes a rate. It tells its own story.
//!
//! A call that reads `Closed` in `word` is let through with the generation it has read. If the
//! breaker opens at that moment, the call's result carries a generation that is over: it is stale,
//! and changes nothing. A successful call of a closed breaker that counts failures loads `word`
//! twice, and writes nothing.
//!
//! What becomes of successes stands in `word` itself, where both loads find it without a look at
//! the limits.

use std::sync::atomic::Ordering::{Acquire, Release};
use std::time::Duration;

use resilience_options::CircuitBreakerOptions;

use super::limits::successes;
use super::machine::{Machine, Reading, Recorded, Ticket, Transition, retry_after};
use super::tally::Tally;
use super::word::{Pass, Successes, Word};
use crate::outcome::Verdict;
use crate::state::State;
use crate::sync::{AtomicU64, Mutex, Reloadable, lock};
use crate::time::Nanos;

#[derive(Debug)]
pub(super) struct Shared {
    word: AtomicU64,
    probe_at: AtomicU64,
    tally: Tally,
    machine: Mutex<Machine>,
}

impl Shared {
    pub(super) const fn new(settings: &CircuitBreakerOptions) -> Self {
        Self {
            word: AtomicU64::new(Self::first_word(settings).number()),
            probe_at: AtomicU64::new(0),
            tally: Tally::new(),
            machine: Mutex::new(Machine::new()),
        }
    }

    /// Before the first call.
    pub(super) const fn declare(&mut self, settings: &CircuitBreakerOptions) {
        self.word = AtomicU64::new(Self::first_word(settings).number());
    }

    const fn first_word(settings: &CircuitBreakerOptions) -> Word {
        Word::new(State::Closed, 0, successes(settings))
    }

    /// What a call finds. Read before [`turn_away`](Self::turn_away) reads the time of the spell.
    #[inline]
    pub(super) fn word(&self) -> Word {
        Word::of(self.word.load(Acquire))
    }

    pub(super) fn state(&self) -> State {
        self.word().state()
    }

    /// Whether a success of the call with this pass leaves no trace.
    #[inline]
    pub(super) fn is_traceless(&self, pass: Pass) -> bool {
        pass.is_traceless(self.word())
    }

    /// Turns away a call that has found the breaker open, if it stays so for now: without the lock.
    pub(super) fn turn_away(&self, found: Word, now: impl FnOnce() -> Nanos) -> Option<Duration> {
        if found.is(State::ForcedOpen) {
            return Some(Duration::MAX);
        }
        let now = now();
        let probe_at = Nanos::at(self.probe_at.load(Acquire));
        (now < probe_at).then(|| retry_after(State::Open, probe_at, now))
    }

    /// Lets a call through in any state, or says how long to stay away.
    pub(super) fn admit(
        &self,
        settings: &Reloadable<CircuitBreakerOptions>,
        now: Nanos,
    ) -> (Result<Pass, Duration>, Option<Transition>) {
        let (admitted, transition) =
            self.step(settings, |machine, settings| machine.admit(settings, now));
        (admitted.map(Pass::with), transition)
    }

    /// Whether a result that is no failure and no probe's is of the current generation.
    pub(super) fn holds(&self, generation: u64) -> bool {
        self.word().generation() == generation
    }

    /// Whether a result of this generation counts for nothing.
    pub(super) fn is_disabled(&self, generation: u64) -> bool {
        self.word() == Word::new(State::Disabled, generation, Successes::Vary)
    }

    /// Counts a success without the lock and without a look at the limits, if its pass and the
    /// state of the tally say that it changes nothing else.
    pub(super) fn tally_by_pass(&self, pass: Pass, now: impl FnOnce() -> Nanos) -> bool {
        match pass.tallied() {
            // The tally of a window of calls is open at all times, and has no need of a clock.
            Some((word, Successes::Tallied)) => {
                self.tally.add(Nanos::FIRST, || self.word() == word)
            }
            Some((word, _)) => self.tally.add(now(), || self.word() == word),
            None => false,
        }
    }

    /// Counts a success without the lock, if it changes nothing else.
    pub(super) fn tally(&self, generation: u64, now: Nanos) -> bool {
        self.tally.add(now, || self.holds(generation))
    }

    pub(super) fn record(
        &self,
        settings: &Reloadable<CircuitBreakerOptions>,
        ticket: Ticket,
        verdict: Verdict,
        slow: bool,
        now: Nanos,
    ) -> Recorded {
        self.step(settings, |machine, settings| {
            machine.record(settings, ticket, verdict, slow, now)
        })
    }

    pub(super) fn set(
        &self,
        settings: &Reloadable<CircuitBreakerOptions>,
        to: State,
    ) -> Option<Transition> {
        self.step(settings, |machine, _| machine.set(to))
    }

    pub(super) fn read(&self, settings: &Reloadable<CircuitBreakerOptions>, now: Nanos) -> Reading {
        self.step(settings, |machine, settings| machine.read(settings, now))
    }

    /// Goes on with other limits, or with those declared. State, generation and probes stay; so do
    /// the counts, unless other things are counted now.
    #[cfg(feature = "toml")]
    pub(super) fn reconfigure(
        &self,
        settings: &Reloadable<CircuitBreakerOptions>,
        to: Option<CircuitBreakerOptions>,
    ) {
        self.step(settings, |machine, from| {
            machine.reconfigure(from, &to.unwrap_or(settings.declared));
            settings.replace(to);
        });
    }

    /// One step of the machine, with the limits that hold then, shown to the calls before the lock
    /// is let go.
    fn step<R>(
        &self,
        settings: &Reloadable<CircuitBreakerOptions>,
        step: impl FnOnce(&mut Machine, &CircuitBreakerOptions) -> R,
    ) -> R {
        let mut machine = lock(&self.machine);
        let before = settings.get();
        if before.counts_successes() {
            machine.absorb(&before, self.tally.take());
        }
        let result = step(&mut machine, &before);
        self.probe_at.store(machine.probe_at().get(), Release);
        let after = settings.get();
        let mode =
            if machine.state() == State::Closed { successes(&after) } else { Successes::Vary };
        self.word.store(Word::new(machine.state(), machine.generation(), mode).number(), Release);
        if after.counts_successes() {
            self.tally.open(machine.open_until(&after));
        }
        result
    }
}
