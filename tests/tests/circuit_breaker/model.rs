//! A circuit breaker compared with a reference model: after any sequence of calls, results, drops,
//! panics and passing time both must be in the same state, for every declaration. The model follows
//! the documentation and shares no code with the breaker.

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
        // A panic by `resume_unwind` prints no message.
        Ok(End::Panic) => resume_unwind(Box::new("on purpose")),
        Ok(End::Drop) | Err(_) => unreachable!("the call is dropped while it waits"),
    }
}

#[derive(Clone, Debug)]
enum Step {
    Call,
    /// Ends the running call at this position of the list.
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
    let step =
        (0..62_u8, 0..6_usize, end, 1..20_u64).prop_map(|(number, nth, end, times)| match number {
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

/// A running call of the breaker, and the same call of the model.
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

/// Runs the steps, with a snapshot after each of them if `looks` is set: without snapshots only
/// calls update the state of the breaker.
async fn run(declared: Declared, steps: Vec<Step>, looks: bool) {
    let breaker = declared.breaker();
    let mut model = Model::new(declared);
    let mut running: Vec<Running<'_>> = Vec::new();
    for step in steps {
        match step {
            Step::Call => {
                let (sender, receiver) = channel();
                let mut future: Pin<Box<dyn Future<Output = _>>> =
                    Box::pin(call(&breaker, receiver));
                let admitted = model.call();
                assert_eq!(
                    poll_once(&mut future).is_pending(),
                    admitted.is_some(),
                    "let through, or not"
                );
                if let Some(admitted) = admitted {
                    running.push(Running { future, end: sender, admitted });
                }
            }
            Step::End(nth, end) if nth < running.len() => {
                let call = running.remove(nth);
                model.end(call.admitted, end);
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
            let snapshot = breaker.snapshot();
            assert_eq!(snapshot.stale, model.stale, "stale results");
            assert_eq!(snapshot.reason, model.reason());
            assert_eq!(snapshot.consecutive_failures as usize, model.consecutive_failures());
        }
    }
    assert_eq!(breaker.snapshot().stale, model.stale, "stale results");
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(4_000)
    })]

    #[test]
    fn the_breaker_agrees_with_its_model_after_every_sequence_of_steps(
        declared in declared(),
        steps in steps(),
        looks: bool,
    ) {
        with_paused_clock(run(declared, steps, looks));
    }
}
