//! Model checks of the queue: many interleavings of a few threads.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use shuttle::sync::Arc;
use shuttle::sync::atomic::{AtomicU32, Ordering::SeqCst};
use shuttle::{future, thread};

use crate::policy::bulkhead::queue::Slots;

const ITERATIONS: usize = 5_000;

/// Checks a scenario on random schedules, and on schedules with a few well-placed preemptions.
fn check(scenario: impl Fn() + Send + Sync + Copy + 'static) {
    shuttle::check_random(scenario, ITERATIONS);
    shuttle::check_pct(scenario, ITERATIONS, 3);
}

/// Number of calls inside, which is never more than the limit.
#[derive(Default)]
struct Inside(AtomicU32);

impl Inside {
    fn stay(&self, limit: u32) {
        assert!(self.0.fetch_add(1, SeqCst) < limit, "more inside than the limit");
        thread::yield_now();
        self.0.fetch_sub(1, SeqCst);
    }
}

fn assert_empty(slots: &Slots) {
    let count = slots.count();
    assert_eq!((count.active, count.waiting), (0, 0), "a slot or a turn is lost");
}

#[test]
fn every_call_enters_and_the_limit_is_never_exceeded() {
    check(|| {
        let shared = Arc::new((Slots::new(2), Inside::default()));
        let callers: Vec<_> = (0..3)
            .map(|_| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    let slot = future::block_on(shared.0.enter(u32::MAX));
                    shared.1.stay(2);
                    drop(slot);
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
fn a_call_that_does_not_wait_never_exceeds_the_limit() {
    check(|| {
        let shared = Arc::new((Slots::new(1), Inside::default()));
        let callers: Vec<_> = (0..3)
            .map(|nth| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    let slot = match nth {
                        0 => shared.0.try_enter(),
                        _ => future::block_on(shared.0.enter(u32::MAX)),
                    };
                    if slot.is_some() {
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

/// The waiter is polled once and dropped, while its slot is released.
#[test]
fn a_waiter_that_gives_up_loses_neither_a_turn_nor_a_slot() {
    check(|| {
        let slots = Arc::new(Slots::new(1));
        let first = slots.try_enter().expect("the first call enters");
        let quitter = {
            let slots = Arc::clone(&slots);
            thread::spawn(move || {
                let mut enter = pin!(slots.enter(u32::MAX));
                // The future is dropped here, whether it has got a slot or not.
                let mut context = Context::from_waker(Waker::noop());
                matches!(enter.as_mut().poll(&mut context), Poll::Ready(Some(_)))
            })
        };
        let patient = {
            let slots = Arc::clone(&slots);
            thread::spawn(move || assert!(future::block_on(slots.enter(u32::MAX)).is_some()))
        };
        thread::yield_now();
        drop(first);
        quitter.join().expect("the quitter does not panic");
        patient.join().expect("the patient call enters");
        assert_empty(&slots);
    });
}

#[test]
fn the_queue_is_never_longer_than_max_queue() {
    check(|| {
        let slots = Arc::new(Slots::new(1));
        let first = slots.try_enter().expect("the first call enters");
        let callers: Vec<_> = (0..2)
            .map(|_| {
                let slots = Arc::clone(&slots);
                thread::spawn(move || {
                    let entered = future::block_on(slots.enter(1)).is_some();
                    assert!(slots.count().waiting <= 1);
                    entered
                })
            })
            .collect();
        drop(first);
        let entered: Vec<bool> =
            callers.into_iter().map(|caller| caller.join().expect("no panic")).collect();
        assert!(entered.contains(&true), "a slot is free, so at least one call enters");
        assert_empty(&slots);
    });
}

#[test]
fn after_a_resize_no_call_enters_beyond_the_new_limit() {
    check(|| {
        let slots = Arc::new(Slots::new(2));
        let first = slots.try_enter().expect("the first call enters");
        let second = {
            let slots = Arc::clone(&slots);
            // The second call stays inside.
            thread::spawn(move || slots.try_enter().map(std::mem::forget).is_some())
        };
        slots.resize(Some(1));
        let is_alone = slots.count().active == 1;
        let entered = second.join().expect("no panic");
        assert!(!(is_alone && entered), "a call entered after the resize, beyond the new limit");
        drop(first);
    });
}

#[test]
fn a_slot_beyond_a_lower_limit_is_not_handed_on() {
    check(|| {
        let slots = Arc::new(Slots::new(2));
        let (first, second) = (slots.try_enter(), slots.try_enter());
        let waiter = {
            let slots = Arc::clone(&slots);
            thread::spawn(move || {
                let slot = future::block_on(slots.enter(u32::MAX));
                assert!(slots.count().active <= 1, "more inside than the new limit");
                drop(slot);
            })
        };
        slots.resize(Some(1));
        drop(first);
        thread::yield_now();
        drop(second);
        waiter.join().expect("the waiter enters");
        assert_empty(&slots);
    });
}

#[test]
fn a_resize_loses_no_waiter_and_no_slot() {
    check(|| {
        let shared = Arc::new((Slots::new(1), Inside::default()));
        let callers: Vec<_> = (0..2)
            .map(|_| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    let slot = future::block_on(shared.0.enter(u32::MAX));
                    assert!(slot.is_some());
                    shared.1.stay(2);
                })
            })
            .collect();
        for limit in [0, 2, 1] {
            shared.0.resize(Some(limit));
        }
        for caller in callers {
            caller.join().expect("every call enters");
        }
        assert_empty(&shared.0);
    });
}

/// The order of the resize and the configuration does not matter.
#[cfg(feature = "toml")]
#[test]
fn a_resize_by_hand_takes_precedence_over_a_concurrent_configuration() {
    check(|| {
        let slots = Arc::new(Slots::new(1));
        let first = slots.try_enter().expect("the first call enters");
        let waiter = {
            let slots = Arc::clone(&slots);
            thread::spawn(move || assert!(future::block_on(slots.enter(u32::MAX)).is_some()))
        };
        let by_hand = {
            let slots = Arc::clone(&slots);
            thread::spawn(move || slots.resize(Some(2)))
        };
        for limit in [Some(3), None, Some(1)] {
            slots.configure(limit).into_iter().for_each(Waker::wake);
        }
        by_hand.join().expect("no panic");
        assert_eq!(slots.limit(), 2);
        waiter.join().expect("there are two slots");
        drop(first);
        assert_empty(&slots);
        slots.resize(None);
        assert_eq!(slots.limit(), 1, "as configured");
    });
}
