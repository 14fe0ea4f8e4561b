//! Warnings about limits that outlast the probes of a breaker.

use std::time::Duration;

use resilience::report::Warning;
use resilience::{
    CircuitBreaker, Error, Policy, RetryPolicy, circuit_breaker, registry, resilient, retry,
    timeout,
};
use resilience_tests::SECOND;

static SHORT: CircuitBreaker = CircuitBreaker::new("short probes").open_for(SECOND);
static LONG: CircuitBreaker =
    CircuitBreaker::new("long probes").open_for(SECOND).probe_timeout(Duration::from_secs(6));
static COMBINED: Policy = Policy::new("outlasted")
    .timeout(Duration::from_secs(2))
    .retry(RetryPolicy::new("outlasted"))
    .circuit_breaker(CircuitBreaker::new("outlasted").open_for(SECOND));

#[circuit_breaker(SHORT)]
#[retry]
#[timeout(5s)]
async fn too_long() -> Result<(), Error> {
    Ok(())
}

#[circuit_breaker(SHORT)]
#[timeout(900ms)]
async fn short() -> Result<(), Error> {
    Ok(())
}

#[timeout(900ms)]
#[circuit_breaker(SHORT)]
#[retry]
#[timeout(2s)]
async fn short_around() -> Result<(), Error> {
    Ok(())
}

#[circuit_breaker(LONG)]
#[timeout(5s)]
async fn long_probes() -> Result<(), Error> {
    Ok(())
}

#[circuit_breaker(SHORT)]
#[timeout(limit)]
async fn unknown(limit: Duration) -> Result<(), Error> {
    Ok(())
}

#[resilient(COMBINED)]
async fn combined() -> Result<(), Error> {
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn the_report_warns_about_a_limit_that_outlasts_a_probe() {
    for result in [
        too_long().await,
        short().await,
        short_around().await,
        long_probes().await,
        unknown(SECOND).await,
        combined().await,
    ] {
        assert_eq!(result, Ok(()));
    }
    let report = registry().report();
    let found: Vec<_> = report
        .warnings()
        .filter(|warning| matches!(warning, Warning::OutlastedProbe { .. }))
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        found,
        [
            "a probe of circuit breaker `outlasted` loses its place after 1s, before the timeout \
             of `registry::outlasted_probes::combined` (2s) passes: more and more probes run \
             beside each other. Use a shorter timeout, or a longer `probe_timeout`",
            "a probe of circuit breaker `short probes` loses its place after 1s, before the \
             timeout of `registry::outlasted_probes::too_long` (5s) passes: more and more probes \
             run beside each other. Use a shorter timeout, or a longer `probe_timeout`",
        ]
    );
}
