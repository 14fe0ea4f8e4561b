//! The whole breaker, with its guards, on a paused clock.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::time::Duration;

use resilience_options::OnAbandon;
use shuttle::sync::atomic::{AtomicU32, Ordering::SeqCst};
use shuttle::thread;
use tokio::runtime::{Builder, Runtime};
use tokio::time::advance;

use super::subject::check;
use crate::outcome::Class;
use crate::policy::circuit_breaker::{Admission, CircuitBreaker, passage};
use crate::state::State;
use crate::sync::writes;
use crate::task;

const SPELL: Duration = Duration::from_secs(1);

/// All threads of a model check are one thread of the system: they share the runtime's clock.
fn clock() -> Runtime {
    Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime")
}

fn fail(breaker: &CircuitBreaker) {
    breaker.admit().expect("closed").failure();
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
                let Ok(admission) = breaker.admit() else { return };
                assert!(inside.fetch_add(1, SeqCst) < 2, "three probes in flight");
                thread::yield_now();
                inside.fetch_sub(1, SeqCst);
                match nth {
                    0 => admission.success(),
                    1 => admission.ignore(),
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
fn a_probe_dropped_by_a_timeout_opens_the_breaker_even_if_another_succeeds() {
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
                let Ok(admission) = breaker.admit() else {
                    return assert_eq!(nth, 1, "a place is free");
                };
                match nth {
                    0 => task::while_timing_out(|| drop(admission)),
                    _ => admission.success(),
                }
            })
        });
        for probe in probes {
            probe.join().expect("no thread panics");
        }
        assert_eq!(breaker.state(), State::Open);
    });
}

/// Number of writes in `step`. There is one thread: nobody else writes.
fn writes_of(step: impl FnOnce()) -> u64 {
    let before = writes();
    step();
    writes() - before
}

fn on_one_thread(scenario: impl Fn(&Runtime) + Send + Sync + 'static) {
    let ran = Arc::new(std::sync::Mutex::new(Cell::new(false)));
    let runs = Arc::clone(&ran);
    shuttle::check_random(
        move || {
            let clock = clock();
            let _entered = clock.enter();
            scenario(&clock);
            runs.lock().expect("no panic").set(true);
        },
        1,
    );
    assert!(ran.lock().expect("no panic").get());
}

fn succeed(breaker: &CircuitBreaker) {
    breaker.admit().expect("closed").success();
}

#[test]
fn a_success_of_a_closed_breaker_writes_nothing() {
    on_one_thread(|_| {
        let breaker = CircuitBreaker::new("subject");
        assert_eq!(writes_of(|| succeed(&breaker)), 0);
        assert!(writes_of(|| fail(&breaker)) > 0);
        assert!(writes_of(|| succeed(&breaker)) > 0, "ends a run of failures");
        assert_eq!(writes_of(|| succeed(&breaker)), 0, "no run is under way");
        assert_eq!(writes_of(|| drop(breaker.admit())), 0, "abandoned");
        breaker.disable();
        assert_eq!(writes_of(|| succeed(&breaker)), 0, "disabled");
    });
}

#[test]
fn a_success_that_is_counted_writes_one_word_and_takes_no_lock() {
    on_one_thread(|_| {
        for breaker in [
            CircuitBreaker::new("subject").failure_rate(0.5),
            CircuitBreaker::new("subject").failure_rate(0.5).window_calls(9),
            CircuitBreaker::new("subject").slow_call(SPELL),
        ] {
            assert!(writes_of(|| succeed(&breaker)) > 1, "the first makes the counter");
            assert_eq!(writes_of(|| succeed(&breaker)), 1);
            breaker.disable();
            assert_eq!(writes_of(|| succeed(&breaker)), 0, "disabled");
        }
    });
}

#[test]
fn a_rejection_of_an_open_breaker_writes_nothing() {
    on_one_thread(|_| {
        let breaker = CircuitBreaker::new("subject").failure_threshold(1);
        fail(&breaker);
        let rejected = || assert!(passage::admit(&breaker, None).is_err());
        assert_eq!(writes_of(rejected), 0);
        breaker.force_open();
        assert_eq!(writes_of(rejected), 0, "forced open");
    });
}

/// Number of failures that a breaker has counted after each end of its first call.
#[test]
fn an_admission_counts_as_its_end_says() {
    const ENDS: [(fn(Admission<'_>), u64); 9] = [
        (|admission| admission.success(), 0),
        (|admission| admission.failure(), 1),
        (|admission| admission.ignore(), 0),
        (|admission| admission.record(Class::Ignored), 0),
        (|admission| admission.record(Class::Transient), 1),
        (|admission| admission.record(Class::Permanent), 1),
        (|admission| drop(admission), 0),
        (|admission| task::while_timing_out(|| drop(admission)), 1),
        (drop_in_panic, 1),
    ];
    fn drop_in_panic(admission: Admission<'_>) {
        let panic = catch_unwind(AssertUnwindSafe(move || {
            let _admission = admission;
            resume_unwind(Box::new(()));
        }));
        assert!(panic.is_err());
    }
    on_one_thread(|_| {
        for (nth, (end, failures)) in ENDS.into_iter().enumerate() {
            let breaker = CircuitBreaker::new("subject");
            end(breaker.admit().expect("closed"));
            let snapshot = breaker.snapshot();
            assert_eq!((snapshot.failures, snapshot.stale), (failures, 0), "end {nth}");
        }
        let strict = CircuitBreaker::new("subject").on_abandon(OnAbandon::Failure);
        drop(strict.admit().expect("closed"));
        assert_eq!(strict.snapshot().failures, 1);
    });
}

#[test]
fn an_admission_made_while_a_timeout_drops_its_work_is_not_the_timeouts() {
    on_one_thread(|_| {
        let breaker = CircuitBreaker::new("subject");
        task::while_timing_out(|| drop(breaker.admit().expect("closed")));
        assert_eq!(breaker.snapshot().failures, 0);
    });
}

#[test]
fn a_rejection_has_a_time_only_if_somebody_knows_it() {
    on_one_thread(|clock| {
        let breaker = CircuitBreaker::new("subject").failure_threshold(1).open_for(SPELL);
        let retry_after = || passage::admit(&breaker, None).map_err(|it| it.retry_after).map(drop);
        fail(&breaker);
        assert_eq!(retry_after(), Err(Some(SPELL)));
        breaker.force_open();
        assert_eq!(retry_after(), Err(None));
        breaker.reset();
        fail(&breaker);
        clock.block_on(advance(SPELL));
        let _probe = breaker.admit().expect("a place is free");
        assert_eq!(retry_after(), Err(Some(SPELL)), "the rest of the time of the probe");
    });
}
