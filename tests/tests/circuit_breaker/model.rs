//! A breaker against a reference model: any sequence of calls, results, drops, panics and passing time must leave
//! both in the same state, whatever the breaker was declared to be. The model is written from the prose of the
//! documentation, and shares no code with the breaker.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;

use crate::prose::{Admitted, Declared, End, GRAIN, Model, OPEN_FOR, PROBE_TIMEOUT, declared};
use proptest::prelude::*;
use resilience::{CircuitBreaker, State, circuit_breaker};
use resilience_tests::{ApiError, ms, poll_once, with_paused_clock};
use tokio::sync::oneshot::{Receiver, Sender, channel};

#[circuit_breaker(breaker)]
async fn call(breaker: &CircuitBreaker, end: Receiver<End>) -> Result<(), ApiError> {
    match end.await {
        Ok(End::Success) => Ok(()),
        Ok(End::Failure) => Err(ApiError::Down),
        Ok(End::Ignored) => Err(ApiError::NotFound),
        // No message is printed of a panic that was asked for.
        Ok(End::Panic) => resume_unwind(Box::new("on purpose")),
        Ok(End::Drop) | Err(_) => unreachable!("the call is dropped while it waits"),
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

/// Drawn from plain numbers: `prop_oneof!` sets up a random generator for each alternative of each
/// step, which took three quarters of the time of this test.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let end = (0..16_u8).prop_map(|number| match number {
        0..7 => End::Success,
        7..13 => End::Failure,
        13 => End::Ignored,
        14 => End::Panic,
        _ => End::Drop,
    });
    let step = (0..62_u8, 0..6_usize, end, 1..20_u64).prop_map(|(number, nth, end, times)| match number {
        0..24 => Step::Call,
        24..48 => Step::End(nth, end),
        48..54 => Step::Pass(times * GRAIN),
        54..57 => Step::Pass(OPEN_FOR),
        57..59 => Step::Pass(PROBE_TIMEOUT),
        59 => Step::Force,
        60 => Step::Disable,
        _ => Step::Reset,
    });
    proptest::collection::vec(step, 1..250)
}

/// A call on its way, in both worlds.
struct Running<'b> {
    future: Pin<Box<dyn Future<Output = Result<(), ApiError>> + 'b>>,
    end: Sender<End>,
    admitted: Admitted,
}

fn finish(running: Running<'_>, end: End) {
    let Running { mut future, end: sender, .. } = running;
    if end == End::Drop {
        return drop(future);
    }
    sender.send(end).expect("the call waits for its end");
    let result = catch_unwind(AssertUnwindSafe(|| poll_once(&mut future)));
    assert_eq!(result.is_err(), end == End::Panic);
}

/// `looks`: a snapshot after every step. Without, nothing but the calls themselves keeps the breaker up to date.
async fn run(declared: Declared, steps: Vec<Step>, looks: bool) {
    let breaker = declared.breaker();
    let mut model = Model::new(declared);
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
                assert_eq!(poll_once(&mut future).is_pending(), admitted.is_some(), "let through, or not");
                if let Some(admitted) = admitted {
                    running.push(Running { future, end: sender, admitted });
                }
            }
            Step::End(nth, end) if nth < running.len() => {
                let call = running.remove(nth);
                let gone = call.admitted.probe.is_some_and(|probe| given_away.contains(&probe));
                model.end(call.admitted, end, gone);
                finish(call, end);
            }
            Step::End(..) => {}
            Step::Pass(milliseconds) => {
                tokio::time::advance(ms(milliseconds)).await;
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
        if looks {
            assert_eq!(breaker.snapshot().stale, model.stale, "stale results");
        }
    }
    assert_eq!(breaker.snapshot().stale, model.stale, "stale results");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_breaker_agrees_with_its_model_after_every_sequence_of_steps(declared in declared(), steps in steps(), looks: bool) {
        with_paused_clock(run(declared, steps, looks));
    }
}
