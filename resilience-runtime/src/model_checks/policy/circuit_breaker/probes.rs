//! Probes: never more than allowed, and no place is lost or given twice.

use resilience_options::CircuitBreakerOptions;

use super::subject::{START, Subject, check, on_threads, options};
use crate::outcome::Verdict;
use crate::state::State;
use shuttle::sync::Arc;
use shuttle::sync::atomic::{AtomicU32, Ordering::SeqCst};
use shuttle::thread;

#[test]
fn never_more_probes_in_flight_than_allowed() {
    check(|| {
        let subject =
            Subject::new(CircuitBreakerOptions { success_threshold: Some(9), ..options() });
        subject.open();
        let inside = Arc::new(AtomicU32::new(0));
        let threads: Vec<_> = (0..3)
            .map(|nth| {
                let (subject, inside) = (Arc::clone(&subject), Arc::clone(&inside));
                thread::spawn(move || {
                    let Ok(pass) = subject.admit(subject.later()) else { return };
                    assert_eq!(inside.fetch_add(1, SeqCst), 0, "two probes in flight");
                    thread::yield_now();
                    inside.fetch_sub(1, SeqCst);
                    let verdict = if nth == 0 { Verdict::Ignored } else { Verdict::Success };
                    subject.record(pass, verdict, subject.later());
                })
            })
            .collect();
        for thread in threads {
            thread.join().expect("no thread panics");
        }
        let reading = subject.engine.read(subject.later());
        assert_eq!(reading.state, State::HalfOpen);
        assert_eq!(reading.probes, 0, "a place was lost");
        assert_eq!(subject.transitions(), [1, 1, 0]);
    });
}

#[test]
fn results_of_an_earlier_generation_change_nothing() {
    check(|| {
        let subject =
            Subject::new(CircuitBreakerOptions { success_threshold: Some(1), ..options() });
        let late = subject.admit(START).expect("closed");
        subject.open();
        on_threads(&subject, 2, move |subject, nth| {
            if nth == 0 {
                return subject.record(late, Verdict::Failure, subject.later());
            }
            let probe = subject.admit(subject.later()).expect("the only probe");
            subject.record(probe, Verdict::Success, subject.later());
        });
        let reading = subject.engine.read(subject.later());
        assert_eq!((reading.state, reading.counts.failures, reading.stale), (State::Closed, 0, 1));
        assert_eq!(subject.transitions(), [1, 1, 1]);
    });
}

#[test]
fn no_schedule_of_probes_leaves_the_breaker_stuck() {
    check(|| {
        let subject = Subject::new(options());
        subject.open();
        on_threads(&subject, 3, |subject, nth| {
            if let Ok(probe) = subject.admit(subject.later()) {
                let verdict = if nth == 0 { Verdict::Failure } else { Verdict::Success };
                subject.record(probe, verdict, subject.later());
            }
        });
        // Whatever happened, well-behaved calls close it within an open spell.
        let after = subject.later().after(subject.engine.options.get().open_for());
        for _ in 0..subject.engine.options.get().success_threshold() {
            let pass = subject.admit(after).expect("a place is free");
            subject.record(pass, Verdict::Success, after);
        }
        assert_eq!(subject.engine.state(), State::Closed);
    });
}

#[test]
fn the_place_of_a_hung_probe_is_given_to_one_other_and_does_not_come_back_twice() {
    check(|| {
        let subject =
            Subject::new(CircuitBreakerOptions { success_threshold: Some(9), ..options() });
        subject.open();
        let hung = subject.admit(subject.later()).expect("the only probe");
        let given = Arc::new(AtomicU32::new(0));
        let counter = Arc::clone(&given);
        let expired = subject.later().after(subject.engine.options.get().probe_timeout());
        let threads: Vec<_> = (0..3)
            .map(|nth| {
                let (subject, given) = (Arc::clone(&subject), Arc::clone(&counter));
                thread::spawn(move || {
                    if nth == 0 {
                        return subject.record(hung, Verdict::Ignored, expired);
                    }
                    if subject.admit(expired).is_ok() {
                        given.fetch_add(1, SeqCst);
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().expect("no thread panics");
        }
        let reading = subject.engine.read(expired);
        assert_eq!((given.load(SeqCst), reading.probes), (1, 1));
    });
}
