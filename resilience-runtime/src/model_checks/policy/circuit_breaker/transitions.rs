//! Transitions: each happens once, is told once, and by no result that is late.

use super::subject::{START, Subject, check, on_threads, settings};
use crate::outcome::Verdict;
use crate::state::State;
use crate::time::Nanos;
use resilience_options::CircuitBreakerOptions;
use std::time::Duration;

#[test]
fn failures_at_once_open_the_breaker_once() {
    check(|| {
        let subject = Subject::new(settings());
        on_threads(&subject, 3, |subject, _| {
            if let Some(ticket) = subject.admit(START) {
                subject.record(ticket, Verdict::Failure, START);
            }
        });
        assert_eq!(subject.shared.state(), State::Open);
        assert_eq!(subject.transitions(), [1, 0, 0]);
    });
}

#[test]
fn forced_open_is_not_undone_by_calls_on_their_way() {
    check(|| {
        let subject = Subject::new(settings());
        on_threads(&subject, 3, |subject, nth| match nth {
            0 => subject.count(subject.shared.set(&subject.settings, State::ForcedOpen)),
            _ => {
                if let Some(ticket) = subject.admit(START) {
                    subject.record(ticket, Verdict::Failure, START);
                }
            }
        });
        assert_eq!(subject.shared.state(), State::ForcedOpen);
        assert!(subject.admit(subject.later()).is_none());
    });
}

/// Who sets the state by hand, who fails, who probes: each transition is told by one step, and no
/// step tells of another's.
#[test]
fn as_many_transitions_are_told_as_there_were() {
    for by_hand in [State::ForcedOpen, State::Disabled] {
        check(move || {
            let subject = Subject::new(CircuitBreakerOptions {
                failure_threshold: Some(1),
                success_threshold: Some(1),
                ..settings()
            });
            on_threads(&subject, 3, move |subject, nth| {
                if nth == 0 {
                    return subject.count(subject.shared.set(&subject.settings, by_hand));
                }
                for verdict in [Verdict::Failure, Verdict::Success] {
                    if let Some(ticket) = subject.admit(subject.later()) {
                        subject.record(ticket, verdict, subject.later());
                    }
                }
            });
            assert_eq!(subject.shared.state(), by_hand);
            assert_eq!(
                subject.transitions().map(u64::from).iter().sum::<u64>(),
                subject.generation()
            );
        });
    }
}

#[test]
fn a_call_that_finds_it_open_is_told_the_time_of_that_spell() {
    check(|| {
        let subject = Subject::new(settings());
        subject.open();
        subject.count(subject.shared.set(&subject.settings, State::Closed));
        let hour = START.after(Duration::from_secs(3600));
        on_threads(&subject, 2, move |subject, nth| {
            if nth == 0 {
                for _ in 0..2 {
                    let ticket = subject.admit(hour).expect("closed");
                    subject.record(ticket, Verdict::Failure, hour);
                }
                return;
            }
            let word = subject.shared.word();
            if word.is_open()
                && let Some(wait) = subject.shared.turn_away(word, || START)
            {
                assert_eq!(
                    wait,
                    hour.after(subject.settings.get().open_for()).since(START),
                    "of the spell before"
                );
            }
        });
        assert_eq!(subject.shared.state(), State::Open);
    });
}

#[test]
fn late_probes_close_and_open_nothing() {
    check(|| {
        let subject = Subject::new(CircuitBreakerOptions {
            half_open_probes: Some(2),
            success_threshold: Some(1),
            ..settings()
        });
        subject.open();
        let probes = [0, 1].map(|_| subject.admit(subject.later()).expect("a place is free"));
        subject.count(subject.shared.set(&subject.settings, State::Closed));
        subject.open();
        let again: Nanos = subject.later().after(subject.settings.get().open_for());
        on_threads(&subject, 3, move |subject, nth| match nth {
            0 => subject.record(probes[0], Verdict::Success, again),
            1 => subject.record(probes[1], Verdict::Failure, again),
            _ => {
                let probe = subject.admit(again).expect("a place is free");
                subject.record(probe, Verdict::Ignored, again);
            }
        });
        let reading = subject.shared.read(&subject.settings, again);
        assert_eq!((reading.state, reading.probes, reading.successes), (State::HalfOpen, 0, 0));
        assert_eq!(reading.stale, 2);
    });
}
