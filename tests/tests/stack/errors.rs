//! The messages of errors: what happened, to which call, and when to come back.

use std::error::Error as _;
use std::io::ErrorKind;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use resilience::{
    Bulkhead, CircuitBreaker, Class, Classify, Error, Failure, circuit_breaker, retry, timeout,
};
use resilience_tests::{SECOND, fail, rejected};
use tokio::time::advance;

#[tokio::test(start_paused = true)]
async fn an_open_breaker_says_when_to_come_back() {
    static BREAKER: CircuitBreaker =
        CircuitBreaker::new("payment").failure_threshold(1).open_for(Duration::from_secs(10));
    fail(&BREAKER).await;
    advance(SECOND * 3).await;
    let open = "circuit breaker `payment` is open by hand: the call was not made; ";
    let down = "circuit breaker `payment` is open because of its number of failures, last failure: \
                down; ";
    let unknown = "it is not known when the next call will be let through";
    assert_eq!(rejected(&BREAKER).await.to_string(), format!("{down}come back in 7s"));
    advance(SECOND * 7).await;
    let probe = BREAKER.call(async || {
        let said = rejected(&BREAKER).await.to_string();
        assert_eq!(said, format!("{down}come back in 10s"), "the rest of the probe's time");
        Ok::<_, ()>(())
    });
    assert_eq!(probe.await, Ok(()));
    BREAKER.force_open();
    let said = rejected(&BREAKER).await.to_string();
    assert_eq!(said, format!("{open}{unknown}"));
}

#[tokio::test(start_paused = true)]
async fn a_full_bulkhead_says_how_full() {
    static POOL: Bulkhead = Bulkhead::new("payment").max_concurrent(1).max_wait(Duration::ZERO);
    let result = POOL.call(async || POOL.call(async || Ok::<(), ()>(())).await).await;
    let Err(Failure::Function(Failure::Policy(error))) = result else {
        panic!("let in: {result:?}")
    };
    assert_eq!(
        error.to_string(),
        "bulkhead `payment` is full: 1 inside, 0 more waiting; the call was not made; \
         come back when some have ended"
    );
}

#[tokio::test(start_paused = true)]
async fn a_failure_displays_the_error_inside() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("down");
    BREAKER.force_open();
    let result = BREAKER.call(async || Ok::<(), std::num::ParseIntError>(())).await;
    let Err(policy) = result else { panic!("let through") };
    assert!(matches!(policy.policy(), Some(Error::CircuitOpen { name: "down", .. })));
    assert!(policy.function().is_none());
    assert_eq!(policy.source().and_then(|source| source.downcast_ref()), policy.policy());
    assert_eq!(policy.to_string(), policy.policy().expect("a policy's").to_string());
    let function = Failure::Function("x".parse::<u8>().expect_err("no number"));
    assert_eq!(function.to_string(), "invalid digit found in string");
    assert!(function.policy().is_none() && function.function().is_some());
}

static CLOSED_SHOP: CircuitBreaker = CircuitBreaker::new("closed shop");

#[retry(base_delay = 0ms)]
#[circuit_breaker(CLOSED_SHOP)]
#[timeout(1s)]
async fn read(attempts: &AtomicU32, silent: bool) -> std::io::Result<()> {
    attempts.fetch_add(1, Relaxed);
    if silent { std::future::pending().await } else { Ok(()) }
}

#[tokio::test(start_paused = true)]
async fn a_function_that_returns_an_io_result_needs_no_error_type_of_its_own() {
    let attempts = AtomicU32::new(0);
    let timed_out = read(&attempts, true).await.expect_err("it is silent");
    assert_eq!(timed_out.kind(), ErrorKind::TimedOut);
    assert_eq!(timed_out.to_string(), "`stack::errors::read` timed out after 1s");
    assert_eq!((timed_out.classify(), attempts.load(Relaxed)), (Class::Transient, 3));

    CLOSED_SHOP.force_open();
    let turned_away = read(&attempts, false).await.expect_err("the breaker is open");
    let inside = turned_away.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    assert!(matches!(inside, Some(Error::CircuitOpen { .. })));
    assert_eq!((turned_away.classify(), attempts.load(Relaxed)), (Class::Ignored, 3));
}
