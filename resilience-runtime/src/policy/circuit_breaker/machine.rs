//! The state machine of a breaker: states, window, probes. Pure: it is handed the time, takes no
//! lock, reads no clock and notifies nobody. The [`engine`](super::engine) shares it.
//!
//! Every transition begins a new generation. A result counts only in the generation in which its
//! call was admitted.

use std::time::Duration;

use resilience_options::CircuitBreakerOptions;

use super::pass::{Pass, PassKind};
use super::sliding_window::{Counts, Ended, SlidingWindow};
use crate::outcome::Verdict;
use crate::state::{State, TransitionReason};
use crate::time::Nanos;

#[derive(Debug)]
pub(super) struct Machine {
    phase: Phase,
    /// Number of states entered so far.
    generation: u64,
    /// Number of times the breaker has opened since it was last closed.
    openings: u32,
    /// Number of the next probe. No number is used twice: a late result is never taken for another
    /// probe's.
    next_probe: u64,
    /// Number of results that came too late to count.
    stale: u64,
}

/// A state, with what is known only in it.
#[derive(Debug)]
pub(super) enum Phase {
    Closed {
        /// The calls that have ended.
        window: SlidingWindow,
    },
    Open {
        /// The time from which a call is admitted as a probe.
        probe_at: Nanos,
    },
    HalfOpen {
        /// The probes under way.
        probes: Vec<Probe>,
        /// Number of probes that succeeded.
        successes: u32,
    },
    ForcedOpen,
    Disabled,
}

/// A probe under way.
#[derive(Debug)]
pub(super) struct Probe {
    number: u64,
    /// The time from which its place is given to another call.
    expires: Nanos,
}

/// A change of state, for the observers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Transition {
    pub(super) from: State,
    pub(super) to: State,
    pub(super) reason: TransitionReason,
}

/// The answer to a call that is not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rejection {
    /// The time until a call may be a probe. `None` if nobody knows it.
    pub(super) retry_after: Option<Duration>,
}

/// The effect of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recorded {
    /// The result belongs to the present generation.
    Counted(Option<Transition>),
    /// The result came too late.
    Stale,
}

/// Contents of the machine, for a snapshot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    pub(super) state: State,
    pub(super) counts: Counts,
    pub(super) probes: usize,
    pub(super) successes: u32,
    pub(super) stale: u64,
    pub(super) retry_after: Option<Duration>,
}

impl Phase {
    /// Closed, with nothing counted.
    pub(super) const fn closed() -> Self {
        Self::Closed { window: SlidingWindow::new() }
    }

    /// Half-open, with every place free.
    const fn half_open() -> Self {
        Self::HalfOpen { probes: Vec::new(), successes: 0 }
    }

    const fn state(&self) -> State {
        match self {
            Self::Closed { .. } => State::Closed,
            Self::Open { .. } => State::Open,
            Self::HalfOpen { .. } => State::HalfOpen,
            Self::ForcedOpen => State::ForcedOpen,
            Self::Disabled => State::Disabled,
        }
    }
}

impl Rejection {
    /// Nobody knows when a call is admitted again: probes are under way, or the breaker is forced
    /// open.
    pub(super) const FOR_UNKNOWN_TIME: Self = Self { retry_after: None };

    /// A probe is admitted at this time, if clocks ever show it.
    pub(super) const fn until(probe_at: Nanos, now: Nanos) -> Self {
        if probe_at.get() == Nanos::NEVER.get() {
            return Self::FOR_UNKNOWN_TIME;
        }
        Self { retry_after: Some(probe_at.since(now)) }
    }
}

impl Machine {
    pub(super) const fn new() -> Self {
        Self { phase: Phase::closed(), generation: 0, openings: 0, next_probe: 0, stale: 0 }
    }

    pub(super) const fn state(&self) -> State {
        self.phase.state()
    }

    pub(super) const fn generation(&self) -> u64 {
        self.generation
    }

    /// The time from which an open breaker admits a probe.
    pub(super) const fn probe_at(&self) -> Option<Nanos> {
        match self.phase {
            Phase::Open { probe_at } => Some(probe_at),
            _ => None,
        }
    }

    /// Admits a call, or rejects it.
    pub(super) fn admit(
        &mut self,
        options: &CircuitBreakerOptions,
        now: Nanos,
    ) -> (Result<Pass, Rejection>, Option<Transition>) {
        let transition = match self.phase {
            Phase::Open { probe_at } if probe_at <= now => {
                self.enter(Phase::half_open(), TransitionReason::Probe)
            }
            _ => None,
        };
        let kind = match &mut self.phase {
            Phase::Closed { .. } | Phase::Disabled => {
                Ok(PassKind::Regular { generation: self.generation })
            }
            Phase::Open { probe_at } => Err(Rejection::until(*probe_at, now)),
            Phase::ForcedOpen => Err(Rejection::FOR_UNKNOWN_TIME),
            Phase::HalfOpen { probes, .. } => {
                probes.retain(|probe| probe.expires > now);
                if probes.len() < options.half_open_probes() as usize {
                    let number = self.next_probe;
                    self.next_probe += 1;
                    probes.push(Probe { number, expires: now.after(options.probe_timeout()) });
                    Ok(PassKind::Probe { number })
                } else {
                    Err(Rejection::FOR_UNKNOWN_TIME)
                }
            }
        };
        (kind.map(|kind| Pass::new(kind, options.slow_call.map(|_| now))), transition)
    }

