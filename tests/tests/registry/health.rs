//! The health of a program in each of its states.

use std::time::Duration;

use resilience::health::{BulkheadHealth, CircuitBreakerHealth, FunctionHealth, HealthStatus};
use resilience::{
    Bulkhead, CircuitBreaker, Failure, Key, Keyed, Policy, RetryPolicy, State, bulkhead,
    circuit_breaker, fallback, registry, resilient, timeout,
};
use resilience_tests::SECOND;
use tokio::time::advance;

use HealthStatus::{Degraded, Healthy, Unhealthy};

fn function(name: &str) -> FunctionHealth {
    let path = format!("registry::health::{name}");
    registry()
        .health()
        .functions
        .into_iter()
        .find(|function| function.path == path)
        .expect("annotated")
}

fn breakers(name: &str) -> Vec<CircuitBreakerHealth> {
    let mut breakers = registry().health().circuit_breakers;
    breakers.retain(|breaker| breaker.name == name);
    breakers
}

fn bulkheads(name: &str) -> Vec<BulkheadHealth> {
    let mut bulkheads = registry().health().bulkheads;
    bulkheads.retain(|bulkhead| bulkhead.name == name);
    bulkheads
}

async fn answer(well: bool) -> Result<u32, Failure<&'static str>> {
    tokio::task::yield_now().await;
    if well { Ok(1) } else { Err(Failure::Function("down")) }
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_says_when_it_will_probe_and_is_unhealthy_until_then() {
    const WHY: &str = "because of its number of failures, last failure: down";
    static BREAKER: CircuitBreaker = CircuitBreaker::new("probing")
        .failure_threshold(1)
        .success_threshold(2)
        .open_for(Duration::from_secs(10));
    #[circuit_breaker(BREAKER)]
    async fn probing(well: bool) -> Result<u32, Failure<&'static str>> {
        answer(well).await
    }
    let state = || {
        let breaker = breakers("probing").pop().expect("listed");
        assert_eq!(
            breaker.probe_due,
            breaker.to_string() == format!("probing: open, probe due, {WHY}")
        );
        (breaker.state, breaker.retry_after, function("probing").status)
    };
    assert_eq!(state(), (State::Closed, None, Healthy));
    probing(false).await.expect_err("down");
    advance(4 * SECOND).await;
    assert_eq!(state(), (State::Open, Some(6 * SECOND), Unhealthy));
    assert_eq!(
        breakers("probing").pop().expect("listed").to_string(),
        format!("probing: open, probe in 6s, {WHY}")
    );
    advance(6 * SECOND).await;
    assert_eq!(
        state(),
        (State::Open, Some(Duration::ZERO), Degraded),
        "the next call is let through"
    );
    probing(true).await.expect("well");
    assert_eq!(state(), (State::HalfOpen, None, Degraded));
    probing(true).await.expect("well");
    assert_eq!(state(), (State::Closed, None, Healthy));
    BREAKER.force_open();
    assert_eq!(state(), (State::ForcedOpen, None, Unhealthy));
    assert_eq!(registry().health().status, Unhealthy, "the worst of all");
    BREAKER.disable();
    assert_eq!(state(), (State::Disabled, None, Healthy));
}

#[tokio::test(start_paused = true)]
async fn the_utilization_of_a_bulkhead_is_the_share_of_its_slots_in_use() {
    static POOL: Bulkhead = Bulkhead::new("utilized").max_concurrent(4);
    #[bulkhead(POOL)]
    async fn utilized() -> Result<u32, Failure<&'static str>> {
        std::future::pending().await
    }
    let calls: Vec<_> = (0..5).map(|_| tokio::spawn(utilized())).collect();
    tokio::task::yield_now().await;
    let pool = bulkheads("utilized").pop().expect("listed");
    assert_eq!((pool.active, pool.waiting, pool.max_concurrent, pool.available), (4, 1, 4, 0));
    assert!((pool.utilization - 1.0).abs() < f64::EPSILON);
    assert_eq!(function("utilized").status, Degraded);
    calls[0].abort();
    calls[4].abort();
    advance(SECOND).await;
    let pool = bulkheads("utilized").pop().expect("listed");
    assert_eq!((pool.active, pool.waiting, pool.available), (3, 0, 1));
    assert!((pool.utilization - 0.75).abs() < f64::EPSILON);
    assert_eq!(function("utilized").status, Healthy);
    POOL.resize(0);
    assert_eq!(function("utilized").status, Unhealthy);
}

#[tokio::test(start_paused = true)]
async fn the_success_rate_of_a_function_leaves_out_abandoned_calls() {
    #[timeout(1s)]
    async fn rated(well: bool) -> Result<u32, Failure<&'static str>> {
        answer(well).await
    }
    assert_eq!(function("rated").success_rate, None);
    for well in [true, true, true, false] {
        let _ = rated(well).await;
    }
    // An abandoned call does not count.
    assert!(tokio::time::timeout(Duration::ZERO, rated(true)).await.is_err());
    let health = function("rated");
    assert_eq!(
        (health.stats.calls, health.stats.abandoned, health.success_rate),
        (5, 1, Some(0.75))
    );
}

