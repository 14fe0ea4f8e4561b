//! The engine of a breaker: the state that its calls share. The [`passage`](super::passage) of a
//! call decides how much of it the call needs.
//!
//! Shared state, who touches it, and in which order:
//!
//! - `machine`, under its lock: calls that become a probe, results that change something, and
//!   changes of the state or the options by hand. No user code runs under the lock, and no clock is
//!   read.
//! - `packed` (state, success mode, generation): read by every call, without the lock; written
//!   only under the lock, after each step of the machine.
//! - `probe_at`: read without the lock by calls that find `Open` in `packed`; written only under
//!   the lock, before `packed`. So a call that reads `Open` reads the `probe_at` of that spell, or
//!   of a later one.
//! - `options`: read by calls that the packed state does not decide; replaced only under the lock,
//!   so that a step of the machine sees the same options from beginning to end.
//! - `counter`: successes of a closed breaker that takes a rate. See
//!   [`success_counter`](super::success_counter).
//!
//! A call that reads `Closed` in `packed` is admitted with the generation it has read. If the
//! breaker opens at that moment, the call's result carries an old generation: it is stale, and
//! changes nothing.
//!
//! A successful call of a closed breaker that counts failures loads `packed` twice, and writes
//! nothing. It finds the success mode there and needs no look at the options.

use std::sync::atomic::Ordering::{Acquire, Release};

use resilience_options::CircuitBreakerOptions;

use super::machine::{Machine, Phase, Reading, Recorded, Rejection, Transition};
use super::packed_state::PackedState;
use super::pass::Pass;
use super::success_counter::SuccessCounter;
use super::success_mode::SuccessMode;
use crate::outcome::Verdict;
use crate::state::State;
use crate::sync::{AtomicU64, Mutex, Reloadable, lock};
use crate::time::Nanos;

/// The state that the calls of a breaker share.
#[derive(Debug)]
pub(super) struct Engine {
    pub(super) options: Reloadable<CircuitBreakerOptions>,
    packed: AtomicU64,
    probe_at: AtomicU64,
    counter: SuccessCounter,
    machine: Mutex<Machine>,
}

impl Engine {
    pub(super) const fn new(options: CircuitBreakerOptions) -> Self {
        let packed = Self::first_state(&options);
        Self::with(Reloadable::new(options), packed)
    }

    /// Another engine, closed, with the same options.
    pub(super) fn fresh(&self) -> Self {
        let options = self.options.fresh();
        let packed = options.with(Self::first_state);
        Self::with(options, packed)
    }

    const fn with(options: Reloadable<CircuitBreakerOptions>, packed: PackedState) -> Self {
        Self {
            options,
            packed: AtomicU64::new(packed.bits()),
            probe_at: AtomicU64::new(0),
            counter: SuccessCounter::new(),
            machine: Mutex::new(Machine::new()),
        }
    }

    /// Takes over the options that were declared, before the first call.
    pub(super) const fn declare(&mut self) {
        self.packed = AtomicU64::new(Self::first_state(&self.options.declared).bits());
    }

    const fn first_state(options: &CircuitBreakerOptions) -> PackedState {
        PackedState::new(State::Closed, 0, SuccessMode::of(options))
    }

    #[inline]
    pub(super) fn packed(&self) -> PackedState {
        PackedState::from_bits(self.packed.load(Acquire))
    }

    pub(super) fn state(&self) -> State {
        self.packed().state()
    }

    /// The time from which an open breaker admits a probe: read after the packed state.
    #[inline]
    pub(super) fn probe_at(&self) -> Nanos {
        Nanos::at(self.probe_at.load(Acquire))
    }

    /// Returns `true` if a result of this generation is not stale.
    #[inline]
    pub(super) fn is_current(&self, generation: u64) -> bool {
        self.packed().generation() == generation
    }

    /// Returns `true` if the breaker is disabled, so that a result of this generation means
    /// nothing.
    #[inline]
    pub(super) fn is_disabled(&self, generation: u64) -> bool {
        self.packed() == PackedState::new(State::Disabled, generation, SuccessMode::Inspect)
    }

    /// Counts a success of this generation without the lock, unless the machine must see it.
    pub(super) fn count(&self, generation: u64, now: Nanos) -> bool {
        self.counter.add(now, || self.is_current(generation))
    }

    /// Counts a success of this state without the lock, unless the machine must see it.
    #[inline]
    pub(super) fn count_in(&self, state: PackedState, now: Nanos) -> bool {
        self.counter.add(now, || self.packed() == state)
    }

    /// Admits a call, or rejects it.
    pub(super) fn admit(&self, now: Nanos) -> (Result<Pass, Rejection>, Option<Transition>) {
        self.step(|machine, options| machine.admit(options, now))
    }

    /// Records the result of a call.
    pub(super) fn record(&self, pass: Pass, verdict: Verdict, now: Nanos) -> Recorded {
        self.step(|machine, options| machine.record(options, pass, verdict, now))
    }

    /// Sets the state by hand.
    pub(super) fn set(&self, to: Phase) -> Option<Transition> {
        self.step(|machine, _| machine.set(to))
    }

    pub(super) fn read(&self, now: Nanos) -> Reading {
        self.step(|machine, options| machine.read(options, now))
    }

    /// Overrides the options; `None` restores the options of the code. State, generation and probes
    /// stay. The counts stay too, unless the new options count in another way.
    #[cfg(feature = "toml")]
    pub(super) fn reconfigure(&self, to: Option<CircuitBreakerOptions>) {
        self.step(|machine, from| {
            machine.reconfigure(from, &to.unwrap_or(self.options.declared));
            self.options.replace(to);
        });
    }

    /// Makes one step of the machine, under its lock, and publishes the new state before the lock
    /// is released.
    fn step<R>(&self, step: impl FnOnce(&mut Machine, &CircuitBreakerOptions) -> R) -> R {
        let mut machine = lock(&self.machine);
        let before = self.options.get();
        if before.counts_successes() {
            machine.absorb(&before, self.counter.take());
        }
        let result = step(&mut machine, &before);
        if let Some(probe_at) = machine.probe_at() {
            self.probe_at.store(probe_at.get(), Release);
        }
        let after = self.options.get();
        let mode = match machine.state() {
            State::Closed => SuccessMode::of(&after),
            _ => SuccessMode::Inspect,
        };
        let packed = PackedState::new(machine.state(), machine.generation(), mode);
        self.packed.store(packed.bits(), Release);
        if after.counts_successes() {
            self.counter.open(machine.open_until(&after));
        }
        result
    }
}
