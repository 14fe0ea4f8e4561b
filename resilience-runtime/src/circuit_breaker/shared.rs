//! The state machine, shared by all calls.
//!
//! Shared state, who touches it, and in which order:
//!
//! - `machine`, under its lock: whoever lets a probe through, takes a result that changes something, or sets the
//!   state or the limits by hand. No user code runs under the lock, and no clock is read.
//! - `word` (state, generation, and whether successes count) and `probe_at`: read by every call, without the lock; written only under the
//!   lock, after each step of the machine and before the lock is let go. `probe_at` is written first: who reads `Open` reads the time
//!   of that spell, or of a later one.
//! - the limits: read by every call; replaced only under the lock, so that each step sees the same ones from beginning to end.
//! - `tally`: successes of a closed breaker that takes a rate. It tells its own story.
//!
//! A call that reads `Closed` in `word` is let through with the generation it has read. If the breaker opens at that moment, the
//! call's result carries a generation that is over: it is stale, and changes nothing. A successful call
//! of a closed breaker that counts failures loads `word` twice, and writes nothing.
//!
//! That successes leave no trace stands in `word` itself, where both loads find it without a look at the limits.

use std::num::NonZeroU64;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::time::Duration;

use super::machine::{Machine, Reading, Recorded, Ticket, Transition, retry_after};
use super::settings::Settings;
use super::state::State;
use super::tally::Tally;
use crate::classify::Verdict;
use crate::live::Live;
use crate::sync::{AtomicU64, Mutex, lock};
use crate::tick::Tick;

#[derive(Debug)]
pub(super) struct Shared {
    word: AtomicU64,
    probe_at: AtomicU64,
    tally: Tally,
    machine: Mutex<Machine>,
}

impl Shared {
    pub(super) const fn new(settings: &Settings) -> Self {
        Self {
            word: AtomicU64::new(pack(State::Closed, 0, !settings.counts_successes())),
            probe_at: AtomicU64::new(0),
            tally: Tally::new(),
            machine: Mutex::new(Machine::new()),
        }
    }

    /// Before the first call.
    pub(super) const fn declare(&mut self, settings: &Settings) {
        self.word = AtomicU64::new(pack(State::Closed, 0, !settings.counts_successes()));
    }

    pub(super) fn state(&self) -> State {
        unpack(self.word.load(Acquire)).0
    }

    /// Lets a call through if the breaker is closed and its success would leave no trace.
    #[inline]
    pub(super) fn admit_traceless(&self) -> Option<Pass> {
        Pass::traceless(self.word.load(Acquire))
    }

    /// Whether a success of the call with this pass leaves no trace.
    #[inline]
    pub(super) fn is_traceless(&self, pass: Pass) -> bool {
        self.word.load(Acquire) == pass.0.get()
    }

    /// Lets a call through if the breaker is closed or disabled: without the lock.
    pub(super) fn admit_closed(&self) -> Option<Pass> {
        let (state, generation) = unpack(self.word.load(Acquire));
        matches!(state, State::Closed | State::Disabled).then(|| Pass::with(Ticket::Regular { generation }))
    }

    /// Turns a call away if the breaker is open and stays so for now: without the lock.
    pub(super) fn turn_away(&self, now: Tick) -> Option<Duration> {
        let state = self.state();
        let probe_at = Tick::at(self.probe_at.load(Acquire));
        (state == State::ForcedOpen || state == State::Open && now < probe_at)
            .then(|| retry_after(state, probe_at, now))
    }

    /// Lets a call through in any state, or says how long to stay away.
    pub(super) fn admit(
        &self,
        settings: &Live<Settings>,
        now: Tick,
    ) -> (Result<Pass, Duration>, Option<Transition>) {
        let (admitted, transition) = self.step(settings, |machine, settings| machine.admit(settings, now));
        (admitted.map(Pass::with), transition)
    }

    /// Whether a result that is no failure and no probe's is of the current generation.
    pub(super) fn holds(&self, generation: u64) -> bool {
        unpack(self.word.load(Acquire)).1 == generation
    }

