//! Every combination of the criteria at which a breaker opens: by whichever threads they are met,
//! it opens once, and for a reason that is declared.

use std::time::Duration;

use resilience_options::CircuitBreakerOptions;

use super::subject::{START, Subject, check_times, on_threads};
use crate::outcome::Verdict;
use crate::state::{State, TransitionReason};

const SLOW: Duration = Duration::from_secs(1);

/// Schedules of each combination.
const ITERATIONS: usize = 250;

/// Every combination, each criterion with a limit that two calls may reach.
fn combinations() -> impl Iterator<Item = CircuitBreakerOptions> {
    let has = |combination: u8, bit: u8| combination & (1 << bit) != 0;
    (0..16).map(move |combination| CircuitBreakerOptions {
        consecutive_failures: has(combination, 0).then_some(2),
        failure_threshold: has(combination, 1).then_some(2),
        failure_rate: has(combination, 2).then_some(0.5),
        slow_call: has(combination, 3).then_some(SLOW),
        minimum_calls: Some(2),
        ..CircuitBreakerOptions::NONE
    })
}

/// Returns `true` if this criterion is declared. The run has a default.
fn declares(options: &CircuitBreakerOptions, reason: TransitionReason) -> bool {
    match reason {
        TransitionReason::ConsecutiveFailures => options.consecutive_failures().is_some(),
        TransitionReason::FailureThreshold => options.failure_threshold.is_some(),
        TransitionReason::FailureRate => options.failure_rate.is_some(),
        TransitionReason::SlowCalls => options.slow_call.is_some(),
        TransitionReason::Probe | TransitionReason::ByHand => false,
    }
}

#[test]
fn every_combination_of_criteria_opens_the_breaker_once_and_for_a_reason_of_its_own() {
    for options in combinations() {
        check_times(ITERATIONS, move || {
            let subject = Subject::new(options);
            let later = START.after(SLOW);
            on_threads(&subject, 3, move |subject, nth| {
                let Ok(pass) = subject.admit(START) else { return };
                // A quick success, a slow failure, and a slow success.
                let (verdict, ended) = match nth {
                    0 => (Verdict::Success, START),
                    1 => (Verdict::Failure, later),
                    _ => (Verdict::Success, later),
                };
                subject.record(pass, verdict, ended);
            });
            // Whatever has ended last, a few slow failures more open it.
            for _ in 0..5 {
                if let Ok(pass) = subject.admit(START) {
                    subject.record(pass, Verdict::Failure, later);
                }
            }
            assert_eq!(subject.engine.state(), State::Open);
            assert_eq!(subject.transitions(), [1, 0, 0]);
            let reason = subject.engine.read(later).opened_by.expect("it is open");
            assert!(declares(&options, reason), "{reason} of {options:?}");
            assert_eq!(subject.seen_reason(), Some(reason), "named by the event too");
            assert_eq!(subject.engine.opened_by(), reason, "and by the rejections");
        });
    }
}

/// A rejection names the reason of the spell that it found, or of a later one.
#[test]
fn a_rejection_never_names_a_reason_of_an_earlier_spell() {
    check_times(ITERATIONS * 4, || {
        let subject = Subject::new(CircuitBreakerOptions {
            failure_threshold: Some(1),
            ..CircuitBreakerOptions::NONE
        });
        subject.open();
        subject.set(State::Closed);
        on_threads(&subject, 2, |subject, nth| {
            if nth == 0 {
                return subject.set(State::ForcedOpen);
            }
            if subject.admit(START).is_err() {
                assert_eq!(subject.engine.opened_by(), TransitionReason::ByHand);
            }
        });
    });
}
