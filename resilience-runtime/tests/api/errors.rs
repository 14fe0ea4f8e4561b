//! The questions that an error answers, and the errors of others that have a class.

use std::time::Duration;

use resilience::events::TransitionReason;
use resilience::{Class, Classify, Error, Failure};

const TIMED_OUT: Error = Error::TimedOut { function: "charge", limit: Duration::from_secs(1) };

fn open(retry_after: Option<Duration>) -> Error {
    let reason = TransitionReason::SlowCalls;
    Error::CircuitOpen { name: "payment", key: None, retry_after, reason, last_failure: None }
}

fn full() -> Error {
    Error::BulkheadFull { name: "pool", key: Some("a".into()), active: 5, waiting: 2 }
}

#[test]
fn an_error_says_what_it_is() {
    let asked = |error: &Error| {
        [
            error.is_timeout(),
            error.is_circuit_open(),
            error.is_bulkhead_full(),
            error.is_rejection(),
        ]
    };
    assert_eq!(asked(&TIMED_OUT), [true, false, false, false]);
    assert_eq!(asked(&open(None)), [false, true, false, true]);
    assert_eq!(asked(&full()), [false, false, true, true]);
    assert_eq!([TIMED_OUT.name(), open(None).name(), full().name()], ["charge", "payment", "pool"]);
    assert_eq!([TIMED_OUT.key(), open(None).key()], [None, None]);
    assert_eq!(full().key(), Some("a"));
}

#[test]
fn a_time_to_come_back_is_said_only_if_it_is_known() {
    let wait = Duration::from_secs(7);
    assert_eq!([open(Some(wait)).retry_after(), open(None).retry_after()], [Some(wait), None]);
    assert_eq!([TIMED_OUT.retry_after(), full().retry_after()], [None, None]);
    let message = "circuit breaker `payment` is open because of slow calls: the call was not made";
    let unknown = "it is not known when the next call will be let through";
    assert_eq!(open(None).to_string(), format!("{message}; {unknown}"));
    assert_eq!(open(Some(wait)).to_string(), format!("{message}; come back in 7s"));
}

#[test]
fn a_failure_is_mapped_and_borrowed() {
    let own = Failure::Function(String::from("down"));
    assert!(own.is_function() && !own.is_policy());
    assert_eq!(own.as_ref().map(String::len), Failure::Function(4));
    let policy: Failure<String> = Failure::Policy(TIMED_OUT);
    assert!(policy.is_policy() && !policy.is_function());
    assert_eq!(policy.as_ref().map(String::len), Failure::Policy(TIMED_OUT));
    assert_eq!(policy.map(|text| text.len() + 1).policy(), Some(&TIMED_OUT));
}

#[test]
fn errors_of_the_standard_library_are_transient() {
    fn class(error: impl Classify) -> Class {
        error.classify()
    }
    let no_text = vec![0xff];
    let classes = [
        class(()),
        class("down"),
        class(String::from("down")),
        class(std::fmt::Error),
        class("x".parse::<u8>().expect_err("no number")),
        class("x".parse::<f64>().expect_err("no number")),
        class("x".parse::<bool>().expect_err("no truth value")),
        class("xy".parse::<char>().expect_err("too long")),
        class(String::from_utf8(no_text.clone()).expect_err("no text")),
        class(Box::new(std::str::from_utf8(&no_text).expect_err("no text"))),
    ];
    assert_eq!(classes, [Class::Transient; 10]);
}
