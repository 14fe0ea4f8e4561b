//! The state machine of a breaker: states, run, window, probes. It is handed the time, takes no
//! lock, reads no clock and notifies nobody. The [`engine`](super::engine) shares it.
//!
//! Every transition begins a new generation. A result counts only in the generation in which its
//! call was admitted.

use std::ops::Range;
use std::time::Duration;

use resilience_options::CircuitBreakerOptions;

use super::open_keys::KeysNow;
use super::open_spell::OpenSpell;
use super::pass::{Pass, PassKind};
use super::phase::{Phase, Probe};
use super::rejection::Rejection;
use super::sliding_window::{Counts, Ended};
use crate::outcome::Verdict;
use crate::state::{State, TransitionReason};
use crate::time::Nanos;

#[derive(Debug)]
pub(super) struct Machine {
    phase: Phase,
    /// Number of states entered so far.
    generation: u64,
    /// Number of times the breaker has opened since it was last closed for a whole window.
    openings: u32,
    /// The time at which probes last closed the breaker.
    closed_at: Nanos,
    /// Number of the next probe. No number is used twice: a late result is never taken for another
    /// probe's.
    next_probe: u64,
    /// Number of results that came too late to count.
    stale: u64,
}

/// A change of state, for the observers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Transition {
    pub(super) from: State,
    pub(super) to: State,
    pub(super) reason: TransitionReason,
    /// Generation that begins with it.
    pub(super) generation: u64,
}

/// The effect of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recorded {
    /// The result belongs to the present generation.
    Counted(Option<Transition>),
    /// The result would have opened the breaker, but as many keys as may be are open. To be
    /// announced; a result that is not is `Counted`.
    KeptClosed(TransitionReason, KeysNow),
    /// The result came too late.
    Stale,
}

/// Contents of the machine, for a snapshot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    pub(super) state: State,
    /// Reason for which the breaker is open, if it is. The machine does not keep it: the engine
    /// does, for rejections.
    pub(super) opened_by: Option<TransitionReason>,
    pub(super) run: u32,
    pub(super) counts: Counts,
    pub(super) probes: usize,
    pub(super) successes: u32,
    pub(super) stale: u64,
    pub(super) retry_after: Option<Duration>,
    /// Set if the breaker would be open, if it were allowed to.
    pub(super) is_kept_closed: bool,
}

impl Machine {
    pub(super) const fn new() -> Self {
        Self {
            phase: Phase::closed(),
            generation: 0,
            openings: 0,
            closed_at: Nanos::FIRST,
            next_probe: 0,
            stale: 0,
        }
    }

    pub(super) const fn state(&self) -> State {
        self.phase.state()
    }

    pub(super) const fn generation(&self) -> u64 {
        self.generation
    }

    /// The spell of an open breaker.
    pub(super) const fn open_spell(&self) -> Option<OpenSpell> {
        match self.phase {
            Phase::Open(spell) => Some(spell),
            _ => None,
        }
    }

    /// Returns `true` if the breaker rejects calls: all of them, or all but its probes.
    pub(super) const fn is_open(&self) -> bool {
        match self.phase {
            Phase::Open(_) | Phase::HalfOpen { .. } | Phase::ForcedOpen => true,
            Phase::Closed { .. } | Phase::Disabled => false,
        }
    }

    /// Returns `true` if the breaker is still open, or half-open, since this generation began.
    pub(super) const fn has_been_open_since(&self, generation: u64) -> bool {
        match self.phase {
            Phase::Open(_) => self.generation == generation,
            Phase::HalfOpen { .. } => self.generation == generation + 1,
            _ => false,
        }
    }

    /// Number of failures since the last success, while closed, if a run of them can open the
    /// breaker.
    pub(super) const fn run(&self) -> u32 {
        match self.phase {
            Phase::Closed { run, .. } => run,
            _ => 0,
        }
    }

