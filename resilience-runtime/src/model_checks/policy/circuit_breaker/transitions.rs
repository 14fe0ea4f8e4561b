//! Transitions: each happens once, is emitted once, and by no result that is late.

use super::subject::{START, Subject, check, on_threads, options};
use crate::outcome::Verdict;
use crate::state::State;
use crate::time::Nanos;
use std::time::Duration;

use resilience_options::CircuitBreakerOptions;

#[test]
fn failures_at_once_open_the_breaker_once() {
    check(|| {
        let subject = Subject::new(options());
        on_threads(&subject, 3, |subject, _| {
            if let Ok(pass) = subject.admit(START) {
                subject.record(pass, Verdict::Failure, START);
            }
        });
        assert_eq!(subject.engine.state(), State::Open);
        assert_eq!(subject.transitions(), [1, 0, 0]);
    });
}

#[test]
fn forced_open_is_not_undone_by_calls_on_their_way() {
    check(|| {
        let subject = Subject::new(options());
        on_threads(&subject, 3, |subject, nth| match nth {
            0 => subject.set(State::ForcedOpen),
            _ => {
                if let Ok(pass) = subject.admit(START) {
                    subject.record(pass, Verdict::Failure, START);
                }
            }
        });
        assert_eq!(subject.engine.state(), State::ForcedOpen);
        assert!(subject.admit(subject.later()).is_err());
    });
}

/// Threads set the state by hand, fail and probe. Each transition is emitted by the step that made
/// it, and by no other.
#[test]
fn as_many_transitions_are_emitted_as_there_were() {
    for by_hand in [State::ForcedOpen, State::Disabled] {
        check(move || {
            let subject = Subject::new(CircuitBreakerOptions {
                failure_threshold: Some(1),
                success_threshold: Some(1),
                ..options()
            });
            on_threads(&subject, 3, move |subject, nth| {
                if nth == 0 {
                    return subject.set(by_hand);
                }
                for verdict in [Verdict::Failure, Verdict::Success] {
                    if let Ok(pass) = subject.admit(subject.later()) {
                        subject.record(pass, verdict, subject.later());
                    }
                }
            });
            assert_eq!(subject.engine.state(), by_hand);
            assert_eq!(subject.seen_state(), by_hand, "delivered last");
            assert_eq!(
                subject.transitions().map(u64::from).iter().sum::<u64>(),
                subject.engine.packed().generation()
            );
        });
    }
}

#[test]
fn a_call_that_finds_it_open_is_given_the_time_of_that_spell() {
    check(|| {
        let subject = Subject::new(options());
        subject.open();
        subject.set(State::Closed);
        let soon = START.after(Duration::from_millis(500));
        on_threads(&subject, 2, move |subject, nth| {
            if nth == 0 {
                for _ in 0..2 {
                    let pass = subject.admit(soon).expect("closed");
                    subject.record(pass, Verdict::Failure, soon);
                }
                return;
            }
            if let Err(rejection) = subject.admit(START) {
                let end_of_spell = soon.after(subject.engine.options.get().open_for());
                assert_eq!(
                    rejection.retry_after,
                    Some(end_of_spell.since(START)),
                    "of the spell before"
                );
            }
        });
        assert_eq!(subject.engine.state(), State::Open);
    });
}

#[test]
fn late_probes_close_and_open_nothing() {
    check(|| {
        let subject = Subject::new(CircuitBreakerOptions {
            half_open_probes: Some(2),
            success_threshold: Some(1),
            ..options()
        });
        subject.open();
        let probes = [0, 1].map(|_| subject.admit(subject.later()).expect("a place is free"));
        subject.set(State::Closed);
        subject.open();
        let again: Nanos = subject.later().after(subject.engine.options.get().open_for());
        on_threads(&subject, 3, move |subject, nth| match nth {
            0 => subject.record(probes[0], Verdict::Success, again),
            1 => subject.record(probes[1], Verdict::Failure, again),
            _ => {
                let probe = subject.admit(again).expect("a place is free");
                subject.record(probe, Verdict::Ignored, again);
            }
        });
        let reading = subject.engine.read(again);
        assert_eq!((reading.state, reading.probes, reading.successes), (State::HalfOpen, 0, 0));
        assert_eq!(reading.stale, 2);
    });
}