#[tokio::test(start_paused = true)]
async fn an_outage_behind_a_fallback_degrades_the_function() {
    #[fallback(value = 0)]
    async fn hidden(well: bool) -> Result<u32, Failure<&'static str>> {
        answer(well).await
    }
    let rates = || {
        let health = function("hidden");
        (health.status, health.success_rate, health.fallback_rate)
    };
    assert_eq!(rates(), (Healthy, None, None));
    hidden(true).await.expect("well");
    assert_eq!(rates(), (Healthy, Some(1.0), Some(0.0)));
    hidden(false).await.expect("a fallback answers");
    assert_eq!(rates(), (Healthy, Some(0.5), Some(0.5)), "not most of them");
    for _ in 0..2 {
        hidden(false).await.expect("a fallback answers");
    }
    assert_eq!(rates(), (Degraded, Some(0.25), Some(0.75)));
}

#[tokio::test(start_paused = true)]
async fn callers_less_patient_than_the_limit_degrade_the_function() {
    static HURRIED: Policy = Policy::new("hurried").timeout(Duration::from_millis(500));
    #[resilient(HURRIED)]
    async fn hurried() -> Result<u32, Failure<&'static str>> {
        std::future::pending().await
    }
    let status = || (function("hurried").status, HURRIED.health().status);
    assert_eq!(status(), (Healthy, Healthy));
    for _ in 0..120 {
        let impatient = tokio::time::timeout(Duration::from_millis(200), hurried());
        assert!(impatient.await.is_err());
    }
    assert_eq!(status(), (Degraded, Degraded));
    let health = function("hurried");
    assert_eq!((health.recent.abandoned, health.success_rate), (120, None));
}

#[tokio::test(start_paused = true)]
async fn a_function_with_a_fallback_is_degraded_at_worst() {
    static INSIDE: CircuitBreaker = CircuitBreaker::new("inside");
    static OUTSIDE: CircuitBreaker = CircuitBreaker::new("outside");
    #[circuit_breaker(OUTSIDE)]
    #[fallback(answer)]
    #[circuit_breaker(INSIDE)]
    async fn answered(well: bool) -> Result<u32, Failure<&'static str>> {
        answer(well).await
    }
    INSIDE.force_open();
    assert_eq!(function("answered").status, Degraded);
    OUTSIDE.force_open();
    assert_eq!(function("answered").status, Unhealthy);
    let _ = answered;
}

#[tokio::test(start_paused = true)]
async fn every_key_is_listed_and_one_open_breaker_degrades_the_function() {
    static PER_HOST: Keyed<CircuitBreaker> =
        Keyed::new(CircuitBreaker::new("watched host")).capacity(2);
    static PER_TENANT: Keyed<Bulkhead, u64> =
        Keyed::new(Bulkhead::new("watched tenant").max_concurrent(2));
    #[circuit_breaker(PER_HOST.get(host))]
    #[bulkhead(PER_TENANT.get(&tenant))]
    async fn keyed(host: &str, tenant: u64) -> Result<usize, Failure<&'static str>> {
        Ok(host.len() + usize::from(tenant > 9))
    }
    assert!(breakers("watched host").is_empty(), "no key has been used");
    for (host, tenant) in [("b.example", 11), ("a.example", 7)] {
        keyed(host, tenant).await.expect("well");
    }
    PER_HOST.get("b.example").force_open();
    let keys: Vec<_> =
        breakers("watched host").into_iter().map(|breaker| (breaker.key, breaker.state)).collect();
    let [a, b] = ["a.example", "b.example"].map(|host| Some(Key::from(host)));
    assert_eq!(keys, [(a, State::Closed), (b, State::ForcedOpen)]);
    let tenants: Vec<_> =
        bulkheads("watched tenant").into_iter().filter_map(|bulkhead| bulkhead.key).collect();
    assert_eq!(tenants, ["11", "7"].map(Key::from));
    assert_eq!(function("keyed").status, Degraded);
    // Every instance is in use or open: a further key finds no place.
    let _held = PER_HOST.get("a.example");
    let _without_place = PER_HOST.get("c.example");
    assert_eq!(breakers("watched host").len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_policy_shows_the_health_of_its_calls_breaker_and_bulkhead() {
    static POLICY: Policy = Policy::new("policy")
        .bulkhead(Bulkhead::new("policy").max_concurrent(1))
        .circuit_breaker(CircuitBreaker::new("policy").failure_threshold(2))
        .retry(RetryPolicy::new("policy").base_delay(Duration::ZERO));
    #[resilient(POLICY)]
    async fn by_policy(well: bool) -> Result<u32, Failure<&'static str>> {
        answer(well).await
    }
    by_policy(true).await.expect("well");
    POLICY.call(|| answer(false)).await.expect_err("down");
    let health = POLICY.health();
    assert_eq!((health.name, health.status, health.success_rate), ("policy", Healthy, Some(0.5)));
    assert_eq!((health.stats.calls, health.stats.retries), (2, 2));
    assert_eq!(health.circuit_breaker.expect("declared").failures, 1);
    by_policy(false).await.expect_err("down");
    assert_eq!(POLICY.health().status, Unhealthy);
    let listed = registry().health().policies;
    assert_eq!(
        listed.iter().find(|policy| policy.name == "policy").map(|policy| policy.status),
        Some(Unhealthy)
    );
    assert_eq!(function("by_policy").status, Unhealthy);
    assert_eq!(POLICY.health().bulkhead.expect("declared").max_concurrent, 1);
}

/// A breaker that no attribute names.
static LISTED_ONLY: CircuitBreaker = CircuitBreaker::new("listed only");
resilience::register!(LISTED_ONLY);

#[test]
fn a_listed_static_has_a_health_without_a_function() {
    assert_eq!(breakers("listed only").len(), 1);
    LISTED_ONLY.force_open();
    assert_eq!(registry().health().status, Unhealthy);
}
