//! `Debug` of the policies: name, limits in force and state.

use std::time::Duration;

use resilience::{
    AdaptiveTimeout, Bulkhead, CircuitBreaker, Jitter, Keyed, Policy, RateLimiter, RetryBudget,
    RetryPolicy,
};

#[test]
fn a_bulkhead_shows_its_limits_and_who_is_inside() {
    let pool = Bulkhead::new("pool").max_concurrent(5).max_wait(Duration::from_millis(200));
    let _permit = pool.try_acquire();
    assert_eq!(
        format!("{pool:?}"),
        "Bulkhead { name: \"pool\", max_concurrent: 5, max_wait: 200ms, max_queue: 10000, \
         active: 1, waiting: 0, .. }"
    );
    pool.resize(2);
    assert!(
        format!("{pool:?}")
            .contains("max_concurrent: 2, max_wait: 200ms, max_queue: 10000, active: 1")
    );
}

#[test]
fn a_rate_limiter_shows_its_limits_and_tokens() {
    let limiter = RateLimiter::new("github").per(5_000, Duration::from_secs(3_600)).burst(3);
    assert!(limiter.try_acquire(1).is_ok());
    assert_eq!(
        format!("{limiter:?}"),
        "RateLimiter { name: \"github\", per: (5000, 1h), burst: 3, max_wait: 5s, \
         obey_retry_after: true, tokens: 2, waiting: 0, .. }"
    );
}

#[test]
fn a_breaker_shows_its_limits_and_state() {
    let breaker = CircuitBreaker::new("payment").failure_rate(0.5).window_calls(100);
    breaker.force_open();
    let shown = format!("{breaker:?}");
    let limits = "CircuitBreaker { name: \"payment\", failure_rate: 0.5, minimum_calls: 20, \
                  window_calls: 100, open_for: 30s, ";
    assert!(shown.starts_with(limits), "{shown}");
    assert!(shown.ends_with("on_abandon: ignore, state: forced_open, .. }"), "{shown}");
    let keyed: Keyed<CircuitBreaker> = Keyed::new(CircuitBreaker::new("host"));
    let shown = format!("{:?}", keyed.get("a.example"));
    assert!(shown.starts_with("CircuitBreaker { name: \"host\", key: \"a.example\", "), "{shown}");
}

#[test]
fn a_retry_shows_its_limits_and_budget() {
    static BUDGET: RetryBudget = RetryBudget::new("budget");
    let policy = RetryPolicy::new("standard").max_attempts(4).jitter(Jitter::None).budget(&BUDGET);
    let shown = format!("{policy:?}");
    assert!(shown.starts_with("RetryPolicy { name: \"standard\", max_attempts: 4, "), "{shown}");
    assert!(
        shown.contains(
            "jitter: none, max_retry_after: 1min, nested: collapse, budget: \"budget\", .. }"
        ),
        "{shown}"
    );
    let shown = format!("{BUDGET:?}");
    let budget = "RetryBudget { name: \"budget\", ratio: 0.2, min_per_sec: 10, available: 0, .. }";
    assert_eq!(shown, budget);
}

#[test]
fn an_adaptive_timeout_shows_its_limit() {
    let shown = format!("{:?}", AdaptiveTimeout::new("latency").max(Duration::from_secs(3)));
    assert!(
        shown.starts_with("AdaptiveTimeout { name: \"latency\", percentile: 0.99, "),
        "{shown}"
    );
    assert!(shown.ends_with("limit: 3s, .. }"), "{shown}");
}

#[test]
fn a_keyed_shows_its_template_and_how_many_keys_it_has() {
    let keyed: Keyed<Bulkhead> = Keyed::new(Bulkhead::new("host")).capacity(7);
    drop(keyed.get("a.example"));
    let shown = format!("{keyed:?}");
    assert!(shown.starts_with("Keyed { template: Bulkhead { name: \"host\","), "{shown}");
    assert!(shown.ends_with("capacity: 7, keys: 1, .. }"), "{shown}");
}

#[test]
fn a_policy_shows_its_layers() {
    let policy = Policy::new("payment").bulkhead(Bulkhead::new("pool"));
    let shown = format!("{policy:?}");
    assert!(shown.starts_with("Policy { name: \"payment\", bulkhead: Some(Bulkhead {"), "{shown}");
    assert!(
        shown.ends_with(
            "circuit_breaker: None, retry: None, rate_limiter: None, timeout: None, .. }"
        ),
        "{shown}"
    );
}
