//! Warnings of the report about the calls of the last minutes, and the state of breakers.
//!
//! A program of its own: each reading of the report leaves the counts for the next one.

use std::time::Duration;

use resilience::report::Warning;
use resilience::{CircuitBreaker, Failure, circuit_breaker, registry, timeout};
use tokio::time::advance;

const SECOND: Duration = Duration::from_secs(1);

static BUSY: CircuitBreaker = CircuitBreaker::new("busy").failure_threshold(5);
static RARE: CircuitBreaker = CircuitBreaker::new("rare").failure_threshold(5);
static SHARE: CircuitBreaker = CircuitBreaker::new("share").failure_rate(0.5);

type Answer = Result<u32, Failure<&'static str>>;

#[circuit_breaker(BUSY)]
async fn busy() -> Answer {
    Ok(1)
}

#[circuit_breaker(SHARE)]
async fn share() -> Answer {
    Ok(1)
}

#[circuit_breaker(RARE)]
async fn rare(answer: Answer) -> Answer {
    answer
}

#[timeout(500ms)]
async fn hurried() -> Answer {
    std::future::pending().await
}

fn warnings() -> Vec<String> {
    registry().report().warnings().map(ToString::to_string).collect()
}

#[tokio::test(start_paused = true)]
async fn the_report_warns_of_thresholds_at_busy_functions_and_of_impatient_callers() {
    assert_eq!(warnings(), Vec::<String>::new());
    for _ in 0..120 {
        for _ in 0..10 {
            busy().await.expect("well");
            share().await.expect("well");
        }
        rare(Ok(1)).await.expect("well");
        advance(SECOND).await;
    }
    let busy = |calls: u32| {
        format!(
            "circuit breaker `busy` opens at 5 failures within 60s, and sees {calls} calls in that \
             time: it opens on noise. Use `failure_rate` or `consecutive_failures` in place of \
             `failure_threshold`"
        )
    };
    assert_eq!(warnings(), [busy(600)]);

    for _ in 0..120 {
        let impatient = tokio::time::timeout(Duration::from_millis(200), hurried());
        assert!(impatient.await.is_err());
    }
    let report = registry().report();
    assert!(report.warnings().any(|warning| matches!(
        warning,
        Warning::MostlyAbandoned { function: "noise::hurried", calls: 120, abandoned: 120, .. }
    )));
    let text = "the callers of `noise::hurried` went away before the end of 120 of the last 120 \
                calls, and hardly any was answered";
    assert!(report.to_string().contains(text), "{report}");

    for _ in 0..5 {
        rare(Err(Failure::Function("down"))).await.expect_err("down");
    }
    let shown = |state: &str| {
        let report = registry().report().to_string();
        let line =
            report.lines().find(|line| line.contains("; now ")).expect("it is open").to_owned();
        assert!(line.ends_with(state), "{line}");
    };
    shown("for 30s; now open, probe in 30s");
    assert!(format!("{RARE:?}").contains("state: open, probe in 30s"));
    advance(30 * SECOND).await;
    shown("for 30s; now open, probe due");
    assert!(format!("{RARE:?}").contains("state: open, probe due"));

    // Nothing happens for ten minutes.
    for _ in 0..600 {
        advance(SECOND).await;
        assert!(registry().health().functions.len() > 3);
    }
    assert_eq!(warnings(), Vec::<String>::new());
}
