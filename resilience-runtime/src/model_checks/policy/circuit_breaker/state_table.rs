//! The table of the documentation, row by row, held against the state machine.

use std::time::Duration;

use resilience_options::{CircuitBreakerOptions, OpenBackoff};

use super::subject::by_hand;
use crate::outcome::Verdict;
use crate::policy::circuit_breaker::machine::{Machine, Recorded};
use crate::policy::circuit_breaker::open_keys::KeysNow;
use crate::policy::circuit_breaker::pass::{Pass, PassKind};
use crate::state::{State, TransitionReason};
use crate::time::Nanos;

const TABLE: &str = include_str!("../../../../docs/circuit_breaker_states.md");
const OPEN_FOR: Duration = Duration::from_secs(30);
const SLOW: Duration = Duration::from_secs(2);
const ALL: [State; 5] =
    [State::Closed, State::Open, State::HalfOpen, State::ForcedOpen, State::Disabled];

/// A machine, its time, and a call that was admitted a generation ago.
struct Bench {
    machine: Machine,
    options: CircuitBreakerOptions,
    now: Nanos,
    late: Option<Pass>,
    /// Set if as many keys as may be are open.
    others_are_open: bool,
}

impl Bench {
    /// A machine in this state; half-open with no probe under way.
    fn in_state(state: State) -> Self {
        let options = CircuitBreakerOptions {
            failure_threshold: Some(2),
            success_threshold: Some(2),
            open_for: Some(OPEN_FOR),
            ..CircuitBreakerOptions::NONE
        };
        let mut bench = Self {
            machine: Machine::new(),
            options,
            now: Nanos::FIRST,
            late: None,
            others_are_open: false,
        };
        match state {
            State::Closed => {}
            State::ForcedOpen | State::Disabled => {
                bench.late = bench.call();
                bench.machine.set(by_hand(state));
            }
            State::Open | State::HalfOpen => {
                bench.late = bench.call();
                bench.fail();
                bench.fail();
                if state == State::HalfOpen {
                    bench.now = bench.now.after(OPEN_FOR);
                    let probe = bench.call();
                    bench.end(probe, Verdict::Ignored);
                }
            }
        }
        assert_eq!(bench.machine.state(), state);
        bench
    }

    fn call(&mut self) -> Option<Pass> {
        self.machine.admit(&self.options, self.now).0.ok()
    }

    fn end(&mut self, pass: Option<Pass>, verdict: Verdict) -> Recorded {
        let pass = pass.expect("the call was admitted");
        let keys = KeysNow { open: 1, all: 2 };
        let may_open = || if self.others_are_open { Err(keys) } else { Ok(()) };
        self.machine.record(&self.options, pass, verdict, self.now, may_open)
    }

    /// Makes a call that takes as long as a slow one.
    fn succeed_slowly(&mut self) {
        let call = self.call();
        self.now = self.now.after(SLOW);
        self.end(call, Verdict::Success);
    }

    fn fail(&mut self) -> Recorded {
        let call = self.call();
        self.end(call, Verdict::Failure)
    }

    /// Numbers of failures, of probes under way, and of probes that succeeded.
    fn counts(&mut self) -> (u64, usize, u32) {
        let reading = self.machine.read(&self.options, self.now);
        (reading.counts.failures, reading.probes, reading.successes)
    }

