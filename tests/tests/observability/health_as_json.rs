//! `health()` as JSON: the names and units that a dashboard relies on.

use std::time::Duration;

use resilience::{
    Bulkhead, CircuitBreaker, Failure, Policy, RetryPolicy, fallback, registry, resilient,
};
use serde_json::{json, to_value};
use tokio::time::advance;

use crate::turns::alone;

static PAYMENT: Policy = Policy::new("payment")
    .bulkhead(Bulkhead::new("payment").max_concurrent(4))
    .circuit_breaker(CircuitBreaker::new("payment").failure_threshold(1))
    .retry(RetryPolicy::new("payment").max_attempts(2).base_delay(Duration::ZERO));

#[fallback(value = 0)]
#[resilient(PAYMENT)]
async fn charge() -> Result<u32, Failure<&'static str>> {
    Err(Failure::Function("down"))
}

#[tokio::test(start_paused = true)]
async fn names_are_in_snake_case_and_durations_in_whole_milliseconds() {
    let _alone = alone().await;
    assert_eq!(charge().await, Ok(0));
    advance(Duration::from_micros(1_500)).await;
    let stats = json!({
        "calls": 1, "successes": 1, "failures": 0, "abandoned": 0,
        "retries": 1, "nested_retries": 0, "timeouts": 0,
        "breaker_rejections": 0, "bulkhead_rejections": 0, "fallbacks": 1,
    });
    let breaker = json!({
        "name": "payment", "key": null, "state": "open", "retry_after_ms": 29_999,
        "calls": 0, "failures": 0, "slow_calls": 0, "stale": 0,
    });
    let bulkhead = json!({
        "name": "payment", "key": null, "max_concurrent": 4,
        "active": 0, "waiting": 0, "available": 4, "utilization": 0.0,
    });
    // No function of this program is worse than degraded; of all else only the parts of this module
    // are compared.
    let mut health = registry().health();
    health.functions.retain(|function| function.path.starts_with(module_path!()));
    health.circuit_breakers.retain(|breaker| breaker.name == "payment");
    health.bulkheads.retain(|bulkhead| bulkhead.name == "payment");
    health.policies.retain(|policy| policy.name == "payment");
    assert_eq!(
        to_value(health).expect("it is plain data"),
        json!({
            "status": "degraded",
            "functions": [{
                "path": "observability::health_as_json::charge",
                "status": "degraded", "success_rate": 1.0, "stats": &stats,
            }],
            "circuit_breakers": [&breaker],
            "bulkheads": [&bulkhead],
            "policies": [{
                "name": "payment", "status": "unhealthy", "success_rate": 1.0, "stats": &stats,
                "circuit_breaker": &breaker, "bulkhead": &bulkhead,
            }],
        })
    );
}

#[tokio::test(start_paused = true)]
async fn states_are_in_snake_case() {
    let _alone = alone().await;
    let states = [
        resilience::State::Closed,
        resilience::State::Open,
        resilience::State::HalfOpen,
        resilience::State::ForcedOpen,
        resilience::State::Disabled,
    ];
    assert_eq!(
        to_value(states).expect("words"),
        json!(["closed", "open", "half_open", "forced_open", "disabled"])
    );
}
