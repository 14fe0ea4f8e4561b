//! The criteria at which a breaker opens, in every combination; and why one is not enough.

use std::sync::Arc;
use std::time::Duration;

use resilience::events::TransitionReason;
use resilience::{CircuitBreaker, Error, Event, State, registry};
use resilience_tests::{
    Criteria, EventLog, SECOND, documented_criteria, fail, ms, outcome, rejected, succeed,
};
use tokio::time::advance;

#[tokio::test(start_paused = true)]
async fn a_breaker_opens_as_the_table_says_for_every_combination_of_criteria() {
    let rows = documented_criteria();
    for criteria in Criteria::all() {
        let documented = rows.iter().filter(|row| row.criteria == criteria).count();
        assert_eq!(documented, 1, "{criteria:?}");
    }
    assert_eq!(rows.len(), 16);
    for row in rows {
        assert_eq!(row.scenarios.len(), 5);
        for (scenario, expected) in row.scenarios {
            let breaker = row.criteria.declare(CircuitBreaker::new("of a row"));
            assert_eq!(
                outcome(&breaker, scenario).await,
                expected,
                "{:?}: {scenario}",
                row.criteria
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn of_several_criteria_that_one_call_meets_the_first_is_the_reason() {
    let order = [
        TransitionReason::ConsecutiveFailures,
        TransitionReason::FailureThreshold,
        TransitionReason::FailureRate,
        TransitionReason::SlowCalls,
    ];
    for (first, reason) in order.into_iter().enumerate() {
        let mut breaker = CircuitBreaker::new("several").minimum_calls(2);
        // A slow call alone has a run of 5 beside it, which two failures do not reach.
        breaker = breaker.slow_call(ms(1)).slow_call_rate(0.5);
        if first < 3 {
            breaker = breaker.failure_rate(0.5);
        }
        if first < 2 {
            breaker = breaker.failure_threshold(2);
        }
        if first < 1 {
            breaker = breaker.consecutive_failures(2);
        }
        for _ in 0..2 {
            let call = breaker.admit().expect("closed");
            advance(ms(1)).await;
            call.failure();
        }
        assert_eq!(breaker.snapshot().reason, Some(reason));
    }
}

/// The reason for which a breaker opens, wherever it is named.
#[tokio::test(start_paused = true)]
async fn the_event_the_error_the_snapshot_and_the_health_name_the_reason() {
    let breakers = [
        CircuitBreaker::new("reason 0").consecutive_failures(2),
        CircuitBreaker::new("reason 1").failure_rate(0.5).minimum_calls(2),
        CircuitBreaker::new("reason 2").failure_threshold(2),
        CircuitBreaker::new("reason 3").slow_call(SECOND).minimum_calls(2),
        CircuitBreaker::new("reason 4").failure_threshold(2),
        CircuitBreaker::new("reason 5"),
    ]
    .map(Arc::new);
    let cases = [
        (TransitionReason::ConsecutiveFailures, "is open because of a run of failures"),
        (TransitionReason::FailureRate, "is open because of its failure rate"),
        (TransitionReason::FailureThreshold, "is open because of its number of failures"),
        (TransitionReason::SlowCalls, "is open because of slow calls"),
        (TransitionReason::Probe, "is open because a probe failed"),
        (TransitionReason::ByHand, "is open by hand"),
    ];
    let events = EventLog::of(|event| match event {
        Event::CircuitBreakerTransition {
            name,
            to: State::Open | State::ForcedOpen,
            reason,
            ..
        } if name.starts_with("reason ") => Some(*reason),
        _ => None,
    });
    for (breaker, (reason, text)) in breakers.iter().zip(cases) {
        registry().register(breaker);
        assert_eq!(breaker.snapshot().reason, None, "closed");
        match reason {
            TransitionReason::ByHand => breaker.force_open(),
            TransitionReason::SlowCalls => {
                for _ in 0..2 {
                    let call = breaker.admit().expect("closed");
                    advance(SECOND).await;
                    call.success();
                }
            }
            _ => {
                fail(breaker).await;
                fail(breaker).await;
            }
        }
        if reason == TransitionReason::Probe {
            assert_eq!(events.take(), [TransitionReason::FailureThreshold]);
            advance(30 * SECOND).await;
            fail(breaker).await;
        }
        assert_eq!(events.take(), [reason]);
        let error = rejected(breaker).await;
        assert!(matches!(error, Error::CircuitOpen { reason: named, .. } if named == reason));
        assert!(error.to_string().contains(text), "{error}");
        assert_eq!(breaker.snapshot().reason, Some(reason));
        let health = registry().health().circuit_breakers;
        let health = health.iter().find(|it| it.name == breaker.name()).expect("listed");
        assert_eq!(health.reason, Some(reason));
        let why = text.trim_start_matches("is open ");
        assert!(health.to_string().contains(&format!(", {why}")), "{health}");
        breaker.reset();
        assert_eq!(breaker.snapshot().reason, None, "closed");
    }
}

#[tokio::test(start_paused = true)]
async fn a_half_open_breaker_keeps_the_reason_for_which_it_opened() {
    let breaker = CircuitBreaker::new("probed").consecutive_failures(1).open_for(SECOND);
    fail(&breaker).await;
    advance(SECOND).await;
    let probe = breaker.admit().expect("a probe is due");
    assert_eq!(breaker.snapshot().reason, Some(TransitionReason::ConsecutiveFailures));
    let error = breaker.admit().expect_err("the only place is taken");
    let Error::CircuitOpen { reason, .. } = error else { panic!("{error}") };
    assert_eq!(reason, TransitionReason::ConsecutiveFailures);
    probe.success();
}

/// The reason for which a breaker opens while calls come at this distance, and `fails` says which
/// of them fail; with the number of calls that were made. `None` if it has not opened by then.
async fn opens(
    breaker: CircuitBreaker,
    distance: Duration,
    calls: usize,
    fails: fn(usize) -> bool,
) -> Option<(TransitionReason, usize)> {
    for nth in 0..calls {
        if fails(nth) {
            fail(&breaker).await;
        } else {
            succeed(&breaker).await;
        }
        if let Some(reason) = breaker.snapshot().reason {
            return Some((reason, nth + 1));
        }
        advance(distance).await;
    }
    None
}

#[tokio::test(start_paused = true)]
async fn a_total_outage_at_one_call_a_minute_is_seen_by_the_run_and_not_by_the_rate() {
    let outage = |breaker| opens(breaker, 60 * SECOND, 24 * 60, |_| true);
    let rate = CircuitBreaker::new("rate").failure_rate(0.5);
    assert_eq!(outage(rate).await, None, "the window of a minute never holds 20 calls");
    let run = Some((TransitionReason::ConsecutiveFailures, 5));
    assert_eq!(outage(CircuitBreaker::new("run").consecutive_failures(5)).await, run);
    let both = CircuitBreaker::new("both").consecutive_failures(5).failure_rate(0.5);
    assert_eq!(outage(both).await, run);
}

#[tokio::test(start_paused = true)]
async fn half_of_a_hundred_calls_a_second_that_fail_are_seen_by_the_rate_and_not_by_the_run() {
    let outage = |breaker| opens(breaker, ms(10), 100 * 600, |nth| nth % 2 == 1);
    let run = CircuitBreaker::new("run").consecutive_failures(5);
    assert_eq!(outage(run).await, None, "a success ends each run, for ten minutes");
    let rate = Some((TransitionReason::FailureRate, 20));
    assert_eq!(outage(CircuitBreaker::new("rate").failure_rate(0.5)).await, rate);
    let both = CircuitBreaker::new("both").consecutive_failures(5).failure_rate(0.5);
    assert_eq!(outage(both).await, rate);
}
