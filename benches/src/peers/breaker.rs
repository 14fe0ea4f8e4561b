//! Circuit breakers: recloser, nobreak, failsafe, circuitbreaker-rs.

use circuitbreaker_rs::DefaultPolicy;
use failsafe::futures::CircuitBreaker as _;
use failsafe::{backoff, failure_policy};
use recloser::{AsyncRecloser, Recloser};
use subjects::poll_to_end;

use super::{Failed, SECOND, Subject, fails, kept, work};

pub(super) const OPEN_FOR: std::time::Duration = std::time::Duration::from_secs(3600);

type CircuitBreakerRs = circuitbreaker_rs::CircuitBreaker<DefaultPolicy, Failed>;

pub(super) fn recloser() -> &'static AsyncRecloser {
    kept(AsyncRecloser::from(
        Recloser::custom().error_rate(0.5).closed_len(100).open_wait(OPEN_FOR).build(),
    ))
}

pub(super) fn nobreak() -> &'static nobreak::CircuitBreaker {
    kept(nobreak::builder().with_failure_threshold(5).with_open_duration(OPEN_FOR).build())
}

fn consecutive() -> impl failsafe::FailurePolicy {
    failure_policy::consecutive_failures(5, backoff::constant(OPEN_FOR))
}

fn circuitbreaker_rs() -> &'static CircuitBreakerRs {
    kept(CircuitBreakerRs::builder().failure_threshold(0.5).cooldown(OPEN_FOR).build())
}

pub(super) fn subjects() -> Vec<Subject> {
    let (failures, rate, last) =
        ("breaker, failures", "breaker, rate over time", "breaker, last calls");
    let nobreak = nobreak();
    let failsafe = kept(failsafe::Config::new().failure_policy(consecutive()).build());
    let over_time = failure_policy::success_rate_over_time_window(
        0.5,
        20,
        60 * SECOND,
        backoff::constant(OPEN_FOR),
    );
    let failsafe_rate = kept(failsafe::Config::new().failure_policy(over_time).build());
    let circuitbreaker_rs = circuitbreaker_rs();
    let recloser = recloser();
    vec![
        Subject::new(failures, "nobreak", move |suspends| {
            nobreak.call_async(move || work(suspends))
        }),
        Subject::new(failures, "failsafe", move |suspends| failsafe.call(work(suspends))),
        Subject::new(rate, "failsafe", move |suspends| failsafe_rate.call(work(suspends))),
        Subject::new(rate, "circuitbreaker-rs", move |suspends| {
            circuitbreaker_rs.call_async(move || work(suspends))
        }),
        Subject::new(last, "recloser", move |suspends| recloser.call(work(suspends))),
    ]
}

pub(super) fn failing() -> Vec<Subject> {
    let layer = "breaker open";
    let nobreak = nobreak();
    let failsafe = kept(failsafe::Config::new().failure_policy(consecutive()).build());
    let circuitbreaker_rs = circuitbreaker_rs();
    let recloser = recloser();
    for _ in 0..200 {
        drop(poll_to_end(nobreak.call_async(|| fails(false))));
        drop(poll_to_end(failsafe.call(fails(false))));
        drop(poll_to_end(circuitbreaker_rs.call_async(|| fails(false))));
        drop(poll_to_end(recloser.call(fails(false))));
    }
    vec![
        Subject::new(layer, "nobreak", move |suspends| nobreak.call_async(move || work(suspends)))
            .without_work(),
        Subject::new(layer, "failsafe", move |suspends| failsafe.call(work(suspends)))
            .without_work(),
        Subject::new(layer, "circuitbreaker-rs", move |suspends| {
            circuitbreaker_rs.call_async(move || work(suspends))
        })
        .without_work(),
        Subject::new(layer, "recloser", move |suspends| recloser.call(work(suspends)))
            .without_work(),
    ]
}
