//! The state machine of a breaker: states, windows, probes. Pure: it is told the time, takes no lock, reads no
//! clock and tells nobody. [`CircuitBreaker`](super::CircuitBreaker) shares it.
//!
//! Every transition starts a new generation. A result counts only in the generation its call was admitted in.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::settings::Settings;
use super::state::State;
use crate::classify::Verdict;

#[derive(Debug)]
pub(super) struct Machine {
    state: State,
    generation: u64,
    /// Closed: when the failures in the window happened, oldest first; never more than the threshold.
    failures: VecDeque<Instant>,
    /// Open: when a probe may be let through; `None` is never.
    probe_at: Option<Instant>,
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
    expires: Option<Instant>,
}

/// What an admitted call must show to have its result counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ticket {
    pub(super) generation: u64,
    /// Its number, if it was let through half-open.
    pub(super) probe: Option<u64>,
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
    pub(super) failures: usize,
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
            failures: VecDeque::new(),
            probe_at: None,
            probes: Vec::new(),
            successes: 0,
            next_probe: 0,
            stale: 0,
        }
    }

    pub(super) const fn state(&self) -> State {
        self.state
    }

    pub(super) const fn generation(&self) -> u64 {
        self.generation
    }

    /// Lets a call through, or says how long to stay away.
    pub(super) fn admit(
        &mut self,
        settings: &Settings,
        now: Instant,
    ) -> (Result<Ticket, Duration>, Option<Transition>) {
        let mut transition = None;
        if self.state == State::Open && self.probe_at.is_some_and(|at| at <= now) {
            transition = self.enter(State::HalfOpen);
        }
        let probe = match self.state {
            State::Closed | State::Disabled => None,
            State::Open | State::ForcedOpen => return (Err(self.retry_after(now)), None),
            State::HalfOpen => {
                self.probes.retain(|probe| probe.expires.is_none_or(|at| at > now));
                if self.probes.len() >= settings.half_open_probes as usize {
                    return (Err(Duration::ZERO), transition);
                }
                let number = self.next_probe;
                self.next_probe += 1;
                self.probes.push(Probe { number, expires: now.checked_add(settings.probe_timeout()) });
                Some(number)
            }
        };
        (Ok(Ticket { generation: self.generation, probe }), transition)
    }

    /// Takes the result of a call that was admitted with `ticket`.
    pub(super) fn record(
        &mut self,
        settings: &Settings,
        ticket: Ticket,
        verdict: Verdict,
        now: Instant,
    ) -> Recorded {
        if ticket.generation != self.generation || !self.release(ticket) {
            self.stale += 1;
            return Recorded::Stale;
        }
        Recorded::Counted(match (self.state, verdict) {
            (State::Closed, Verdict::Failure) => {
                self.evict(settings, now);
                self.failures.push_back(now);
                if self.failures.len() < settings.failure_threshold as usize {
                    None
                } else {
                    self.open(settings, now)
                }
            }
            (State::HalfOpen, Verdict::Failure) => self.open(settings, now),
            (State::HalfOpen, Verdict::Success) => {
                self.successes += 1;
                if self.successes < settings.success_threshold { None } else { self.enter(State::Closed) }
            }
            _ => None,
        })
    }

    /// Changes to `to` by hand.
    pub(super) fn set(&mut self, to: State) -> Option<Transition> {
        if self.state == to && to != State::Closed {
            return None;
        }
        self.probe_at = None;
        self.enter(to)
    }

    pub(super) fn read(&mut self, settings: &Settings, now: Instant) -> Reading {
        self.evict(settings, now);
        Reading {
            state: self.state,
            failures: self.failures.len(),
            probes: self.probes.len(),
            successes: self.successes,
            stale: self.stale,
            retry_after: self.retry_after(now),
        }
    }

    fn open(&mut self, settings: &Settings, now: Instant) -> Option<Transition> {
        self.probe_at = now.checked_add(settings.open_for);
        self.enter(State::Open)
    }

    /// The one way to change the state: with it go the generation and everything counted in it.
    fn enter(&mut self, to: State) -> Option<Transition> {
        let from = std::mem::replace(&mut self.state, to);
        self.generation += 1;
        self.failures.clear();
        self.probes.clear();
        self.successes = 0;
        (from != to).then_some(Transition { from, to })
    }

    /// Gives up the place a probe holds; false if it holds none any more.
    fn release(&mut self, ticket: Ticket) -> bool {
        let Some(number) = ticket.probe else { return true };
        let place = self.probes.iter().position(|probe| probe.number == number);
        place.map(|place| self.probes.swap_remove(place)).is_some()
    }

    fn evict(&mut self, settings: &Settings, now: Instant) {
        while self.failures.front().is_some_and(|&at| now.saturating_duration_since(at) >= settings.window) {
            self.failures.pop_front();
        }
    }

    fn retry_after(&self, now: Instant) -> Duration {
        match (self.state, self.probe_at) {
            (State::Open, Some(at)) => at.saturating_duration_since(now),
            (State::Open, None) | (State::ForcedOpen, _) => Duration::MAX,
            _ => Duration::ZERO,
        }
    }
}