    /// Makes it happen, and returns the effect in the words of the table.
    #[expect(clippy::too_many_lines, reason = "a few lines for each row of the table")]
    fn happens(&mut self, what: &str) -> &'static str {
        let admitted = |pass: Option<Pass>| match pass.map(Pass::kind) {
            Some(PassKind::Probe { .. }) => "let through as a probe",
            Some(PassKind::Regular { .. }) => "let through",
            None => "rejected",
        };
        let before = self.counts();
        match what {
            "a call" | "a call before `open_for` has passed" | "a call with a place free" => {
                admitted(self.call())
            }
            "a call after `open_for` has passed" => {
                self.now = self.now.after(OPEN_FOR);
                admitted(self.call())
            }
            "a call with all places taken" => {
                self.call();
                admitted(self.call())
            }
            "a call after a probe has hung for `probe_timeout`" => {
                self.call();
                self.now = self.now.after(self.options.probe_timeout());
                admitted(self.call())
            }
            "a late result" => match self.end(self.late, Verdict::Failure) {
                Recorded::Stale if self.counts() == before => "stale",
                _ => "counted",
            },
            "a success"
            | "a failure"
            | "a probe succeeds"
            | "a probe ends without a result"
            | "a probe fails" => {
                let verdict = match what {
                    "a failure" | "a probe fails" => Verdict::Failure,
                    "a probe ends without a result" => Verdict::Ignored,
                    _ => Verdict::Success,
                };
                let call = self.call();
                self.end(call, verdict);
                self.effect(before)
            }
            "the failure number `failure_threshold` in the window" => {
                self.fail();
                let call = self.call();
                self.end(call, Verdict::Success);
                self.fail();
                self.effect(before)
            }
            "the failure number `consecutive_failures` of a run" => {
                self.options = run_of_two();
                self.fail();
                self.fail();
                self.effect(before)
            }
            "a success that ends a run of failures" => {
                self.options = run_of_two();
                self.fail();
                assert_eq!(self.machine.run(), 1);
                let call = self.call();
                self.end(call, Verdict::Success);
                self.fail();
                assert_eq!(self.machine.run(), 1);
                "the next run begins at 1"
            }
            "the failure at which it would open, beyond `max_open`" => {
                self.others_are_open = true;
                self.fail();
                assert_eq!(
                    self.fail(),
                    Recorded::KeptClosed(
                        TransitionReason::FailureThreshold,
                        KeysNow { open: 1, all: 2 }
                    )
                );
                assert_eq!(self.fail(), Recorded::Counted(None), "it has been announced");
                assert!(self.machine.read(&self.options, self.now).is_kept_closed);
                self.effect(before)
            }
            "the next such failure, once another key is no longer open" => {
                self.others_are_open = true;
                self.fail();
                self.fail();
                self.others_are_open = false;
                self.fail();
                self.effect(before)
            }
            "an abandoned call" => {
                self.options.slow_call = Some(SLOW);
                let call = self.call();
                self.end(call, Verdict::Abandoned);
                self.effect(before)
            }
            "the abandoned slow call that brings the slow calls to `slow_call_rate`" => {
                self.options.slow_call = Some(SLOW);
                self.options.minimum_calls = Some(1);
                let call = self.call();
                self.now = self.now.after(SLOW);
                self.end(call, Verdict::Abandoned);
                self.effect(before)
            }
            "a probe succeeds after its place was given away" => {
                let late = self.call();
                self.now = self.now.after(self.options.probe_timeout());
                let other = self.call();
                self.end(late, Verdict::Success);
                let effect = self.effect(before);
                self.end(other, Verdict::Ignored);
                effect
            }
            "a success that brings the calls to `minimum_calls`" => {
                self.options = half_of_two();
                self.fail();
                let call = self.call();
                self.end(call, Verdict::Success);
                let counts = self.machine.read(&self.options, self.now).counts;
                assert_eq!((counts.calls, counts.failures), (2, 1), "the rate is reached");
                "nothing"
            }
            "the failure that brings the failures to `failure_rate`" => {
                self.options = half_of_two();
                self.fail();
                assert_eq!(self.machine.state(), State::Closed, "too few calls for a rate");
                self.fail();
                self.effect(before)
            }
            "the slow call that brings the slow calls to `slow_call_rate`" => {
                self.options.slow_call = Some(SLOW);
                self.options.minimum_calls = Some(2);
                self.succeed_slowly();
                self.succeed_slowly();
                self.effect(before)
            }
            "a probe is slow" => {
                self.options.slow_call = Some(SLOW);
                self.succeed_slowly();
                self.effect(before)
            }
            "a probe fails again, with `open_backoff`" => {
                self.options.open_backoff = Some(OpenBackoff { factor: 2.0, max: OPEN_FOR * 9 });
                self.fail();
                let spell = self.machine.read(&self.options, self.now).retry_after;
                assert_eq!(spell, Some(OPEN_FOR * 2));
                "calls are rejected for longer"
            }
            "the success number `success_threshold`" => {
                for _ in 0..2 {
                    let probe = self.call();
                    self.end(probe, Verdict::Success);
                }
                self.effect(before)
            }
            "`force_open`" => self.set(State::ForcedOpen),
            "`disable`" => self.set(State::Disabled),
            "`reset`" => self.set(State::Closed),
            _ => panic!("no test makes this happen: {what}"),
        }
    }

    fn set(&mut self, to: State) -> &'static str {
        self.machine.set(by_hand(to));
        assert_eq!(self.counts(), (0, 0, 0), "everything counted is forgotten");
        self.openness()
    }

    /// Effect of a result: it changed the state, or the counts, or nothing.
    fn effect(&mut self, before: (u64, usize, u32)) -> &'static str {
        let (failures, probes, successes) = self.counts();
        match self.machine.state() {
            State::Open => self.openness(),
            State::Closed if successes == 0 && failures == 0 && self.machine.generation() > 0 => {
                self.openness()
            }
            State::Closed if failures > before.0 => "counted in the run, and for `window`",
            State::HalfOpen if successes > before.2 => "counted",
            State::HalfOpen if probes == 0 => "its place is free",
            _ => "nothing",
        }
    }

    fn openness(&mut self) -> &'static str {
        if self.call().is_some() { "calls go through" } else { "calls are rejected" }
    }
}

fn run_of_two() -> CircuitBreakerOptions {
    CircuitBreakerOptions { consecutive_failures: Some(2), ..CircuitBreakerOptions::NONE }
}

fn half_of_two() -> CircuitBreakerOptions {
    CircuitBreakerOptions {
        failure_rate: Some(0.5),
        minimum_calls: Some(2),
        ..CircuitBreakerOptions::NONE
    }
}

#[test]
fn the_machine_does_what_the_table_says() {
    let rows: Vec<Vec<&str>> = TABLE
        .lines()
        .skip(2)
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    for row in &rows {
        let [state, what, after, effect] = row[..] else { panic!("four columns: {row:?}") };
        let from = ALL.into_iter().filter(|from| state == "any" || format!("{from:?}") == state);
        for from in from {
            let mut bench = Bench::in_state(from);
            assert_eq!(bench.happens(what), effect, "{from}: {what}");
            assert_eq!(format!("{:?}", bench.machine.state()), after, "{from}: {what}");
        }
    }
    for state in ALL {
        assert!(rows.iter().any(|row| row[0] == format!("{state:?}")), "{state} is missing");
    }
}

#[test]
fn every_transition_is_reported_once() {
    for from in ALL {
        for to in [State::ForcedOpen, State::Disabled, State::Closed] {
            let mut bench = Bench::in_state(from);
            assert_eq!(bench.machine.set(by_hand(to)).is_some(), from != to, "{from} → {to}");
        }
    }
}
