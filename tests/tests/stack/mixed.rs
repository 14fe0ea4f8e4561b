//! Stacks that have a layer more than once, or other attributes between.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use resilience::{
    Bulkhead, CircuitBreaker, Error, Failure, bulkhead, circuit_breaker, fallback, retry, timeout,
};
use resilience_tests::{ApiError, SECOND, layers_of, ms};
use tokio::time::{Instant, sleep};

fn layers(name: &str) -> String {
    layers_of(&format!("{}::{name}", module_path!())).join(" > ")
}

thread_local! { static ENTERED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) }; }

fn breaker(name: &'static str) -> Arc<CircuitBreaker> {
    ENTERED.with_borrow_mut(|entered| entered.push(name));
    Arc::new(CircuitBreaker::new(name))
}

fn pool(name: &'static str) -> Arc<Bulkhead> {
    ENTERED.with_borrow_mut(|entered| entered.push(name));
    Arc::new(Bulkhead::new(name))
}

#[circuit_breaker(breaker("outer breaker"))]
#[bulkhead(pool("outer bulkhead"))]
#[circuit_breaker(breaker("inner breaker"))]
#[bulkhead(pool("inner bulkhead"))]
async fn twice_each() -> Result<(), ApiError> {
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_repeated_layer_acts_at_each_of_its_positions() {
    assert_eq!(twice_each().await, Ok(()));
    assert_eq!(
        ENTERED.take(),
        ["outer breaker", "outer bulkhead", "inner breaker", "inner bulkhead"]
    );
}

static WIDE: Bulkhead = Bulkhead::new("wide").max_concurrent(2).max_wait(Duration::ZERO);
static NARROW: Bulkhead = Bulkhead::new("narrow").max_concurrent(1).max_wait(Duration::ZERO);

#[bulkhead(WIDE)]
#[bulkhead(NARROW)]
async fn through_both() -> Result<(), ApiError> {
    sleep(SECOND).await;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn the_outer_of_two_bulkheads_rejects_first() {
    let (first, second) = tokio::join!(through_both(), through_both());
    assert_eq!(first, Ok(()));
    assert!(matches!(second, Err(ApiError::Policy(Error::BulkheadFull { name: "narrow", .. }))));
    let stay = || {
        WIDE.call(async || {
            sleep(SECOND).await;
            Ok::<_, ()>(())
        })
    };
    let (_, _, third) = tokio::join!(stay(), stay(), through_both());
    assert!(matches!(third, Err(ApiError::Policy(Error::BulkheadFull { name: "wide", .. }))));
}

static OUTER: CircuitBreaker = CircuitBreaker::new("outer");
static INNER: CircuitBreaker = CircuitBreaker::new("inner");

#[circuit_breaker(OUTER)]
#[fallback(value = 1, when = |error| *error == ApiError::Down)]
#[circuit_breaker(INNER)]
async fn breaker_fallback_breaker() -> Result<u32, ApiError> {
    Err(ApiError::Down)
}

#[tokio::test(start_paused = true)]
async fn each_of_two_breakers_counts_what_reaches_it() {
    assert_eq!(breaker_fallback_breaker().await, Ok(1));
    assert_eq!((OUTER.snapshot().failures, INNER.snapshot().failures), (0, 1));
}

#[timeout(25ms)]
#[retry(base_delay = 1ms, jitter = none)]
#[timeout(10ms)]
async fn per_attempt_and_overall(calls: &AtomicU32) -> Result<(), ApiError> {
    calls.fetch_add(1, Ordering::Relaxed);
    std::future::pending().await
}

#[tokio::test(start_paused = true)]
async fn the_outer_of_two_timeouts_limits_the_call_and_the_inner_each_attempt() {
    let (calls, began) = (AtomicU32::new(0), Instant::now());
    let result = per_attempt_and_overall(&calls).await;
    assert!(matches!(
        result,
        Err(ApiError::Policy(Error::TimedOut { limit, .. })) if limit == ms(25)
    ));
    // 10 + 1 + 10 + 2 ms, and 2 ms of the third attempt.
    assert_eq!((calls.into_inner(), began.elapsed()), (3, ms(25)));
}

#[fallback(|_| Ok(5), when = |error| *error == ApiError::Down)]
#[timeout(1s)]
#[fallback(|_| Err(ApiError::Down))]
async fn two_fallbacks() -> Result<u32, ApiError> {
    Err(ApiError::Policy(unreachable_error().await))
}

async fn unreachable_error() -> Error {
    static CLOSED: CircuitBreaker = CircuitBreaker::new("shut");
    CLOSED.force_open();
    match CLOSED.call(async || Ok::<(), ()>(())).await {
        Err(Failure::Policy(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn the_outer_of_two_fallbacks_answers_when_the_inner_fails() {
    assert_eq!(two_fallbacks().await, Ok(5));
    assert_eq!(layers("two_fallbacks"), "fallback > timeout > fallback");
}

/// A doc comment above,
#[timeout(1s)]
/// one between,
#[tracing::instrument(skip_all, err(Debug))]
#[retry(max_attempts = 2, base_delay = 0ms)]
#[must_use = "or else"]
#[cfg_attr(all(), circuit_breaker(failure_threshold = 9))]
#[cfg_attr(any(), bulkhead)]
#[allow(clippy::unused_async)]
#[bulkhead]
/// and one below.
#[inline]
async fn in_company(calls: &AtomicU32) -> Result<u32, ApiError> {
    match calls.fetch_add(1, Ordering::Relaxed) {
        0 => Err(ApiError::Down),
        calls => Ok(calls),
    }
}

#[tokio::test(start_paused = true)]
async fn other_attributes_do_not_change_the_order() {
    assert_eq!(in_company(&AtomicU32::new(0)).await, Ok(1));
    assert_eq!(
        layers("in_company"),
        "timeout > retry > circuit_breaker(stack::mixed::in_company) > \
         bulkhead(stack::mixed::in_company)"
    );
}

#[cfg_attr(all(), resilience::retry(max_attempts = 2, base_delay = 0ms), timeout(1s))]
async fn first_by_cfg_attr(calls: &AtomicU32) -> Result<u32, ApiError> {
    in_company(calls).await
}

#[tokio::test(start_paused = true)]
async fn cfg_attr_may_hold_several_and_a_full_path() {
    assert_eq!(layers("first_by_cfg_attr"), "retry > timeout");
    assert_eq!(first_by_cfg_attr(&AtomicU32::new(0)).await, Ok(1));
}

/// A macro that passes attributes on.
macro_rules! passed_on {
    ($(#[$attribute:meta])* fn $name:ident() $body:block) => {
        $(#[$attribute])*
        async fn $name() -> Result<u32, ApiError> $body
    };
}

passed_on! {
    /// Documented.
    #[fallback(value = 3)]
    #[timeout(1s)]
    #[retry(max_attempts = 2, base_delay = 0ms)]
    fn by_macro() { Err(ApiError::Down) }
}

#[tokio::test(start_paused = true)]
async fn attributes_may_come_through_a_macro() {
    assert_eq!(by_macro().await, Ok(3));
    assert_eq!(layers("by_macro"), "fallback > timeout > retry");
}
