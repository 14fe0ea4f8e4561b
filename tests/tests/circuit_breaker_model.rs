//! A breaker against a reference model: any sequence of calls, results, drops, panics and passing time must leave
//! both in the same state. The model is written from the prose of the documentation, and keeps everything it has
//! ever seen: where the breaker evicts and counts, the model looks through its list.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use proptest::prelude::*;
use resilience::{CircuitBreaker, Class, Classify, State, circuit_breaker};
use tokio::sync::oneshot::{Receiver, Sender, channel};

const THRESHOLD: usize = 3;
const WINDOW: u64 = 1000;
const OPEN_FOR: u64 = 500;
const PROBES: usize = 2;
const SUCCESSES: usize = 2;
const PROBE_TIMEOUT: u64 = 800;

fn breaker() -> CircuitBreaker {
    CircuitBreaker::new("subject")
        .failure_threshold(3)
        .window(Duration::from_millis(WINDOW))
        .open_for(Duration::from_millis(OPEN_FOR))
        .half_open_probes(2)
        .success_threshold(2)
        .probe_timeout(Duration::from_millis(PROBE_TIMEOUT))
}

#[derive(Debug)]
enum ServiceError {
    Down,
    BadRequest,
    Resilience,
}

impl From<resilience::Error> for ServiceError {
    fn from(_: resilience::Error) -> Self {
        Self::Resilience
    }
}