    /// Admits a call, or rejects it.
    pub(super) fn admit(
        &mut self,
        options: &CircuitBreakerOptions,
        now: Nanos,
    ) -> (Result<Pass, Rejection>, Option<Transition>) {
        let transition = match self.phase {
            Phase::Open(spell) if spell.is_over(now) => {
                self.enter(Phase::half_open(self.next_probe), TransitionReason::Probe)
            }
            _ => None,
        };
        let kind = match &mut self.phase {
            Phase::Closed { .. } | Phase::Disabled => {
                Ok(PassKind::Regular { generation: self.generation })
            }
            Phase::Open(spell) => Err(Rejection::until(spell.probe_at, now)),
            Phase::ForcedOpen => Err(Rejection::FOR_UNKNOWN_TIME),
            Phase::HalfOpen { probes, .. } => {
                probes.retain(|probe| !probe.expires.has_come(now, options.probe_timeout()));
                if probes.len() < options.half_open_probes() as usize {
                    let number = self.next_probe;
                    self.next_probe += 1;
                    probes.push(Probe { number, expires: now.after(options.probe_timeout()) });
                    Ok(PassKind::Probe { number })
                } else {
                    Err(Rejection::until_one_of(probes, now))
                }
            }
        };
        (kind.map(|kind| Pass::new(kind, options.slow_call.map(|_| now))), transition)
    }

    /// Records the result of a call that was admitted with this pass and ends now. A closed breaker
    /// that is to open asks `may_open` first. If the answer is no, it asks again at the next result
    /// that is to open it.
    #[inline]
    pub(super) fn record(
        &mut self,
        options: &CircuitBreakerOptions,
        pass: Pass,
        verdict: Verdict,
        now: Nanos,
        may_open: impl FnOnce() -> Result<(), KeysNow>,
    ) -> Recorded {
        if !self.is_current(pass) {
            self.stale += 1;
            return Recorded::Stale;
        }
        let ended = Ended {
            failed: verdict == Verdict::Failure,
            slow: pass.is_slow(options.slow_call, now),
        };
        match verdict {
            Verdict::Ignored => return Recorded::Counted(None),
            Verdict::Abandoned if !ended.slow => return Recorded::Counted(None),
            Verdict::Success | Verdict::Failure | Verdict::Abandoned => {}
        }
        let next = match &mut self.phase {
            Phase::Closed { run, window, kept } => {
                let longest_run = options.consecutive_failures();
                *run = match verdict {
                    Verdict::Failure if longest_run.is_some() => run.saturating_add(1),
                    Verdict::Success => 0,
                    Verdict::Failure | Verdict::Ignored | Verdict::Abandoned => *run,
                };
                window.add(options, ended, now);
                let is_run = longest_run.is_some_and(|limit| *run >= limit);
                let trips = if ended.failed && is_run {
                    Some(TransitionReason::ConsecutiveFailures)
                } else if ended.failed || ended.slow {
                    window.trips(options)
                } else {
                    // A success never opens a breaker.
                    None
                };
                kept.is_now = false;
                match trips.map(|reason| (reason, may_open())) {
                    Some((reason, Ok(()))) => Some((self.open(options, now), reason)),
                    Some((reason, Err(keys))) if kept.keep(options.open_for(), now) => {
                        return Recorded::KeptClosed(reason, keys);
                    }
                    Some((_, Err(_))) | None => None,
                }
            }
            Phase::HalfOpen { .. } if ended.failed || ended.slow => {
                Some((self.open(options, now), TransitionReason::Probe))
            }
            Phase::HalfOpen { successes, .. } => {
                *successes += 1;
                (*successes >= options.success_threshold()).then(|| {
                    self.closed_at = now;
                    (Phase::closed(), TransitionReason::Probe)
                })
            }
            Phase::Open(_) | Phase::ForcedOpen | Phase::Disabled => None,
        };
        Recorded::Counted(next.and_then(|(next, reason)| self.enter(next, reason)))
    }

