//! Resets: everything that remembers can forget. One test resets the whole program, so the statics
//! that the registry lists belong to that test.

use std::time::Duration;

use resilience::{
    AdaptiveTimeout, Bulkhead, CallStats, CircuitBreaker, Error, Keyed, Policy, RetryBudget,
    RetryPolicy, State, bulkhead, circuit_breaker, registry, resilient, retry, timeout,
};
use resilience_tests::{SECOND, fail, ms, stats_of, succeed};

static BREAKER: CircuitBreaker = CircuitBreaker::new("breaker").consecutive_failures(1);
static POOL: Bulkhead = Bulkhead::new("pool").max_concurrent(4);
static PER_HOST: Keyed<CircuitBreaker> =
    Keyed::new(CircuitBreaker::new("host").consecutive_failures(1));
static BUDGET: RetryBudget = RetryBudget::new("budget").ratio(1.0);
static STEPS: RetryPolicy = RetryPolicy::new("steps").base_delay(Duration::ZERO).budget(&BUDGET);
static LIMIT: AdaptiveTimeout = AdaptiveTimeout::new("limit").max(SECOND).minimum_calls(1);
static POLICY: Policy =
    Policy::new("policy").circuit_breaker(CircuitBreaker::new("policy").consecutive_failures(1));

#[bulkhead(POOL)]
#[circuit_breaker(BREAKER)]
async fn shared(well: bool) -> Result<(), Error> {
    answer(well).await
}

#[circuit_breaker(PER_HOST.get(host))]
async fn of_host(host: &str, well: bool) -> Result<(), Error> {
    assert!(!host.is_empty());
    answer(well).await
}

#[retry(STEPS)]
#[timeout(LIMIT)]
async fn retried(well: bool) -> Result<(), Error> {
    answer(well).await
}

#[resilient(POLICY)]
async fn combined(well: bool) -> Result<(), Error> {
    answer(well).await
}

async fn answer(well: bool) -> Result<(), Error> {
    tokio::time::sleep(ms(5)).await;
    if well { Ok(()) } else { Err(Error::TimedOut { function: "answer", limit: SECOND }) }
}

#[tokio::test(start_paused = true)]
async fn the_registry_resets_everything_that_it_lists() {
    shared(false).await.expect_err("down");
    of_host("a.example", false).await.expect_err("down");
    retried(true).await.expect("well");
    combined(false).await.expect_err("down");
    POLICY.call(async || Ok::<_, Error>(())).await.expect_err("open");
    POOL.resize(1);
    let held = PER_HOST.get("b.example");
    held.force_open();
    let of_value = std::sync::Arc::new(CircuitBreaker::new("of a value"));
    registry().register(&of_value);
    of_value.force_open();
    assert_eq!((BREAKER.state(), PER_HOST.len()), (State::Open, 2));
    assert_eq!((BUDGET.available(), LIMIT.limit() < SECOND), (1, true));

    registry().reset();

    assert_eq!((BREAKER.state(), of_value.state()), (State::Closed, State::Closed));
    assert_eq!(POOL.snapshot().max_concurrent, 4);
    assert_eq!((held.state(), PER_HOST.len()), (State::Closed, 1));
    assert_eq!((BUDGET.available(), LIMIT.limit()), (0, SECOND));
    for function in ["shared", "of_host", "retried", "combined"] {
        assert_eq!(stats_of(&format!("reset::{function}")), CallStats::default(), "{function}");
    }
    assert_eq!((POLICY.stats(), STEPS.stats()), (CallStats::default(), CallStats::default()));
    assert_eq!(POLICY.layers().circuit_breaker.map(CircuitBreaker::state), Some(State::Closed));

    shared(true).await.expect("closed");
    combined(true).await.expect("closed");
    assert_eq!((stats_of("reset::shared").calls, POLICY.stats().successes), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_keyed_forgets_the_keys_that_nobody_uses_and_resets_the_others() {
    let keyed: Keyed<CircuitBreaker> =
        Keyed::new(CircuitBreaker::new("subject").consecutive_failures(1)).capacity(2);
    let held = keyed.get("held");
    fail(&held).await;
    fail(&keyed.get("idle")).await;
    assert_eq!(keyed.get("new").state(), State::Disabled, "no place");
    keyed.reset();
    assert_eq!((held.state(), keyed.len()), (State::Closed, 1));
    assert!(keyed.peek("held").is_some() && keyed.peek("idle").is_none());
    succeed(&keyed.get("idle")).await;
    assert_eq!(keyed.len(), 2);
}

#[test]
fn calls_keep_their_slots_when_their_bulkhead_is_reset() {
    let pool = Bulkhead::new("subject").max_concurrent(2);
    let _inside = pool.try_acquire();
    pool.resize(8);
    pool.reset();
    let snapshot = pool.snapshot();
    assert_eq!((snapshot.max_concurrent, snapshot.active, snapshot.available), (2, 1, 1));
}
