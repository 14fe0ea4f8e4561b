//! The rates of the health are about the last minutes.
//!
//! A program of its own: each reading of the health leaves the counts for the next one.

use std::time::Duration;

use resilience::health::{FunctionHealth, HealthStatus};
use resilience::{Failure, fallback, registry};
use tokio::time::advance;

const MINUTE: Duration = Duration::from_secs(60);

#[fallback(value = 0)]
async fn quote(well: bool) -> Result<u32, Failure<&'static str>> {
    tokio::task::yield_now().await;
    if well { Ok(1) } else { Err(Failure::Function("down")) }
}

fn health() -> (FunctionHealth, Option<Duration>) {
    let mut health = registry().health();
    (health.functions.pop().expect("there is one"), health.period)
}

#[tokio::test(start_paused = true)]
async fn an_outage_of_an_hour_ago_is_forgotten_and_that_of_now_is_seen_at_once() {
    assert_eq!(health().0.success_rate, None);
    for _ in 0..1_000 {
        quote(false).await.expect("a fallback answers");
    }
    let (outage, period) = health();
    assert_eq!((outage.status, outage.success_rate), (HealthStatus::Degraded, Some(0.0)));
    assert_eq!(period, None, "all calls since the start");
    for _ in 0..6 {
        advance(MINUTE).await;
        quote(true).await.expect("well");
        health();
    }
    let (well, period) = health();
    assert_eq!((well.status, well.success_rate), (HealthStatus::Healthy, Some(1.0)));
    assert_eq!((well.fallback_rate, well.recent.calls), (Some(0.0), 5));
    assert_eq!(period, Some(5 * MINUTE));
    assert_eq!(well.stats.answered_by_fallback, 1_000, "the counts are since the start");

    for _ in 0..6 {
        quote(false).await.expect("a fallback answers");
    }
    assert_eq!(health().0.status, HealthStatus::Degraded);

    advance(60 * MINUTE).await;
    let (silent, period) = health();
    assert_eq!((silent.recent.calls, period), (0, Some(60 * MINUTE)), "since the last reading");
    assert_eq!((silent.status, silent.success_rate), (HealthStatus::Healthy, None));
}
