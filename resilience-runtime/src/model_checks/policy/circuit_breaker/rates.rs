//! Rates: no success is lost, counted twice, or counted in a generation that is not its own.

#[cfg(feature = "toml")]
use super::subject::options;
use super::subject::{START, Subject, check, on_threads};
use crate::outcome::Verdict;
use crate::state::State;
use std::time::Duration;

use resilience_options::CircuitBreakerOptions;

/// A breaker that takes a rate of at least four calls.
fn rate(options: CircuitBreakerOptions) -> CircuitBreakerOptions {
    CircuitBreakerOptions {
        failure_threshold: None,
        failure_rate: Some(0.5),
        minimum_calls: Some(4),
        open_for: Some(Duration::from_secs(1)),
        ..options
    }
}

fn rates() -> [CircuitBreakerOptions; 2] {
    [
        rate(CircuitBreakerOptions::NONE),
        rate(CircuitBreakerOptions { window_calls: Some(8), ..CircuitBreakerOptions::NONE }),
    ]
}

#[test]
fn a_failure_that_finds_them_enough_opens_the_breaker_once_and_a_success_never() {
    for options in rates() {
        check(move || {
            let subject = Subject::new(options);
            let calls = [Verdict::Failure, Verdict::Success, Verdict::Failure, Verdict::Success]
                .map(|verdict| (subject.admit(START).expect("closed"), verdict));
            on_threads(&subject, 2, move |subject, nth| {
                for (pass, verdict) in &calls[nth * 2..][..2] {
                    subject.record(*pass, *verdict, START);
                }
            });
            // It is open if a failure ended last. Else the next failure opens it.
            if let Ok(pass) = subject.admit(START) {
                subject.record(pass, Verdict::Success, START);
                assert_eq!(subject.engine.state(), State::Closed, "a success never opens it");
                let pass = subject.admit(START).expect("closed");
                subject.record(pass, Verdict::Failure, START);
            }
            assert_eq!(subject.engine.state(), State::Open);
            assert_eq!(subject.transitions(), [1, 0, 0]);
        });
    }
}

#[test]
fn no_success_is_lost_or_counted_twice() {
    for options in rates() {
        check(move || {
            let subject = Subject::new(CircuitBreakerOptions { minimum_calls: Some(8), ..options });
            on_threads(&subject, 3, |subject, nth| {
                for _ in 0..2 {
                    let pass = subject.admit(START).expect("closed");
                    let verdict = if nth == 0 { Verdict::Failure } else { Verdict::Success };
                    subject.record(pass, verdict, START);
                }
            });
            let counts = subject.engine.read(START).counts;
            assert_eq!((counts.calls, counts.failures), (6, 2));
        });
    }
}

#[test]
fn a_success_counts_in_its_own_generation_only() {
    for options in rates() {
        check(move || {
            let subject = Subject::new(options);
            let first = subject.admit(START).expect("closed");
            subject.record(first, Verdict::Success, START);
            let late = subject.admit(START).expect("closed");
            on_threads(&subject, 2, move |subject, nth| {
                if nth == 0 {
                    return subject.record(late, Verdict::Success, START);
                }
                subject.set(State::Closed);
                let pass = subject.admit(START).expect("closed");
                subject.record(pass, Verdict::Success, START);
            });
            assert_eq!(subject.engine.read(START).counts.calls, 1);
        });
    }
}

#[test]
fn a_slice_that_ends_loses_no_success() {
    check(|| {
        let subject = Subject::new(rate(CircuitBreakerOptions::NONE));
        let first = subject.admit(START).expect("closed");
        subject.record(first, Verdict::Success, START);
        on_threads(&subject, 3, |subject, nth| {
            let pass = subject.admit(START).expect("closed");
            let now = if nth == 0 { START } else { subject.later() };
            subject.record(pass, Verdict::Success, now);
        });
        assert_eq!(subject.engine.read(subject.later()).counts.calls, 4);
    });
}

/// Under limits that count alike, as long as the window holds them all.
#[cfg(feature = "toml")]
#[test]
fn limits_that_are_replaced_lose_no_call_and_count_none_twice() {
    for options in rates() {
        check(move || {
            let longer = CircuitBreakerOptions {
                window_calls: options.window_calls.map(|calls| calls * 2),
                ..options
            };
            let subject = Subject::new(CircuitBreakerOptions { minimum_calls: Some(8), ..options });
            on_threads(&subject, 3, move |subject, nth| {
                if nth == 0 {
                    let to = CircuitBreakerOptions { minimum_calls: Some(7), ..longer };
                    subject.engine.reconfigure(Some(to));
                    return subject.engine.reconfigure(None);
                }
                for verdict in [Verdict::Success, Verdict::Failure] {
                    let pass = subject.admit(START).expect("closed");
                    subject.record(pass, verdict, START);
                }
            });
            let counts = subject.engine.read(START).counts;
            assert_eq!((counts.calls, counts.failures), (4, 2));
        });
    }
}

/// Under limits that count otherwise, calls on their way are counted by the ones or the others, or
/// forgotten with those before.
#[cfg(feature = "toml")]
#[test]
fn limits_that_count_otherwise_keep_state_and_generation() {
    for other in rates() {
        check(move || {
            let subject = Subject::new(options());
            on_threads(&subject, 3, move |subject, nth| {
                if nth == 0 {
                    subject.engine.reconfigure(Some(other));
                    subject.engine.reconfigure(None);
                    return subject.engine.reconfigure(Some(other));
                }
                let pass = subject.admit(START).expect("closed");
                let verdict = if nth == 1 { Verdict::Success } else { Verdict::Failure };
                subject.record(pass, verdict, START);
            });
            let reading = subject.engine.read(START);
            assert_eq!((reading.state, reading.stale), (State::Closed, 0));
            assert!(reading.counts.calls <= 2 && reading.counts.failures <= 1);
            // What comes then counts under the limits that hold now.
            let before = reading.counts.calls;
            for verdict in [Verdict::Success, Verdict::Success] {
                let pass = subject.admit(START).expect("closed");
                subject.record(pass, verdict, START);
            }
            assert_eq!(subject.engine.read(START).counts.calls, before + 2);
        });
    }
}
