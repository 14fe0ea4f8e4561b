//! Model checks of the table: two and three threads, every schedule that is reached.

use std::sync::Arc;

use shuttle::thread;

use crate::policy::bulkhead::Bulkhead;
use crate::policy::keyed::Keyed;

const ITERATIONS: usize = 5_000;

fn check(scenario: impl Fn() + Send + Sync + Copy + 'static) {
    shuttle::check_random(scenario, ITERATIONS);
    shuttle::check_pct(scenario, ITERATIONS, 3);
}

fn keyed(capacity: usize) -> Arc<Keyed<Bulkhead, u32>> {
    Arc::new(Keyed::new(Bulkhead::new("subject")).capacity(capacity))
}

#[test]
fn a_key_asked_for_by_two_at_once_has_one_instance() {
    check(|| {
        let keyed = keyed(2);
        let both = [0, 1].map(|_| {
            let keyed = Arc::clone(&keyed);
            thread::spawn(move || keyed.get(&1))
        });
        let [first, second] = both.map(|thread| thread.join().expect("no thread panics"));
        assert!(Arc::ptr_eq(&first, &second));
        assert_eq!(keyed.len(), 1);
    });
}

#[test]
fn what_is_held_is_never_evicted_and_the_capacity_never_exceeded() {
    check(|| {
        let keyed = keyed(1);
        let threads = [1, 2, 3].map(|key| {
            let keyed = Arc::clone(&keyed);
            thread::spawn(move || {
                let held = keyed.get(&key);
                assert_eq!(keyed.len(), 1);
                let kept = keyed.peek(&key).is_some_and(|kept| Arc::ptr_eq(&kept, &held));
                thread::yield_now();
                if kept {
                    assert!(Arc::ptr_eq(&keyed.get(&key), &held), "a held instance was evicted");
                }
            })
        });
        for thread in threads {
            thread.join().expect("no thread panics");
        }
    });
}

#[test]
fn what_is_given_out_without_the_lock_is_not_evicted_at_that_moment() {
    check(|| {
        let keyed = keyed(1);
        let first = Arc::downgrade(&keyed.get(&1));
        let threads = [1, 2].map(|key| {
            let keyed = Arc::clone(&keyed);
            thread::spawn(move || keyed.get(&key))
        });
        let [held, _other] = threads.map(|thread| thread.join().expect("no thread panics"));
        if first.ptr_eq(&Arc::downgrade(&held)) {
            assert!(
                keyed.peek(&1).is_some_and(|kept| Arc::ptr_eq(&kept, &held)),
                "held, and evicted"
            );
        }
    });
}

#[test]
fn what_is_forgotten_is_given_to_nobody_who_asks_later() {
    check(|| {
        let keyed = keyed(2);
        let first = Arc::downgrade(&keyed.get(&1));
        let threads = [0, 1].map(|nth| {
            let keyed = Arc::clone(&keyed);
            thread::spawn(move || match nth {
                0 => drop(keyed.remove(&1)),
                _ => drop(keyed.get(&1)),
            })
        });
        for thread in threads {
            thread.join().expect("no thread panics");
        }
        assert!(first.upgrade().is_none(), "forgotten, and held by nobody");
        let kept = keyed.get(&1);
        assert!(keyed.peek(&1).is_some_and(|again| Arc::ptr_eq(&again, &kept)));
    });
}
