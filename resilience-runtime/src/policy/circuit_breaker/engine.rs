//! The engine of a breaker: the state that its calls share. The [`passage`](super::passage) of a
//! call decides how much of it the call needs.
//!
//! Shared state, who touches it, and in which order:
//!
//! - `machine`, under its lock: calls that become a probe, results that change something, and
//!   changes of the state or the options by hand. No user code runs under the lock, and no clock is
//!   read.
//! - `key`, under the same lock: set while the breaker is that of a key that has a place, if only a
//!   share of the keys may be open. See [`open_keys`](super::open_keys).
//! - `undelivered`, under the same lock: the transitions that no observer has seen. See
//!   [`transition`](super::transition).
//! - `packed` (state, success mode, generation): read by every call, without the lock; written
//!   only under the lock, after each step of the machine.
//! - `probe_at` and `spell`: read without the lock by calls that find `Open` in `packed`; written
//!   only under the lock, before `packed`. So a call that reads `Open` reads those of that spell,
//!   or of a later one. A call that reads `probe_at` of one and `spell` of another may take the
//!   spell for over, and then asks the machine.
//! - `opened_by`: read without the lock by rejections; written only under the lock, before
//!   `packed`.
//! - `last_failure`: read without the lock by rejections and snapshots; written only under the
//!   lock, when the text of the error that opened the breaker is there, and when the breaker is no
//!   longer open because of it.
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

use std::sync::Arc;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use resilience_options::CircuitBreakerOptions;

use super::machine::{Machine, Reading, Recorded, Transition};
use super::open_keys::{CountedKey, OpenKeys};
use super::open_spell::OpenSpell;
use super::packed_state::PackedState;
use super::pass::Pass;
use super::phase::Phase;
use super::rejection::Rejection;
use super::success_counter::SuccessCounter;
use super::success_mode::SuccessMode;
use super::transition::Undelivered;
use crate::outcome::{ErrorText, Verdict};
use crate::state::{State, TransitionReason};
use crate::sync::{AtomicU64, Mutex, Reloadable, lock};
use crate::time::{Nanos, nanoseconds};

/// The state that the calls of a breaker share.
#[derive(Debug)]
pub(super) struct Engine {
    pub(super) options: Reloadable<CircuitBreakerOptions>,
    packed: AtomicU64,
    probe_at: AtomicU64,
    spell: AtomicU64,
    /// Number of the reason for which the breaker has last opened.
    opened_by: AtomicU64,
    counter: SuccessCounter,
    last_failure: ArcSwapOption<ErrorText>,
    guarded: Mutex<Guarded>,
}

/// State that only one thread at a time may touch.
#[derive(Debug)]
struct Guarded {
    machine: Machine,
    key: Option<CountedKey>,
    undelivered: Undelivered,
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
            spell: AtomicU64::new(0),
            opened_by: AtomicU64::new(0),
            counter: SuccessCounter::new(),
            last_failure: ArcSwapOption::const_empty(),
            guarded: Mutex::new(Guarded {
                machine: Machine::new(),
                key: None,
                undelivered: Undelivered::new(),
            }),
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

    /// The spell of an open breaker: read after the packed state.
    #[inline]
    pub(super) fn open_spell(&self) -> OpenSpell {
        OpenSpell {
            probe_at: Nanos::at(self.probe_at.load(Acquire)),
            length: Duration::from_nanos(self.spell.load(Acquire)),
        }
    }

    /// Reason for which the breaker has last opened: read after the packed state.
    pub(super) fn opened_by(&self) -> TransitionReason {
        TransitionReason::of_number(self.opened_by.load(Acquire))
    }

    /// Text of the error that opened the breaker, while it is open or half-open.
    pub(super) fn last_failure(&self) -> Option<ErrorText> {
        self.last_failure.load().as_deref().cloned()
    }

    /// Returns `true` if a result of this generation is not stale.
    #[inline]
    pub(super) fn is_current(&self, generation: u64) -> bool {
        self.packed().generation() == generation
    }

    /// Returns `true` if a success of this generation is not stale, and ends no run of failures.
    #[inline]
    pub(super) fn is_current_success(&self, generation: u64) -> bool {
        let packed = self.packed();
        packed.generation() == generation && !packed.ends_run()
    }

    /// Returns `true` if the breaker is disabled, so that a result of this generation means
    /// nothing.
    #[inline]
    pub(super) fn is_disabled(&self, generation: u64) -> bool {
        self.packed() == PackedState::new(State::Disabled, generation, SuccessMode::Inspect)
    }

    /// Counts a success of this generation without the lock, unless the machine must see it.
    pub(super) fn count(&self, generation: u64, now: Nanos) -> bool {
        self.counter.add(now, || self.is_current_success(generation))
    }

    /// Counts a success of this state without the lock, unless the machine must see it.
    #[inline]
    pub(super) fn count_in(&self, state: PackedState, now: Nanos) -> bool {
        self.counter.add(now, || self.packed() == state)
    }

    /// Admits a call, or rejects it.
    pub(super) fn admit(&self, now: Nanos) -> (Result<Pass, Rejection>, Option<Transition>) {
        self.step(|Guarded { machine, undelivered, .. }, options| {
            let (admitted, transition) = machine.admit(options, now);
            self.announce(undelivered, transition);
            (admitted, transition)
        })
    }

