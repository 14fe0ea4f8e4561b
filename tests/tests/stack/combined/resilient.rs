//! `#[resilient]` on functions, with a fallback and with other attributes.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use resilience::{
    CircuitBreaker, Error, Failure, LayerKind, Policy, RetryPolicy, registry, resilient, retry,
    timeout,
};
use resilience_tests::layers_of;

static POLICY: Policy = Policy::new("orders")
    .timeout(Duration::from_secs(1))
    .retry(RetryPolicy::new("orders").max_attempts(2).base_delay(Duration::ZERO))
    .circuit_breaker(CircuitBreaker::new("orders").failure_threshold(100));

#[derive(Debug, PartialEq)]
struct Down;

/// A function whose error type needs no `From`, since a fallback answers.
#[resilient(POLICY, fallback = later)]
async fn order(id: u64, calls: &AtomicU32) -> Result<u64, Down> {
    calls.fetch_add(1, Relaxed);
    Err(Down)
}

async fn later(id: u64, _calls: &AtomicU32) -> Result<u64, Down> {
    tokio::task::yield_now().await;
    Ok(id + 1000)
}

#[tokio::test(start_paused = true)]
async fn the_fallback_is_around_all_layers_of_the_policy() {
    let calls = AtomicU32::new(0);
    assert_eq!(order(7, &calls).await, Ok(1007));
    assert_eq!(calls.load(Relaxed), 2);
    let layers =
        registry().function("stack::combined::resilient::order").expect("annotated").layers();
    assert_eq!(layers_of("stack::combined::resilient::order"), ["fallback", "resilient(orders)"]);
    assert_eq!(layers[1].kind(), LayerKind::Resilient);
    assert_eq!(layers[1].timeout(), Some(Duration::from_secs(1)));
}

#[tokio::test(start_paused = true)]
async fn the_fallback_may_be_a_value_or_a_closure() {
    #[resilient(POLICY, value = 3)]
    async fn by_value() -> Result<u32, Down> {
        Err(Down)
    }
    #[resilient(POLICY, fallback = |failure| match failure {
        Failure::Function(Down) => Ok(4),
        Failure::Policy(_) => Ok(5),
    })]
    async fn by_closure(hangs: bool) -> Result<u32, Down> {
        if hangs { std::future::pending().await } else { Err(Down) }
    }
    assert_eq!(by_value().await, Ok(3));
    assert_eq!(by_closure(false).await, Ok(4));
    assert_eq!(by_closure(true).await, Ok(5));
}

#[tokio::test(start_paused = true)]
async fn the_predicates_apply_to_the_retry_and_the_breaker() {
    static STRICT: Policy = Policy::new("strict")
        .retry(RetryPolicy::new("strict").base_delay(Duration::ZERO))
        .circuit_breaker(CircuitBreaker::new("strict").failure_threshold(1));

    #[resilient(
        STRICT,
        when = |error| matches!(error, Failure::Function(404)),
        when_ok = |value| *value == 0
    )]
    async fn call(result: Result<u32, u32>, calls: &AtomicU32) -> Result<u32, Failure<u32>> {
        calls.fetch_add(1, Relaxed);
        result.map_err(Failure::Function)
    }
    let calls = AtomicU32::new(0);
    assert_eq!(call(Err(500), &calls).await, Err(Failure::Function(500)));
    assert_eq!(calls.load(Relaxed), 1, "not worth another attempt");
    assert_eq!(call(Ok(0), &calls).await, Ok(0));
    assert_eq!(calls.load(Relaxed), 4);
    assert!(matches!(call(Ok(1), &calls).await, Err(Failure::Policy(Error::CircuitOpen { .. }))));
}

#[tokio::test(start_paused = true)]
async fn resilient_accepts_clone_and_other_layers() {
    #[timeout(10s)]
    #[resilient(POLICY, clone(name))]
    async fn greet(name: String) -> Result<String, Error> {
        Ok(consume(name))
    }
    fn consume(name: String) -> String {
        name + "!"
    }
    assert_eq!(greet(String::from("you")).await, Ok(String::from("you!")));
}

#[tokio::test(start_paused = true)]
async fn a_policy_without_a_retry_lets_inner_retries_act() {
    static LIMIT_ONLY: Policy = Policy::new("limit only").timeout(Duration::from_secs(60));

    #[resilient(LIMIT_ONLY)]
    async fn by_attribute(calls: &AtomicU32) -> Result<(), Error> {
        tried(calls).await
    }
    #[retry(max_attempts = 3, base_delay = 1ms)]
    #[timeout(10ms)]
    async fn tried(calls: &AtomicU32) -> Result<(), Error> {
        calls.fetch_add(1, Relaxed);
        std::future::pending().await
    }
    let (by_attribute_calls, by_call_calls) = (AtomicU32::new(0), AtomicU32::new(0));
    by_attribute(&by_attribute_calls).await.expect_err("it hangs");
    LIMIT_ONLY.call(|| tried(&by_call_calls)).await.expect_err("it hangs");
    assert_eq!((by_attribute_calls.into_inner(), by_call_calls.into_inner()), (3, 3));
}
