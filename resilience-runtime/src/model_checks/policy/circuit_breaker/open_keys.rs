//! The share of the keys that may be open at once: never exceeded, and no key is counted twice or
//! forgotten.

use std::sync::Arc;
use std::time::Duration;

use shuttle::thread;

use super::subject::{START, Subject, check, options};
use crate::outcome::Verdict;
use crate::policy::circuit_breaker::open_keys::{KeysNow, OpenKeys};
use crate::state::State;
use resilience_options::CircuitBreakerOptions;

/// Breakers that open at the first failure, and close at the first successful probe.
fn keys(number: usize, max_open: f64) -> (Arc<OpenKeys>, Vec<shuttle::sync::Arc<Subject>>) {
    let keys = Arc::new(OpenKeys::new(max_open));
    let of_key = |_| {
        let subject = Subject::new(CircuitBreakerOptions {
            failure_threshold: Some(1),
            success_threshold: Some(1),
            ..options()
        });
        subject.engine.join(Arc::clone(&keys));
        subject
    };
    let subjects = (0..number).map(of_key).collect();
    (keys, subjects)
}

fn fail(subject: &Subject) {
    if let Ok(pass) = subject.admit(START) {
        subject.record(pass, Verdict::Failure, START);
    }
}

/// Runs a step for each breaker, each on a thread of its own.
fn on_each(
    subjects: &[shuttle::sync::Arc<Subject>],
    step: impl Fn(usize, &Subject) + Send + Copy + 'static,
) {
    let threads: Vec<_> = (subjects.iter().cloned().enumerate())
        .map(|(nth, subject)| thread::spawn(move || step(nth, &subject)))
        .collect();
    for thread in threads {
        thread.join().expect("no thread panics");
    }
}

fn open_ones(subjects: &[shuttle::sync::Arc<Subject>]) -> usize {
    subjects.iter().filter(|subject| subject.engine.state() != State::Closed).count()
}

#[test]
fn of_keys_that_fail_at_once_exactly_the_share_opens() {
    check(|| {
        let (keys, subjects) = keys(3, 0.67);
        on_each(&subjects, |_, subject| fail(subject));
        assert_eq!(open_ones(&subjects), 2);
        assert_eq!(keys.now(), KeysNow { open: 2, all: 3 });
        let kept = subjects.iter().filter(|it| it.engine.read(START).is_kept_closed).count();
        assert_eq!(kept, 1);
    });
}

#[test]
fn a_key_that_closes_makes_room_for_exactly_one_other() {
    check(|| {
        let (keys, subjects) = keys(3, 0.34);
        fail(&subjects[0]);
        let later = subjects[0].later();
        let probe = subjects[0].admit(later).expect("a place is free");
        on_each(&subjects, move |nth, subject| match nth {
            0 => subject.record(probe, Verdict::Success, later),
            _ => fail(subject),
        });
        assert_eq!(subjects[0].engine.state(), State::Closed);
        assert!(keys.now().open <= 1, "{:?}", keys.now());
        for subject in &subjects[1..] {
            fail(subject);
        }
        assert_eq!((open_ones(&subjects), keys.now().open), (1, 1), "the next failure opens one");
    });
}

/// An observer of the share sees at no moment more open keys than it allows.
#[test]
fn the_share_is_exceeded_at_no_moment() {
    check(|| {
        let (keys, subjects) = keys(3, 0.34);
        let watched = Arc::clone(&keys);
        let watch = thread::spawn(move || {
            for _ in 0..4 {
                assert!(watched.now().open <= 1, "{:?}", watched.now());
                thread::yield_now();
            }
        });
        on_each(&subjects, |_, subject| {
            fail(subject);
            subject.set(State::Closed);
            fail(subject);
        });
        watch.join().expect("no thread panics");
        assert_eq!((open_ones(&subjects), keys.now().open), (1, 1));
    });
}

#[test]
fn whatever_happens_to_a_key_it_is_counted_once_and_by_its_state() {
    check(|| {
        let (keys, subjects) = keys(3, 0.34);
        on_each(&subjects, |nth, subject| match nth {
            0 => fail(subject),
            1 => {
                subject.set(State::ForcedOpen);
                subject.set(State::Disabled);
                subject.set(State::ForcedOpen);
            }
            _ => {
                fail(subject);
                subject.engine.leave();
                subject.set(State::Closed);
                fail(subject);
            }
        });
        let counted = open_ones(&subjects[..2]);
        assert_eq!(keys.now(), KeysNow { open: counted, all: 2 });
        assert_eq!(subjects[1].engine.state(), State::ForcedOpen, "as the operator says");
        assert_eq!(subjects[2].engine.state(), State::Open, "it is no longer one of the keys");
        drop(subjects);
        assert_eq!(keys.now(), KeysNow { open: 0, all: 0 });
    });
}

#[test]
fn a_probe_that_fails_opens_its_breaker_again_whatever_other_keys_do() {
    check(|| {
        let (keys, subjects) = keys(2, 0.5);
        fail(&subjects[0]);
        let later = subjects[0].later().after(Duration::from_secs(1));
        on_each(&subjects, move |nth, subject| match nth {
            0 => {
                let probe = subject.admit(later).expect("a place is free");
                subject.record(probe, Verdict::Failure, later);
            }
            _ => fail(subject),
        });
        let states = subjects.iter().map(|subject| subject.engine.state()).collect::<Vec<_>>();
        assert_eq!(states, [State::Open, State::Closed]);
        assert_eq!(keys.now(), KeysNow { open: 1, all: 2 });
    });
}