impl Classify for ServiceError {
    fn classify(&self) -> Class {
        match self {
            Self::BadRequest => Class::Ignored,
            Self::Down | Self::Resilience => Class::Permanent,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Success,
    Failure,
    Ignored,
    Panic,
    Drop,
}

#[circuit_breaker(breaker)]
async fn call(breaker: &CircuitBreaker, end: Receiver<End>) -> Result<(), ServiceError> {
    match end.await {
        Ok(End::Success) => Ok(()),
        Ok(End::Failure) => Err(ServiceError::Down),
        Ok(End::Ignored) => Err(ServiceError::BadRequest),
        Ok(End::Panic | End::Drop) | Err(_) => panic!("the call was told to"),
    }
}

#[derive(Clone, Debug)]
enum Step {
    Call,
    /// Ends the call that is this far down the list of those on their way.
    End(usize, End),
    Pass(u64),
    Force,
    Disable,
    Reset,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let end = prop_oneof![
        7 => Just(End::Success),
        6 => Just(End::Failure),
        1 => Just(End::Ignored),
        1 => Just(End::Panic),
        1 => Just(End::Drop),
    ];
    let step = prop_oneof![
        20 => Just(Step::Call),
        24 => (0..6_usize, end).prop_map(|(nth, end)| Step::End(nth, end)),
        4 => (1..400_u64).prop_map(Step::Pass),
        3 => Just(Step::Pass(OPEN_FOR)),
        2 => Just(Step::Pass(PROBE_TIMEOUT)),
        1 => Just(Step::Force),
        1 => Just(Step::Disable),
        1 => Just(Step::Reset),
    ];
    proptest::collection::vec(step, 1..250)
}

/// The prose, as a program.
#[derive(Default)]
struct Model {
    now: u64,
    /// Every state entered, and when; the number of the last one is the generation.
    history: Vec<(State, u64)>,
    /// Failures counted while closed, with their generation.
    failures: Vec<(usize, u64)>,
    /// Calls let through half-open, and what has become of them.
    probes: Vec<Probe>,
    stale: u64,
}

struct Probe {
    generation: usize,
    admitted: u64,
    ended: Option<End>,
}

#[derive(Clone, Copy)]
struct Admitted {
    generation: usize,
    probe: Option<usize>,
}

impl Model {
    fn state(&self) -> State {
        self.history.last().map_or(State::Closed, |(state, _)| *state)
    }

    fn generation(&self) -> usize {
        self.history.len()
    }

    fn enter(&mut self, state: State) {
        self.history.push((state, self.now));
    }

    fn probes_in_flight(&self) -> usize {
        let mine = |probe: &&Probe| probe.generation == self.generation() && probe.ended.is_none();
        self.probes.iter().filter(mine).filter(|probe| self.now < probe.admitted + PROBE_TIMEOUT).count()
    }

    fn call(&mut self) -> Option<Admitted> {
        if let Some(&(State::Open, since)) = self.history.last()
            && self.now >= since + OPEN_FOR
        {
            self.enter(State::HalfOpen);
        }
        let probe = match self.state() {
            State::Open | State::ForcedOpen => return None,
            State::HalfOpen if self.probes_in_flight() >= PROBES => return None,
            State::HalfOpen => {
                let generation = self.generation();
                self.probes.push(Probe { generation, admitted: self.now, ended: None });
                Some(self.probes.len() - 1)
            }
            _ => None,
        };
        Some(Admitted { generation: self.generation(), probe })
    }

    fn end(&mut self, call: Admitted, end: End, place_was_given_away: bool) {
        if call.generation != self.generation() || place_was_given_away {
            self.stale += 1;
            return;
        }
        if let Some(probe) = call.probe {
            self.probes[probe].ended = Some(end);
        }
        match (self.state(), end) {
            (State::Closed, End::Failure | End::Panic) => {
                self.failures.push((call.generation, self.now));
                let counted = |&&(generation, at): &&(usize, u64)| {
                    generation == call.generation && self.now - at < WINDOW
                };
                if self.failures.iter().filter(counted).count() >= THRESHOLD {
                    self.enter(State::Open);
                }
            }
            (State::HalfOpen, End::Failure | End::Panic) => self.enter(State::Open),
            (State::HalfOpen, End::Success) => {
                let mine = |probe: &&Probe| probe.generation == call.generation;
                let good = |probe: &&Probe| probe.ended == Some(End::Success);
                if self.probes.iter().filter(mine).filter(good).count() >= SUCCESSES {
                    self.enter(State::Closed);
                }
            }
            _ => {}
        }
    }

    fn set(&mut self, state: State) {
        if self.state() != state || state == State::Closed {
            self.enter(state);
        }
    }
}

/// A call on its way, in both worlds.
struct Running<'b> {
    future: Pin<Box<dyn Future<Output = Result<(), ServiceError>> + 'b>>,
    end: Sender<End>,
    admitted: Admitted,
}

fn poll(
    future: &mut Pin<Box<dyn Future<Output = Result<(), ServiceError>> + '_>>,
) -> Poll<Result<(), ServiceError>> {
    future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

fn finish(running: Running<'_>, end: End) {
    let Running { mut future, end: sender, .. } = running;
    if end == End::Drop {
        return drop(future);
    }
    sender.send(end).expect("the call waits for its end");
    let result = catch_unwind(AssertUnwindSafe(|| poll(&mut future)));
    assert_eq!(result.is_err(), end == End::Panic);
}

async fn run(steps: Vec<Step>) {
    let breaker = breaker();
    let mut model = Model::default();
    let mut running: Vec<Running<'_>> = Vec::new();
    // The probes whose place has been given to another: the breaker gives it away when somebody asks for it.
    let mut given_away: Vec<usize> = Vec::new();
    for step in steps {
        match step {
            Step::Call => {
                let (sender, receiver) = channel();
                let mut future: Pin<Box<dyn Future<Output = _>>> = Box::pin(call(&breaker, receiver));
                let admitted = model.call();
                if model.state() == State::HalfOpen {
                    given_away.extend(running.iter().filter_map(|call| {
                        let probe = call.admitted.probe?;
                        (model.now >= model.probes[probe].admitted + PROBE_TIMEOUT).then_some(probe)
                    }));
                }
                assert_eq!(poll(&mut future).is_pending(), admitted.is_some(), "let through, or not");
                if let Some(admitted) = admitted {
                    running.push(Running { future, end: sender, admitted });
                }
            }
            Step::End(nth, end) if nth < running.len() => {
                let call = running.remove(nth);
                let gone = call.admitted.probe.is_some_and(|probe| given_away.contains(&probe));
                let silent = end == End::Drop
                    && call.admitted.probe.is_none()
                    && call.admitted.generation == model.generation();
                if !silent {
                    model.end(call.admitted, end, gone);
                }
                finish(call, end);
            }
            Step::End(..) => {}
            Step::Pass(milliseconds) => {
                tokio::time::advance(Duration::from_millis(milliseconds)).await;
                model.now += milliseconds;
            }
            Step::Force => {
                breaker.force_open();
                model.set(State::ForcedOpen);
            }
            Step::Disable => {
                breaker.disable();
                model.set(State::Disabled);
            }
            Step::Reset => {
                breaker.reset();
                model.set(State::Closed);
            }
        }
        assert_eq!(breaker.state(), model.state());
        assert_eq!(breaker.snapshot().stale, model.stale, "stale results");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_breaker_agrees_with_the_prose(steps in steps()) {
        std::panic::set_hook(Box::new(|info| {
            let told_to = info.payload().downcast_ref::<&str>().is_some_and(|text| *text == "the call was told to");
            if !told_to {
                eprintln!("{info}");
            }
        }));
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime")
            .block_on(run(steps));
    }
}
