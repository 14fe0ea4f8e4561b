//! Health, events and limits as JSON: the names and units that a dashboard relies on.

use std::time::Duration;

use resilience::{
    Bulkhead, CircuitBreaker, Class, Failure, Keyed, Policy, RateLimiter, RetryPolicy, fallback,
    registry, resilient,
};
use resilience_tests::{EventLog, SECOND};
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
        "calls": 1, "successes": 0, "failures": 0, "expected": 0, "ignored": 0,
        "rejected": 0, "timed_out": 0, "answered_by_fallback": 1,
        "failures_behind_fallbacks": 1, "abandoned": 0,
        "retries": 1, "nested_retries": 0, "timeouts": 0,
        "circuit_breaker_rejections": 0, "bulkhead_rejections": 0,
        "rate_limiter_rejections": 0, "fallbacks": 1,
        "detached": 0, "detached_ended": 0, "detached_panics": 0,
    });
    let breaker = json!({
        "name": "payment", "key": null, "state": "open", "reason": "failure_threshold",
        "probe_due": false, "retry_after_ms": 29_999,
        "last_failure": "down", "kept_closed": false, "consecutive_failures": 0,
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
    health.keyed.retain(|keyed| keyed.name == "published price");
    assert_eq!(
        to_value(health).expect("it is plain data"),
        json!({
            "configuration": { "version": 0, "file": null, "refused": null },
            "status": "degraded",
            "period_ms": null,
            "functions": [{
                "path": "observability::json::charge",
                "status": "degraded", "success_rate": 0.0, "fallback_rate": 1.0,
                "recent": &stats, "stats": &stats,
            }],
            "circuit_breakers": [&breaker],
            "bulkheads": [&bulkhead],
            "rate_limiters": [],
            "keyed": [{
                "name": "published price", "kind": "circuit_breaker",
                "keys": 0, "capacity": 1024, "is_full": false, "may_open": null,
                "states": {
                    "closed": 0, "open": 0, "half_open": 0, "forced_open": 0, "disabled": 0,
                },
            }],
            "policies": [{
                "name": "payment", "status": "unhealthy", "success_rate": 0.0,
                "fallback_rate": 1.0, "recent": &stats, "stats": &stats,
                "circuit_breaker": &breaker, "bulkhead": &bulkhead, "rate_limiter": null,
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

#[tokio::test(start_paused = true)]
async fn events_have_their_name_and_durations_in_whole_milliseconds() {
    static STANDARD: RetryPolicy = RetryPolicy::new("as json")
        .max_attempts(2)
        .base_delay(Duration::from_micros(1_500))
        .jitter(resilience::Jitter::None);
    static HOSTS: Keyed<CircuitBreaker> =
        Keyed::new(CircuitBreaker::new("host as json").failure_threshold(1)).max_open(0.5);
    let _alone = alone().await;
    let events = EventLog::of(|event| {
        let event = to_value(event).expect("it is plain data");
        let is_ours = |name: &str| event[name].as_str().is_some_and(|it| it.ends_with("as json"));
        (is_ours("function") || is_ours("name")).then_some(event)
    });
    let result = STANDARD.call_with(|()| Class::Transient, async || Err::<(), ()>(())).await;
    assert_eq!(result, Err(()));
    HOSTS.get("a").admit().expect("closed").failure();
    assert!(HOSTS.get("a").admit().is_err());
    HOSTS.get("b").admit().expect("closed").failure();
    assert_eq!(
        events.take(),
        [
            json!({
                "event": "retry_scheduled", "function": "as json", "attempt": 1, "delay_ms": 2,
                "error": null,
            }),
            json!({
                "event": "retries_exhausted", "function": "as json", "attempts": 2, "error": null,
            }),
            json!({
                "event": "circuit_breaker_transition", "name": "host as json", "key": "a",
                "from": "closed", "to": "open", "reason": "failure_threshold", "error": null,
            }),
            json!({
                "event": "circuit_breaker_rejected", "name": "host as json", "key": "a",
                "function": null, "retry_after_ms": 30_000,
            }),
            json!({
                "event": "circuit_breaker_kept_closed", "name": "host as json", "key": "b",
                "reason": "failure_threshold", "open": 1, "keys": 2, "error": null,
            }),
        ]
    );
}

#[test]
fn limits_are_as_a_file_gives_them() {
    let breaker = CircuitBreaker::new("limits").failure_rate(0.5).open_backoff(2.0, 600 * SECOND);
    let value = |name| {
        let limits = breaker.limits();
        to_value(limits.get(name).expect("in force")).expect("it is plain data")["value"].clone()
    };
    assert_eq!(value("failure_rate"), json!(0.5));
    assert_eq!(value("minimum_calls"), json!(20));
    assert_eq!(value("open_for"), json!("30s"));
    assert_eq!(value("open_backoff"), json!({ "factor": 2.0, "max": "10min" }));
    assert_eq!(value("on_abandon"), json!("ignore"));
    let pool = Bulkhead::new("limits");
    pool.resize(3);
    assert_eq!(
        to_value(pool.limits()).expect("it is plain data"),
        json!([
            {
                "name": "max_concurrent", "about": "calls inside at once",
                "value": 3, "origin": "by_hand",
            },
            {
                "name": "max_wait", "about": "longest wait for a slot",
                "value": "5s", "origin": "code",
            },
            {
                "name": "max_queue", "about": "calls that wait at once",
                "value": 10_000, "origin": "code",
            },
        ])
    );
    let value = |name| {
        let limits = RateLimiter::new("limits").per(100, Duration::from_secs(60)).limits();
        let limit = limits.get(name).expect("it is in force").value();
        to_value(limit).expect("it is plain data")
    };
    assert_eq!(value("per"), json!({ "calls": 100, "period": "1min" }));
    assert_eq!(value("obey_retry_after"), json!(true));
}