    /// Whether a result of this generation counts for nothing.
    pub(super) fn is_disabled(&self, generation: u64) -> bool {
        self.word.load(Acquire) == pack(State::Disabled, generation, false)
    }

    /// Counts a success without the lock, if it changes nothing else.
    pub(super) fn tally(&self, generation: u64, now: Tick) -> bool {
        self.tally.add(now, || self.holds(generation))
    }

    pub(super) fn record(
        &self,
        settings: &Live<Settings>,
        ticket: Ticket,
        verdict: Verdict,
        slow: bool,
        now: Tick,
    ) -> Recorded {
        self.step(settings, |machine, settings| machine.record(settings, ticket, verdict, slow, now))
    }

    pub(super) fn set(&self, settings: &Live<Settings>, to: State) -> Option<Transition> {
        self.step(settings, |machine, _| machine.set(to))
    }

    pub(super) fn read(&self, settings: &Live<Settings>, now: Tick) -> Reading {
        self.step(settings, |machine, settings| machine.read(settings, now))
    }

    /// Goes on with other limits, or with those declared. State, generation and probes stay; so do the counts, unless other things are
    /// counted now.
    #[cfg(feature = "toml")]
    pub(super) fn reconfigure(&self, settings: &Live<Settings>, to: Option<Settings>) {
        self.step(settings, |machine, from| {
            machine.reconfigure(from, &to.unwrap_or(settings.declared));
            settings.replace(to);
        });
    }

    /// One step of the machine, with the limits that hold then, shown to the calls before the lock is let go.
    fn step<R>(&self, settings: &Live<Settings>, step: impl FnOnce(&mut Machine, &Settings) -> R) -> R {
        let mut machine = lock(&self.machine);
        let before = settings.get();
        if before.counts_successes() {
            machine.absorb(&before, self.tally.take());
        }
        let result = step(&mut machine, &before);
        self.probe_at.store(machine.probe_at().get(), Release);
        let after = settings.get();
        let is_traceless = machine.state() == State::Closed && !after.counts_successes();
        self.word.store(pack(machine.state(), machine.generation(), is_traceless), Release);
        if after.counts_successes() {
            self.tally.open(machine.open_until(&after));
        }
        result
    }
}

const STATES: [State; 5] = [State::Closed, State::Open, State::HalfOpen, State::ForcedOpen, State::Disabled];

const TRACELESS: u64 = 1 << 3;
const GENERATION: u32 = 4;

const fn pack(state: State, generation: u64, is_traceless: bool) -> u64 {
    generation << GENERATION | if is_traceless { TRACELESS } else { 0 } | state as u64
}

const fn unpack(word: u64) -> (State, u64) {
    (STATES[(word & 0b111) as usize], word >> GENERATION)
}

/// What an admitted call keeps, in one word: the breaker's word of that moment if that says that a success leaves no trace, else a ticket that is
/// no such word. So a success has left none if the breaker's word is its pass.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass(NonZeroU64);

impl Pass {
    const MARKS: u64 = (1 << GENERATION) - 1;
    const TRACELESS: u64 = TRACELESS | State::Closed as u64;
    // No word ends like these, which are odd: a pass is never zero.
    const REGULAR: u64 = 5;
    const PROBE: u64 = 7;

    #[inline]
    fn traceless(word: u64) -> Option<Self> {
        NonZeroU64::new(word).filter(|word| word.get() & Self::MARKS == Self::TRACELESS).map(Self)
    }

    fn with(ticket: Ticket) -> Self {
        let (number, mark) = match ticket {
            Ticket::Regular { generation } => (generation, Self::REGULAR),
            Ticket::Probe { number } => (number, Self::PROBE),
        };
        Self(NonZeroU64::MIN | (number << GENERATION | mark))
    }

    pub(super) const fn ticket(self) -> Ticket {
        let number = self.0.get() >> GENERATION;
        match self.0.get() & Self::MARKS {
            Self::PROBE => Ticket::Probe { number },
            _ => Ticket::Regular { generation: number },
        }
    }
}