    /// Records the result of a call that was admitted with this pass and ends now.
    #[inline]
    pub(super) fn record(
        &mut self,
        options: &CircuitBreakerOptions,
        pass: Pass,
        verdict: Verdict,
        now: Nanos,
    ) -> Recorded {
        if !self.is_current(pass) {
            self.stale += 1;
            return Recorded::Stale;
        }
        if verdict == Verdict::Ignored {
            return Recorded::Counted(None);
        }
        let ended = Ended {
            failed: verdict == Verdict::Failure,
            slow: pass.is_slow(options.slow_call, now),
        };
        let next = match &mut self.phase {
            Phase::Closed { window } => {
                window.add(options, ended, now);
                window.trips(options).map(|reason| (self.open(options, now), reason))
            }
            Phase::HalfOpen { .. } if ended.failed || ended.slow => {
                Some((self.open(options, now), TransitionReason::Probe))
            }
            Phase::HalfOpen { successes, .. } => {
                *successes += 1;
                (*successes >= options.success_threshold())
                    .then(|| (Phase::closed(), TransitionReason::Probe))
            }
            Phase::Open { .. } | Phase::ForcedOpen | Phase::Disabled => None,
        };
        Recorded::Counted(next.and_then(|(next, reason)| self.enter(next, reason)))
    }

    /// Changes the state by hand.
    pub(super) fn set(&mut self, to: Phase) -> Option<Transition> {
        // To close a closed breaker is to forget what it has counted.
        if self.state() == to.state() && self.state() != State::Closed {
            return None;
        }
        self.enter(to, TransitionReason::ByHand)
    }

    /// Adapts the window of a closed breaker to new options.
    #[cfg(feature = "toml")]
    pub(super) fn reconfigure(&mut self, from: &CircuitBreakerOptions, to: &CircuitBreakerOptions) {
        if let Phase::Closed { window } = &mut self.phase {
            window.reconfigure(from, to);
        }
    }

    /// Counts successes that were counted elsewhere.
    pub(super) fn absorb(&mut self, options: &CircuitBreakerOptions, successes: u64) {
        if let Phase::Closed { window } = &mut self.phase {
            window.absorb(options, successes);
        }
    }

    /// The time until which successes may be counted elsewhere.
    pub(super) fn open_until(&self, options: &CircuitBreakerOptions) -> Option<Nanos> {
        match &self.phase {
            Phase::Closed { window } => window.open_until(options),
            _ => None,
        }
    }

    pub(super) fn read(&mut self, options: &CircuitBreakerOptions, now: Nanos) -> Reading {
        let mut reading = Reading {
            state: self.state(),
            counts: Counts::default(),
            probes: 0,
            successes: 0,
            stale: self.stale,
            retry_after: None,
        };
        match &mut self.phase {
            Phase::Closed { window } => {
                window.evict(options, now);
                reading.counts = window.counts(options);
            }
            Phase::Open { probe_at } => {
                reading.retry_after = Rejection::until(*probe_at, now).retry_after;
            }
            Phase::HalfOpen { probes, successes } => {
                (reading.probes, reading.successes) = (probes.len(), *successes);
            }
            Phase::ForcedOpen | Phase::Disabled => {}
        }
        reading
    }

    /// The next open spell, longer than the one before if `open_backoff` says so.
    fn open(&mut self, options: &CircuitBreakerOptions, now: Nanos) -> Phase {
        let probe_at = now.after(options.open_spell(self.openings));
        self.openings = self.openings.saturating_add(1);
        Phase::Open { probe_at }
    }

    /// The only way to change the state. All that was known only in the old state is forgotten.
    fn enter(&mut self, to: Phase, reason: TransitionReason) -> Option<Transition> {
        let from = self.state();
        self.phase = to;
        self.generation += 1;
        let to = self.state();
        if !matches!(to, State::Open | State::HalfOpen) {
            self.openings = 0;
        }
        (from != to).then_some(Transition { from, to, reason })
    }

    /// Returns `true` if the result of this call counts. A probe gives up its place, if it still
    /// has one.
    fn is_current(&mut self, pass: Pass) -> bool {
        match (pass.kind(), &mut self.phase) {
            (PassKind::Regular { generation }, _) => generation == self.generation,
            (PassKind::Probe { number }, Phase::HalfOpen { probes, .. }) => {
                let place = probes.iter().position(|probe| probe.number == number);
                place.map(|place| probes.swap_remove(place)).is_some()
            }
            (PassKind::Probe { .. }, _) => false,
        }
    }
}
