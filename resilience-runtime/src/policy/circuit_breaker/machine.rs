//! The state machine of a breaker: states, windows, probes. Pure: it is told the time, takes no
//! lock, reads no clock and tells nobody.
//! [`CircuitBreaker`](super::circuit_breaker::CircuitBreaker) shares it.
//!
//! Every transition starts a new generation. A result counts only in the generation its call was
//! admitted in.

use std::time::Duration;

use resilience_options::CircuitBreakerOptions;

#[cfg(feature = "toml")]
use super::limits::count_alike;
use super::window::{Counted, Counts, Ended};
use crate::outcome::Verdict;
use crate::state::State;
use crate::time::Nanos;

#[derive(Debug)]
pub(super) struct Machine {
    state: State,
    generation: u64,
    /// Closed: the calls in the window.
    counted: Counted,
    /// Open: when a probe may be let through.
    probe_at: Nanos,
    /// How many times it has opened since it was last closed.
    openings: u32,
    /// Half-open: the probes that hold a place.
    probes: Vec<Probe>,
    /// Half-open: probes that succeeded.
    successes: u32,
    /// Names the next probe; a late result must not be taken for another's.
    next_probe: u64,
    /// Results that came too late to count.
    stale: u64,
}

#[derive(Debug)]
struct Probe {
    number: u64,
    /// When its place is given again, should it hang.
    expires: Nanos,
}

/// What an admitted call must show to have its result counted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ticket {
    /// It was let through closed, in this generation.
    Regular { generation: u64 },
    /// It was let through half-open: the number of its probe.
    Probe { number: u64 },
}

/// A change of state, to be told to the observers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Transition {
    pub(super) from: State,
    pub(super) to: State,
}

/// What a result did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recorded {
    Counted(Option<Transition>),
    Stale,
}

/// What the machine holds, for a snapshot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    pub(super) state: State,
    pub(super) counts: Counts,
    pub(super) probes: usize,
    pub(super) successes: u32,
    pub(super) stale: u64,
    pub(super) retry_after: Duration,
}

impl Machine {
    pub(super) const fn new() -> Self {
        Self {
            state: State::Closed,
            generation: 0,
            counted: Counted::new(),
            probe_at: Nanos::NEVER,
            openings: 0,
            probes: Vec::new(),
            successes: 0,
            next_probe: 0,
            stale: 0,
        }
    }

    pub(super) const fn state(&self) -> State {
        self.state
    }

    pub(super) const fn probe_at(&self) -> Nanos {
        self.probe_at
    }

    pub(super) const fn generation(&self) -> u64 {
        self.generation
    }

    /// Lets a call through, or says how long to stay away.
    pub(super) fn admit(
        &mut self,
        settings: &CircuitBreakerOptions,
        now: Nanos,
    ) -> (Result<Ticket, Duration>, Option<Transition>) {
        let mut transition = None;
        if self.state == State::Open && self.probe_at <= now {
            transition = self.enter(State::HalfOpen);
        }
        let ticket = match self.state {
            State::Closed | State::Disabled => Ticket::Regular { generation: self.generation },
            State::Open | State::ForcedOpen => {
                return (Err(retry_after(self.state, self.probe_at, now)), None);
            }
            State::HalfOpen => {
                self.probes.retain(|probe| probe.expires > now);
                if self.probes.len() >= settings.half_open_probes() as usize {
                    return (Err(Duration::ZERO), transition);
                }
                let number = self.next_probe;
                self.next_probe += 1;
                self.probes.push(Probe { number, expires: now.after(settings.probe_timeout()) });
                Ticket::Probe { number }
            }
        };
        (Ok(ticket), transition)
    }

    /// Takes the result of a call that was admitted with `ticket`.
    pub(super) fn record(
        &mut self,
        settings: &CircuitBreakerOptions,
        ticket: Ticket,
        verdict: Verdict,
        slow: bool,
        now: Nanos,
    ) -> Recorded {
        if !self.is_current(ticket) {
            self.stale += 1;
            return Recorded::Stale;
        }
        Recorded::Counted(match (self.state, verdict) {
            (_, Verdict::Ignored) => None,
            (State::Closed, verdict) => {
                self.counted.add(
                    settings,
                    Ended { failed: verdict == Verdict::Failure, slow },
                    now,
                );
                if self.counted.trips(settings) { self.open(settings, now) } else { None }
            }
            (State::HalfOpen, Verdict::Success) if !slow => {
                self.successes += 1;
                if self.successes < settings.success_threshold() {
                    None
                } else {
                    self.enter(State::Closed)
                }
            }
            (State::HalfOpen, _) => self.open(settings, now),
            _ => None,
        })
    }

    /// Changes to `to` by hand.
    pub(super) fn set(&mut self, to: State) -> Option<Transition> {
        if self.state == to && to != State::Closed {
            return None;
        }
        self.enter(to)
    }

    /// The limits change from one to the other.
    #[cfg(feature = "toml")]
    pub(super) fn reconfigure(&mut self, from: &CircuitBreakerOptions, to: &CircuitBreakerOptions) {
        if count_alike(from, to) {
            self.counted.keep(from);
        } else {
            self.counted.clear();
        }
    }

    /// Takes over successes that were tallied without it.
    pub(super) fn absorb(&mut self, settings: &CircuitBreakerOptions, successes: u64) {
        self.counted.absorb(settings, successes);
    }

    /// Until when successes may be tallied without it.
    pub(super) fn open_until(&self, settings: &CircuitBreakerOptions) -> Option<Nanos> {
        if self.state == State::Closed { self.counted.open_until(settings) } else { None }
    }

    pub(super) fn read(&mut self, settings: &CircuitBreakerOptions, now: Nanos) -> Reading {
        self.counted.evict(settings, now);
        Reading {
            state: self.state,
            counts: self.counted.counts(settings),
            probes: self.probes.len(),
            successes: self.successes,
            stale: self.stale,
            retry_after: retry_after(self.state, self.probe_at, now),
        }
    }

    fn open(&mut self, settings: &CircuitBreakerOptions, now: Nanos) -> Option<Transition> {
        self.probe_at = now.after(settings.open_spell(self.openings));
        self.openings = self.openings.saturating_add(1);
        self.enter(State::Open)
    }

    /// The one way to change the state: with it go the generation and everything counted in it.
    fn enter(&mut self, to: State) -> Option<Transition> {
        let from = std::mem::replace(&mut self.state, to);
        self.generation += 1;
        self.counted.clear();
        self.probes.clear();
        self.successes = 0;
        if matches!(to, State::Closed | State::ForcedOpen | State::Disabled) {
            self.openings = 0;
        }
        (from != to).then_some(Transition { from, to })
    }

    /// Whether the result of this call counts. A probe gives up its place, if it still holds one.
    fn is_current(&mut self, ticket: Ticket) -> bool {
        match ticket {
            Ticket::Regular { generation } => generation == self.generation,
            Ticket::Probe { number } => {
                let place = self.probes.iter().position(|probe| probe.number == number);
                place.map(|place| self.probes.swap_remove(place)).is_some()
            }
        }
    }
}

/// How long a call in this state is told to stay away.
pub(super) const fn retry_after(state: State, probe_at: Nanos, now: Nanos) -> Duration {
    match state {
        State::Open if probe_at.get() == Nanos::NEVER.get() => Duration::MAX,
        State::Open => probe_at.since(now),
        State::ForcedOpen => Duration::MAX,
        State::Closed | State::HalfOpen | State::Disabled => Duration::ZERO,
    }
}
