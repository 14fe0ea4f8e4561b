//! The state machine, shared by all calls.
//!
//! Shared state, who touches it, and in which order:
//!
//! - `machine`, under its lock: whoever lets a call through that is not closed, takes a result that changes something, or sets
//!   the state by hand. No user code runs under the lock, and no clock is read.
//! - `word` (state and generation): read by every call, without the lock; written only under the lock, after each
//!   step of the machine and before the lock is let go.
//!
//! A call that reads `Closed` in `word` is let through with the generation it has read. If the breaker opens at that moment, the
//! call's result carries a generation that is over: it is stale, and changes nothing. A successful call
//! of a closed breaker loads `word` twice, and writes nothing.

use std::sync::atomic::Ordering::{Acquire, Release};
use std::time::Duration;

use tokio::time::Instant;

use super::machine::{Machine, Reading, Recorded, Ticket, Transition};
use super::settings::Settings;
use super::state::State;
use crate::classify::Verdict;
use crate::sync::{AtomicU64, Mutex, lock};

#[derive(Debug)]
pub(super) struct Shared {
    word: AtomicU64,
    machine: Mutex<Machine>,
}

impl Shared {
    pub(super) const fn new() -> Self {
        Self { word: AtomicU64::new(pack(State::Closed, 0)), machine: Mutex::new(Machine::new()) }
    }

    pub(super) fn state(&self) -> State {
        unpack(self.word.load(Acquire)).0
    }

    /// Lets a call through if the breaker is closed: without the lock.
    pub(super) fn admit_closed(&self) -> Option<Ticket> {
        let (state, generation) = unpack(self.word.load(Acquire));
        (state == State::Closed).then_some(Ticket { generation, probe: None })
    }

    /// Lets a call through in any state, or says how long to stay away.
    pub(super) fn admit(
        &self,
        settings: &Settings,
        now: Instant,
    ) -> (Result<Ticket, Duration>, Option<Transition>) {
        self.step(|machine| machine.admit(settings, now))
    }

    /// Whether a result changes nothing: it is of the current generation, no probe's, and no failure.
    pub(super) fn is_silent(&self, ticket: Ticket, verdict: Verdict) -> bool {
        verdict != Verdict::Failure
            && ticket.probe.is_none()
            && unpack(self.word.load(Acquire)).1 == ticket.generation
    }

    pub(super) fn record(
        &self,
        settings: &Settings,
        ticket: Ticket,
        verdict: Verdict,
        now: Instant,
    ) -> Recorded {
        self.step(|machine| machine.record(settings, ticket, verdict, now))
    }

    pub(super) fn set(&self, to: State) -> Option<Transition> {
        self.step(|machine| machine.set(to))
    }

    pub(super) fn read(&self, settings: &Settings, now: Instant) -> Reading {
        lock(&self.machine).read(settings, now)
    }

    /// One step of the machine, shown to the calls before the lock is let go.
    fn step<R>(&self, step: impl FnOnce(&mut Machine) -> R) -> R {
        let mut machine = lock(&self.machine);
        let result = step(&mut machine);
        self.word.store(pack(machine.state(), machine.generation()), Release);
        result
    }
}

const STATES: [State; 5] = [State::Closed, State::Open, State::HalfOpen, State::ForcedOpen, State::Disabled];

const fn pack(state: State, generation: u64) -> u64 {
    generation << 3 | state as u64
}

const fn unpack(word: u64) -> (State, u64) {
    (STATES[(word & 0b111) as usize], word >> 3)
}