    /// Records the result of a call.
    pub(super) fn record(&self, pass: Pass, verdict: Verdict, now: Nanos) -> Recorded {
        self.step(|Guarded { machine, key, undelivered }, options| {
            let may_open = || key.as_mut().map_or(Ok(()), CountedKey::try_open);
            let recorded = machine.record(options, pass, verdict, now, may_open);
            if let Recorded::Counted(transition) = recorded {
                self.announce(undelivered, transition);
            }
            recorded
        })
    }

    /// Sets the state by hand.
    pub(super) fn set(&self, to: Phase) -> Option<Transition> {
        self.step(|Guarded { machine, undelivered, .. }, _| {
            let transition = machine.set(to);
            self.announce(undelivered, transition);
            transition
        })
    }

    /// Counts the breaker among these keys: its key has found a place.
    pub(super) fn join(&self, keys: Arc<OpenKeys>) {
        let mut guarded = lock(&self.guarded);
        let is_open = guarded.machine.is_open();
        guarded.key = Some(CountedKey::new(keys, is_open));
    }

    /// Counts the breaker no longer among the keys: its key has lost its place.
    pub(super) fn leave(&self) {
        lock(&self.guarded).key = None;
    }

    /// Sets the first state of a breaker, which is no transition.
    pub(super) fn begin_with(&self, first: Phase) {
        self.step(|guarded, _| guarded.machine.set(first));
    }

    pub(super) fn read(&self, now: Nanos) -> Reading {
        self.step(|Guarded { machine, .. }, options| Reading {
            opened_by: machine.is_open().then(|| self.opened_by()),
            ..machine.read(options, now)
        })
    }

    /// Gives the transition that opened the breaker the text of the error that did it, and keeps
    /// the text.
    pub(super) fn explain(&self, opened: Transition, error: Option<ErrorText>) {
        let mut guarded = lock(&self.guarded);
        // By now the breaker may have left that spell.
        if guarded.machine.has_been_open_since(opened.generation) {
            self.last_failure.store(error.clone().map(Arc::new));
        }
        guarded.undelivered.complete(opened.generation, error);
    }

    /// Delivers all transitions in line, in their order, unless another thread is at it.
    pub(super) fn deliver(&self, deliver: impl Fn(Transition, Option<ErrorText>)) {
        if !lock(&self.guarded).undelivered.begin() {
            return;
        }
        let mut delivery = Delivery { engine: self, is_over: false };
        while let Some((transition, error)) = delivery.next() {
            deliver(transition, error);
        }
    }

    /// Puts a transition in line for the observers, and forgets what opened the breaker before.
    fn announce(&self, undelivered: &mut Undelivered, transition: Option<Transition>) {
        let Some(transition) = transition else { return };
        undelivered.push(transition);
        if let State::Open | State::ForcedOpen = transition.to {
            self.opened_by.store(transition.reason as u64, Release);
        }
        if transition.to != State::HalfOpen {
            self.last_failure.store(None);
        }
    }

    /// Overrides the options; `None` restores the options of the code. State, generation and probes
    /// stay. The counts stay too, unless the new options count in another way.
    #[cfg(feature = "toml")]
    pub(super) fn reconfigure(&self, to: Option<CircuitBreakerOptions>) {
        self.step(|guarded, from| {
            guarded.machine.reconfigure(from, &to.unwrap_or(self.options.declared));
            self.options.replace(to);
        });
    }

    /// Makes one step of the machine, under its lock, and publishes the new state before the lock
    /// is released.
    fn step<R>(&self, step: impl FnOnce(&mut Guarded, &CircuitBreakerOptions) -> R) -> R {
        let mut guarded = lock(&self.guarded);
        let before = self.options.get();
        if before.counts_successes() {
            guarded.machine.absorb(&before, self.counter.take());
        }
        let result = step(&mut guarded, &before);
        let Guarded { machine, key, .. } = &mut *guarded;
        if let Some(key) = key {
            key.update(machine.is_open());
        }
        if let Some(OpenSpell { probe_at, length }) = machine.open_spell() {
            self.probe_at.store(probe_at.get(), Release);
            self.spell.store(nanoseconds(length), Release);
        }
        let after = self.options.get();
        let mode = match machine.state() {
            State::Closed if machine.run() > 0 => SuccessMode::EndsRun,
            State::Closed => SuccessMode::of(&after),
            _ => SuccessMode::Inspect,
        };
        let packed = PackedState::new(machine.state(), machine.generation(), mode);
        self.packed.store(packed.bits(), Release);
        if after.counts_successes() {
            self.counter.open(machine.open_during(&after).as_ref());
        }
        result
    }
}

/// One thread's delivery of transitions. It ends when none is left, or by a panic.
struct Delivery<'a> {
    engine: &'a Engine,
    is_over: bool,
}

impl Delivery<'_> {
    fn next(&mut self) -> Option<(Transition, Option<ErrorText>)> {
        let next = lock(&self.engine.guarded).undelivered.next();
        self.is_over = next.is_none();
        next
    }
}

impl Drop for Delivery<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            lock(&self.engine.guarded).undelivered.stop();
        }
    }
}
