//! The whole breaker, with its guards, on a clock that stands still.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use shuttle::sync::atomic::{AtomicU32, Ordering::SeqCst};
use shuttle::thread;
use tokio::runtime::{Builder, Runtime};
use tokio::time::advance;

use super::subject::check;
use crate::outcome::Verdict;
use crate::policy::circuit_breaker::{Admission, CircuitBreaker};
use crate::state::State;
use crate::sync::writes;
use crate::task;

const SPELL: Duration = Duration::from_secs(1);

/// All threads of a model check are one thread of the system: they share the runtime's clock.
fn clock() -> Runtime {
    Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime")
}

fn admitted(breaker: &CircuitBreaker) -> Option<Admission<'_>> {
    let mut admission = breaker.admission();
    admission.enter(None).is_ok().then_some(admission)
}

fn fail(breaker: &CircuitBreaker) {
    admitted(breaker).expect("closed").record(Verdict::Failure);
}

/// Half-open, all places free.
fn half_open(clock: &Runtime, breaker: &CircuitBreaker) {
    fail(breaker);
    clock.block_on(advance(SPELL));
}

#[test]
fn whatever_becomes_of_a_probe_its_place_is_free_again() {
    check(|| {
        let clock = clock();
        let _entered = clock.enter();
        let breaker = CircuitBreaker::new("subject")
            .failure_threshold(1)
            .open_for(SPELL)
            .half_open_probes(2)
            .success_threshold(9);
        half_open(&clock, &breaker);
        let shared = Arc::new((breaker, AtomicU32::new(0)));
        let threads = [0, 1, 2].map(|nth| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let (breaker, inside) = &*shared;
                let Some(mut admission) = admitted(breaker) else { return };
                assert!(inside.fetch_add(1, SeqCst) < 2, "three probes in flight");
                thread::yield_now();
                inside.fetch_sub(1, SeqCst);
                match nth {
                    0 => admission.record(Verdict::Success),
                    1 => admission.record(Verdict::Ignored),
                    _ => drop(admission),
                }
            })
        });
        for thread in threads {
            thread.join().expect("no thread panics");
        }
        let snapshot = shared.0.snapshot();
        assert_eq!((snapshot.state, snapshot.probes, snapshot.stale), (State::HalfOpen, 0, 0));
    });
}

#[test]
fn a_probe_dropped_by_a_timeout_opens_the_breaker_whoever_else_succeeds() {
    check(|| {
        let clock = clock();
        let _entered = clock.enter();
        let breaker =
            CircuitBreaker::new("subject").failure_threshold(1).open_for(SPELL).half_open_probes(2);
        half_open(&clock, &breaker);
        let breaker = Arc::new(breaker);
        let probes = [0, 1].map(|nth| {
            let breaker = Arc::clone(&breaker);
            thread::spawn(move || {
                let Some(mut admission) = admitted(&breaker) else {
                    return assert_eq!(nth, 1, "a place is free");
                };
                match nth {
                    0 => task::while_timing_out(|| drop(admission)),
                    _ => admission.record(Verdict::Success),
                }
            })
        });
        for probe in probes {
            probe.join().expect("no thread panics");
        }
        assert_eq!(breaker.state(), State::Open);
    });
}

/// What happens in `step` is written by nobody else: there is one thread.
fn writes_of(step: impl FnOnce()) -> u64 {
    let before = writes();
    step();
    writes() - before
}

fn on_one_thread(scenario: impl Fn() + Send + Sync + 'static) {
    let ran = Arc::new(std::sync::Mutex::new(Cell::new(false)));
    let runs = Arc::clone(&ran);
    shuttle::check_random(
        move || {
            let clock = clock();
            let _entered = clock.enter();
            scenario();
            runs.lock().expect("no panic").set(true);
        },
        1,
    );
    assert!(ran.lock().expect("no panic").get());
}

fn succeed(breaker: &CircuitBreaker) {
    admitted(breaker).expect("closed").record(Verdict::Success);
}

#[test]
fn a_success_of_a_closed_breaker_writes_nothing() {
    on_one_thread(|| {
        let breaker = CircuitBreaker::new("subject");
        assert_eq!(writes_of(|| succeed(&breaker)), 0);
        assert!(writes_of(|| fail(&breaker)) > 0);
        assert_eq!(writes_of(|| succeed(&breaker)), 0, "with a failure counted");
        assert_eq!(writes_of(|| drop(admitted(&breaker))), 0, "abandoned");
        breaker.disable();
        assert_eq!(writes_of(|| succeed(&breaker)), 0, "disabled");
    });
}

#[test]
fn a_success_that_is_counted_writes_one_word_and_takes_no_lock() {
    on_one_thread(|| {
        for breaker in [
            CircuitBreaker::new("subject").failure_rate(0.5),
            CircuitBreaker::new("subject").failure_rate(0.5).window_calls(9),
            CircuitBreaker::new("subject").slow_call(SPELL),
        ] {
            assert!(writes_of(|| succeed(&breaker)) > 1, "the first makes the tally");
            assert_eq!(writes_of(|| succeed(&breaker)), 1);
            breaker.disable();
            assert_eq!(writes_of(|| succeed(&breaker)), 0, "disabled");
        }
    });
}