    /// Changes the state by hand.
    pub(super) fn set(&mut self, to: Phase) -> Option<Transition> {
        // To close a closed breaker is to forget what it has counted.
        if self.state() == to.state() && self.state() != State::Closed {
            return None;
        }
        self.openings = 0;
        self.enter(to, TransitionReason::ByHand)
    }

    /// Adapts the run and the window of a closed breaker to new options.
    #[cfg(feature = "toml")]
    pub(super) fn reconfigure(&mut self, from: &CircuitBreakerOptions, to: &CircuitBreakerOptions) {
        if let Phase::Closed { run, window, .. } = &mut self.phase {
            if to.consecutive_failures().is_none() {
                *run = 0;
            }
            window.reconfigure(from, to);
        }
    }

    /// Counts successes that were counted elsewhere.
    pub(super) fn absorb(&mut self, options: &CircuitBreakerOptions, successes: u64) {
        if let Phase::Closed { window, .. } = &mut self.phase {
            window.absorb(options, successes);
        }
    }

    /// The time during which successes may be counted elsewhere.
    pub(super) fn open_during(&self, options: &CircuitBreakerOptions) -> Option<Range<Nanos>> {
        match &self.phase {
            Phase::Closed { window, .. } => window.open_during(options),
            _ => None,
        }
    }

    pub(super) fn read(&mut self, options: &CircuitBreakerOptions, now: Nanos) -> Reading {
        let mut reading = Reading {
            state: self.state(),
            opened_by: None,
            run: self.run(),
            counts: Counts::default(),
            probes: 0,
            successes: 0,
            stale: self.stale,
            retry_after: None,
            is_kept_closed: false,
        };
        match &mut self.phase {
            Phase::Closed { run, window, kept } => {
                window.evict(options, now);
                reading.counts = window.counts(options);
                let is_run = options.consecutive_failures().is_some_and(|limit| *run >= limit);
                reading.is_kept_closed = kept.is_now && (is_run || window.trips(options).is_some());
                if !options.counts_in_window() {
                    (reading.counts.calls, reading.counts.failures) = (0, u64::from(*run));
                }
            }
            Phase::Open(spell) => {
                let rest = if spell.is_over(now) {
                    Some(Duration::ZERO)
                } else {
                    Rejection::until(spell.probe_at, now).retry_after
                };
                reading.retry_after = rest;
            }
            Phase::HalfOpen { probes, successes, .. } => {
                (reading.probes, reading.successes) = (probes.len(), *successes);
            }
            Phase::ForcedOpen | Phase::Disabled => {}
        }
        reading
    }

    /// The next open spell: longer than the one before if `open_backoff` says so, and by a random
    /// share if `open_jitter` does.
    fn open(&mut self, options: &CircuitBreakerOptions, now: Nanos) -> Phase {
        let settled_after = options.settled_after();
        if self.state() == State::Closed
            && self.closed_at.after(settled_after).has_come(now, settled_after)
        {
            self.openings = 0;
        }
        let length = options.open_spell(self.openings);
        self.openings = self.openings.saturating_add(1);
        Phase::Open(OpenSpell::begin(now, length, options.open_jitter()))
    }

    /// The only way to change the state. All that was known only in the old state is forgotten.
    fn enter(&mut self, to: Phase, reason: TransitionReason) -> Option<Transition> {
        let from = self.state();
        self.phase = to;
        self.generation += 1;
        let (to, generation) = (self.state(), self.generation);
        (from != to).then_some(Transition { from, to, reason, generation })
    }

    /// Returns `true` if the result of this call counts. A probe gives up its place, if it still
    /// has one: without a place, its result counts too, as long as the breaker is half-open.
    fn is_current(&mut self, pass: Pass) -> bool {
        match (pass.kind(), &mut self.phase) {
            (PassKind::Regular { generation }, _) => generation == self.generation,
            (PassKind::Probe { number }, Phase::HalfOpen { first, probes, .. }) => {
                probes.retain(|probe| probe.number != number);
                number >= *first
            }
            (PassKind::Probe { .. }, _) => false,
        }
    }
}
