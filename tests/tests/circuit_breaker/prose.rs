//! The documentation as a program. It keeps all that has happened, where the breaker evicts and
//! counts.

use proptest::prelude::*;
use resilience::events::TransitionReason;
use resilience::{CircuitBreaker, OnAbandon, State};
use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum End {
    Success,
    Failure,
    Ignored,
    Panic,
    Drop,
}

/// Criteria at which the breaker opens, each if it is declared.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// A number of failures in a row.
    run: Option<u32>,
    /// A number of failures in the window.
    failures: Option<u32>,
    /// A share of failures in percent.
    rate: Option<u32>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Window {
    Time(u64),
    Calls(u32),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Declared {
    pub(crate) limits: Limits,
    pub(crate) window: Window,
    pub(crate) minimum_calls: u32,
    /// Duration in milliseconds from which a call is slow, and the rate of slow calls that opens
    /// the breaker.
    pub(crate) slow: Option<(u64, u32)>,
    /// Maximum of the open time, which doubles each time.
    pub(crate) longest_open_time: Option<u64>,
    pub(crate) abandoned_fails: bool,
}

/// Divisor of all times: a 64th of the window, so that every call falls into one slice.
pub(crate) const GRAIN: u64 = 20;
const WINDOW: u64 = 64 * GRAIN;
pub(crate) const OPEN_FOR: u64 = 500;
pub(crate) const PROBE_TIMEOUT: u64 = 800;
const PROBES: usize = 2;
const SUCCESSES: usize = 2;

pub(crate) fn declared() -> impl Strategy<Value = Declared> {
    let option = |limit: std::ops::Range<u32>| proptest::option::of(limit);
    let limits = (option(1..6), option(1..5), option(20..101))
        .prop_map(|(run, failures, rate)| Limits { run, failures, rate });
    let window = prop_oneof![Just(Window::Time(WINDOW)), (5..12_u32).prop_map(Window::Calls)];
    let slow = proptest::option::of(
        (1..20_u64, 20..=100_u32).prop_map(|(times, rate)| (times * GRAIN, rate)),
    );
    let longest = proptest::option::of(prop_oneof![Just(OPEN_FOR), Just(1400), Just(5000)]);
    (limits, window, 1..6_u32, slow, longest, any::<bool>()).prop_map(
        |(limits, window, minimum_calls, slow, longest_open_time, abandoned_fails)| Declared {
            limits,
            window,
            minimum_calls: match window {
                Window::Calls(calls) => minimum_calls.min(calls),
                Window::Time(_) => minimum_calls,
            },
            slow,
            longest_open_time,
            abandoned_fails,
        },
    )
}

impl Declared {
    /// Length of the run of failures that opens the breaker: by default 5, if there is no other
    /// criterion for failures.
    fn run(&self) -> Option<u32> {
        let Limits { run, failures, rate } = self.limits;
        run.or((failures.is_none() && rate.is_none()).then_some(5))
    }

    pub(crate) fn breaker(&self) -> CircuitBreaker {
        let rate = |percent: u32| f64::from(percent) / 100.0;
        let mut breaker = CircuitBreaker::new("subject")
            .minimum_calls(self.minimum_calls)
            .open_for(Duration::from_millis(OPEN_FOR))
            .half_open_probes(2)
            .success_threshold(2)
            .probe_timeout(Duration::from_millis(PROBE_TIMEOUT))
            .on_abandon(if self.abandoned_fails { OnAbandon::Failure } else { OnAbandon::Ignore });
        if let Some(failures) = self.limits.run {
            breaker = breaker.consecutive_failures(failures);
        }
        if let Some(failures) = self.limits.failures {
            breaker = breaker.failure_threshold(failures);
        }
        if let Some(percent) = self.limits.rate {
            breaker = breaker.failure_rate(rate(percent));
        }
        breaker = match self.window {
            Window::Time(window) => breaker.window(Duration::from_millis(window)),
            Window::Calls(calls) => breaker.window_calls(calls),
        };
        if let Some((limit, percent)) = self.slow {
            breaker = breaker.slow_call(Duration::from_millis(limit)).slow_call_rate(rate(percent));
        }
        if let Some(longest) = self.longest_open_time {
            breaker = breaker.open_backoff(2.0, Duration::from_millis(longest));
        }
        breaker
    }
}

pub(crate) struct Model {
    declared: Declared,
    pub(crate) now: u64,
    /// Every state and the time at which it began. The length of the list is the generation.
    history: Vec<(State, u64)>,
    /// Reason for which the breaker has last opened.
    opened_by: TransitionReason,
    /// Positions of the states that were set by hand.
    by_hand: Vec<usize>,
    /// Every call that has ended while the breaker was closed.
    ended: Vec<Ended>,
    /// Calls admitted while the breaker was half-open, and their results.
    pub(crate) probes: Vec<Probe>,
    pub(crate) stale: u64,
}

struct Ended {
    generation: usize,
    at: u64,
    /// `None` for a call that its caller gave up.
    failed: Option<bool>,
    slow: bool,
}

pub(crate) struct Probe {
    generation: usize,
    pub(crate) admitted: u64,
    passed: Option<bool>,
    ended: bool,
}

#[derive(Clone, Copy)]
pub(crate) struct Admitted {
    pub(crate) generation: usize,
    pub(crate) probe: Option<usize>,
    at: u64,
}

impl Model {
    pub(crate) fn new(declared: Declared) -> Self {
        Self {
            declared,
            now: 0,
            history: Vec::new(),
            opened_by: TransitionReason::ByHand,
            by_hand: Vec::new(),
            ended: Vec::new(),
            probes: Vec::new(),
            stale: 0,
        }
    }

    pub(crate) fn state(&self) -> State {
        self.history.last().map_or(State::Closed, |(state, _)| *state)
    }

    pub(crate) fn generation(&self) -> usize {
        self.history.len()
    }

    pub(crate) fn set(&mut self, state: State) {
        if self.state() != state || state == State::Closed {
            self.by_hand.push(self.history.len());
            self.enter(state);
            self.opened_by = TransitionReason::ByHand;
        }
    }

    pub(crate) fn call(&mut self) -> Option<Admitted> {
        if let Some(&(State::Open, since)) = self.history.last()
            && self.now >= since + self.open_time()
        {
            self.enter(State::HalfOpen);
        }
        let probe = match self.state() {
            State::Open | State::ForcedOpen => return None,
            State::HalfOpen if self.probes_in_flight() >= PROBES => return None,
            State::HalfOpen => {
                let generation = self.generation();
                self.probes.push(Probe {
                    generation,
                    admitted: self.now,
                    passed: None,
                    ended: false,
                });
                Some(self.probes.len() - 1)
            }
            _ => None,
        };
        Some(Admitted { generation: self.generation(), probe, at: self.now })
    }

    pub(crate) fn end(&mut self, call: Admitted, end: End) {
        let slow = self.declared.slow.is_some_and(|(limit, _)| self.now - call.at >= limit);
        let failed = match end {
            End::Success => Some(false),
            End::Failure | End::Panic => Some(true),
            End::Drop => self.declared.abandoned_fails.then_some(true),
            End::Ignored => None,
        };
        if call.generation != self.generation() {
            self.stale += 1;
            return;
        }
        if let Some(probe) = call.probe {
            self.probes[probe].ended = true;
        }
        // A call that was given up says something only if it was slow.
        if failed.is_none() && !(slow && end == End::Drop) {
            return;
        }
        match (self.state(), call.probe) {
            (State::Closed, _) => {
                self.ended.push(Ended { generation: call.generation, at: self.now, failed, slow });
                let success_was_quick = failed == Some(false) && !slow;
                if !success_was_quick && let Some(reason) = self.opens() {
                    self.enter(State::Open);
                    self.opened_by = reason;
                }
            }
            (State::HalfOpen, Some(probe)) => {
                self.probes[probe].passed = Some(failed == Some(false) && !slow);
                let generation = self.generation();
                let mine = |probe: &&Probe| probe.generation == generation;
                let passed = |result| {
                    self.probes
                        .iter()
                        .filter(mine)
                        .filter(|probe| probe.passed == Some(result))
                        .count()
                };
                if passed(false) > 0 {
                    self.enter(State::Open);
                    self.opened_by = TransitionReason::Probe;
                } else if passed(true) >= SUCCESSES {
                    self.enter(State::Closed);
                }
            }
            _ => {}
        }
    }

    fn enter(&mut self, state: State) {
        self.history.push((state, self.now));
    }

    /// Returns the current open time: it doubles each time that the breaker opens without having
    /// stayed closed for its window.
    fn open_time(&self) -> u64 {
        let Some(longest) = self.declared.longest_open_time else { return OPEN_FOR };
        let settled_after = match self.declared.window {
            Window::Time(window) => window,
            Window::Calls(_) => 60_000,
        };
        // A state set by hand is no part of it.
        let mut openings = 0;
        let mut ended_at = self.now;
        for (nth, (state, began_at)) in self.history.iter().enumerate().rev() {
            let was_half_open = nth > 0 && self.history[nth - 1].0 == State::HalfOpen;
            match state {
                State::Open => openings += 1,
                State::HalfOpen => {}
                State::Closed if was_half_open && !self.by_hand.contains(&nth) => {
                    if ended_at - began_at >= settled_after {
                        break;
                    }
                }
                _ => break,
            }
            ended_at = *began_at;
        }
        (1..openings).fold(OPEN_FOR, |open_time, _| open_time * 2).min(longest)
    }

    /// Returns the reason for which the breaker is open, half-open or forced open.
    pub(crate) fn reason(&self) -> Option<TransitionReason> {
        let is_open = !matches!(self.state(), State::Closed | State::Disabled);
        is_open.then_some(self.opened_by)
    }

    /// Returns the first criterion that is met.
    fn opens(&self) -> Option<TransitionReason> {
        let mine: Vec<&Ended> =
            self.ended.iter().filter(|call| call.generation == self.generation()).collect();
        let counted: Vec<&Ended> = match self.declared.window {
            Window::Time(window) => {
                mine.into_iter().filter(|call| self.now - call.at < window).collect()
            }
            Window::Calls(calls) => mine.into_iter().rev().take(calls as usize).collect(),
        };
        let number = |what: fn(&Ended) -> bool| counted.iter().filter(|call| what(call)).count();
        let share = |part: usize, percent: u32| {
            counted.len() >= self.declared.minimum_calls as usize
                && part * 100 >= percent as usize * counted.len()
        };
        let failures = number(|call| call.failed == Some(true));
        let Limits { failures: threshold, rate, .. } = self.declared.limits;
        let run = self.declared.run();
        let has_failed = self.ended.last().is_some_and(|last| last.failed == Some(true));
        let is_run = has_failed && run.is_some_and(|limit| self.run() >= limit as usize);
        let slow = self.declared.slow;
        [
            (is_run, TransitionReason::ConsecutiveFailures),
            (
                threshold.is_some_and(|limit| failures >= limit as usize),
                TransitionReason::FailureThreshold,
            ),
            (rate.is_some_and(|percent| share(failures, percent)), TransitionReason::FailureRate),
            (
                slow.is_some_and(|(_, percent)| share(number(|call| call.slow), percent)),
                TransitionReason::SlowCalls,
            ),
        ]
        .into_iter()
        .find_map(|(is_met, reason)| is_met.then_some(reason))
    }

    /// Number of failures since the last success, as a snapshot gives it.
    pub(crate) fn consecutive_failures(&self) -> usize {
        let counts = self.state() == State::Closed && self.declared.run().is_some();
        if counts { self.run() } else { 0 }
    }

    /// Number of failures since the last success.
    fn run(&self) -> usize {
        let mine = self.ended.iter().rev().take_while(|it| it.generation == self.generation());
        let known = mine.filter_map(|call| call.failed);
        known.take_while(|failed| *failed).count()
    }

    fn probes_in_flight(&self) -> usize {
        let mine = |probe: &&Probe| probe.generation == self.generation() && !probe.ended;
        self.probes
            .iter()
            .filter(mine)
            .filter(|probe| self.now < probe.admitted + PROBE_TIMEOUT)
            .count()
    }
}
