//! Model checks of the queue: every interleaving of a few threads, as far as the scheduler reaches.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use shuttle::sync::Arc;
use shuttle::sync::atomic::{AtomicU32, Ordering::SeqCst};
use shuttle::{future, thread};

use super::queue::Places;

const ITERATIONS: usize = 5_000;

/// Checks a scenario on random schedules, and on schedules with a few well-placed preemptions.
fn check(scenario: impl Fn() + Send + Sync + Copy + 'static) {
    shuttle::check_random(scenario, ITERATIONS);
    shuttle::check_pct(scenario, ITERATIONS, 3);
}

/// What is inside, and whether that was ever too many.
#[derive(Default)]
struct Inside(AtomicU32);

impl Inside {
    fn stay(&self, limit: u32) {
        assert!(self.0.fetch_add(1, SeqCst) < limit, "more inside than the limit");
        thread::yield_now();
        self.0.fetch_sub(1, SeqCst);
    }
}

fn assert_empty(places: &Places) {
    let count = places.count();
    assert_eq!((count.active, count.waiting), (0, 0), "a place or a turn was lost");
}

#[test]
fn never_more_inside_than_the_limit_and_everybody_gets_in() {
    check(|| {
        let shared = Arc::new((Places::new(), Inside::default()));
        let callers: Vec<_> = (0..3)
            .map(|_| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    let place = future::block_on(shared.0.enter(2, u32::MAX));
                    shared.1.stay(2);
                    drop(place);
                })
            })
            .collect();
        for caller in callers {
            caller.join().expect("no caller panics");
        }
        assert_empty(&shared.0);
    });
}

#[test]
fn one_that_does_not_wait_never_passes_the_limit() {
    check(|| {
        let shared = Arc::new((Places::new(), Inside::default()));
        let callers: Vec<_> = (0..3)
            .map(|nth| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    let place = match nth {
                        0 => shared.0.try_enter(1),
                        _ => future::block_on(shared.0.enter(1, u32::MAX)),
                    };
                    if place.is_some() {
                        shared.1.stay(1);
                    }
                })
            })
            .collect();
        for caller in callers {
            caller.join().expect("no caller panics");
        }
        assert_empty(&shared.0);
    });
}

/// A waiter that is polled once and dropped, while the place it waits for falls free.
#[test]
fn a_waiter_that_gives_up_leaves_no_trace_and_takes_no_place_with_it() {
    check(|| {
        let places = Arc::new(Places::new());
        let first = places.try_enter(1).expect("the first gets in");
        let quitter = {
            let places = Arc::clone(&places);
            thread::spawn(move || {
                let mut enter = pin!(places.enter(1, u32::MAX));
                // Served or not, it is dropped here.
                let mut context = Context::from_waker(Waker::noop());
                matches!(enter.as_mut().poll(&mut context), Poll::Ready(Some(_)))
            })
        };
        let patient = {
            let places = Arc::clone(&places);
            thread::spawn(move || assert!(future::block_on(places.enter(1, u32::MAX)).is_some()))
        };
        thread::yield_now();
        drop(first);
        quitter.join().expect("the quitter does not panic");
        patient.join().expect("the patient one gets in");
        assert_empty(&places);
    });
}

#[test]
fn the_queue_is_never_longer_than_allowed() {
    check(|| {
        let places = Arc::new(Places::new());
        let first = places.try_enter(1).expect("the first gets in");
        let callers: Vec<_> = (0..2)
            .map(|_| {
                let places = Arc::clone(&places);
                thread::spawn(move || {
                    let entered = future::block_on(places.enter(1, 1)).is_some();
                    assert!(places.count().waiting <= 1);
                    entered
                })
            })
            .collect();
        drop(first);
        let entered: Vec<bool> = callers.into_iter().map(|caller| caller.join().expect("no panic")).collect();
        assert!(entered.contains(&true), "with a place to be had, at least one gets in");
        assert_empty(&places);
    });
}
