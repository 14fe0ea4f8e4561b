//! Model checks of the table of instances with two and three threads.

use std::sync::Arc;

use shuttle::thread;

use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::policy::keyed::{Keyed, KeyedInstances};

const ITERATIONS: usize = 5_000;

fn check(scenario: impl Fn() + Send + Sync + Copy + 'static) {
    shuttle::check_random(scenario, ITERATIONS);
    shuttle::check_pct(scenario, ITERATIONS, 3);
}

fn keyed(capacity: usize) -> Arc<Keyed<Bulkhead, u32>> {
    Arc::new(Keyed::new(Bulkhead::new("subject")).capacity(capacity))
}

#[test]
fn two_threads_get_the_same_instance_of_a_key() {
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
fn a_held_instance_is_never_evicted_and_the_capacity_never_exceeded() {
    check(|| {
        let keyed = keyed(1);
        let threads = [1, 2, 3].map(|key| {
            let keyed = Arc::clone(&keyed);
            thread::spawn(move || {
                let held = keyed.get(&key);
                assert_eq!(keyed.len(), 1);
                let is_stored = keyed.peek(&key).is_some_and(|found| Arc::ptr_eq(&found, &held));
                thread::yield_now();
                if is_stored {
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
fn an_instance_that_is_returned_without_the_lock_is_not_evicted_meanwhile() {
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
                keyed.peek(&1).is_some_and(|found| Arc::ptr_eq(&found, &held)),
                "a held instance was evicted"
            );
        }
    });
}

#[test]
fn an_instance_that_counts_failures_stays_while_another_may_go() {
    check(|| {
        let template = CircuitBreaker::new("subject").failure_threshold(2);
        let keyed: Arc<Keyed<_, u32>> = Arc::new(Keyed::new(template).capacity(2));
        let failing = Arc::downgrade(&keyed.get(&1));
        keyed.get(&1).admit().expect("closed").failure();
        keyed.get(&2);
        let threads = [1, 3].map(|key| {
            let keyed = Arc::clone(&keyed);
            thread::spawn(move || keyed.get(&key))
        });
        let [held, _other] = threads.map(|thread| thread.join().expect("no thread panics"));
        assert!(failing.ptr_eq(&Arc::downgrade(&held)), "its failure was lost");
        assert!(keyed.peek(&2).is_none() && keyed.peek(&3).is_some());
    });
}

#[test]
fn a_removed_instance_is_never_returned_again() {
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
        assert!(first.upgrade().is_none(), "the removed instance still exists");
        let current = keyed.get(&1);
        assert!(keyed.peek(&1).is_some_and(|found| Arc::ptr_eq(&found, &current)));
    });
}

#[test]
fn a_new_key_finds_a_place_while_a_thread_visits_the_instances() {
    check(|| {
        let keyed = keyed(1);
        drop(keyed.get(&1));
        let reader = Arc::clone(&keyed);
        let reader = thread::spawn(move || {
            let mut visited = Vec::new();
            reader.each(&mut |instance| {
                thread::yield_now();
                visited.push(instance.key().map(str::to_owned));
            });
            visited
        });
        assert_eq!(keyed.get(&2).key(), Some("2"), "it has a place");
        let visited = reader.join().expect("no thread panics");
        assert!(matches!(visited[..], [Some(ref key)] if key == "1" || key == "2"), "{visited:?}");
        assert_eq!(keyed.len(), 1);
    });
}

#[test]
fn an_instance_that_goes_while_it_is_visited_is_kept_by_nobody() {
    let scenario = || {
        let keyed = keyed(1);
        let gone = Arc::downgrade(&keyed.get(&1));
        keyed.each(&mut |instance| {
            assert_eq!((instance.key(), keyed.get(&2).key()), (Some("1"), Some("2")));
        });
        assert!(gone.upgrade().is_none() && keyed.peek(&1).is_none());
        assert!(!KeyedInstances::is_full(&*keyed));
        let held = keyed.all();
        assert_eq!(keyed.get(&3).key(), None, "`2` is held");
        drop(held);
        assert_eq!(keyed.get(&3).key(), Some("3"));
        assert_eq!(keyed.all().len(), 2, "with the one of the keys that found no place");
        assert_eq!(keyed.such(&|instance| instance.key() == Some("3")).len(), 1);
    };
    // There is one interleaving only.
    shuttle::check_random(scenario, 1);
}
