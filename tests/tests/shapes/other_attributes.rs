//! Functions that other attributes rewrite too, above and below ours.
#![deny(warnings)]
#![allow(clippy::unused_async, reason = "small bodies that need not wait")]

use async_trait::async_trait;
use resilience::declared::AnnotatedFunction;
use resilience::{CircuitBreaker, circuit_breaker, fallback, retry, timeout};
use resilience_tests::send;

type Answer<T> = Result<T, resilience::Error>;

struct Store {
    breaker: CircuitBreaker,
}

impl Store {
    /// An attribute above ends up inside, and `instrument` moves the arguments into its own block:
    /// the first attempt would consume an owned argument without `clone(…)`.
    #[tracing::instrument(skip(self, list), err)]
    #[fallback(value = list.len())]
    #[circuit_breaker(self.breaker)]
    #[retry(max_attempts = 2, base_delay = 1ms, clone(list))]
    #[timeout(1s)]
    async fn above(&self, list: Vec<u32>) -> Answer<usize> {
        Ok(list.len())
    }

    #[fallback(value = list.len())]
    #[circuit_breaker(self.breaker)]
    #[retry(max_attempts = 2, base_delay = 1ms)]
    #[timeout(1s)]
    #[tracing::instrument(skip(self, list), ret, err(Debug))]
    async fn below(&self, list: Vec<u32>) -> Answer<usize> {
        Ok(list.len())
    }

    #[circuit_breaker(self.breaker)]
    #[tracing::instrument(skip_all)]
    #[timeout(1s)]
    async fn between(&self, list: Vec<u32>) -> Answer<usize> {
        Ok(list.into_iter().map(|_| 1).sum())
    }
}

#[async_trait]
trait Service {
    async fn call(&self, name: &str) -> Answer<usize>;
}

#[async_trait]
impl Service for Store {
    #[tracing::instrument(skip(self))]
    #[circuit_breaker(self.breaker)]
    #[retry(max_attempts = 2, base_delay = 1ms)]
    #[timeout(1s)]
    async fn call(&self, name: &str) -> Answer<usize> {
        Ok(name.len())
    }
}

/// A test may be retried itself.
#[tokio::test(start_paused = true)]
#[retry(max_attempts = 2, base_delay = 1ms)]
#[timeout(5s)]
async fn a_test_may_be_retried_below_tokios_attribute() -> Answer<()> {
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    Ok(())
}

#[retry(max_attempts = 2, base_delay = 1ms)]
#[timeout(5s)]
#[tokio::test(start_paused = true)]
async fn a_test_may_be_retried_above_tokios_attribute() -> Answer<()> {
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn instrument_may_be_written_above_between_and_below() {
    let store = Store { breaker: CircuitBreaker::new("store") };
    assert_eq!(send(store.above(vec![1])).await, Ok(1));
    assert_eq!(send(store.below(vec![1])).await, Ok(1));
    assert_eq!(send(store.between(vec![1])).await, Ok(1));
    assert_eq!(send(store.call("abc")).await, Ok(3));
}

#[timeout(1s)]
async fn r#match(r#fn: u32) -> Answer<u32> {
    Ok(r#fn)
}

#[tokio::test(start_paused = true)]
async fn a_raw_identifier_is_listed_without_its_prefix() {
    assert_eq!(send(r#match(1)).await, Ok(1));
    let names: Vec<_> = resilience::registry().functions().map(AnnotatedFunction::path).collect();
    assert!(names.contains(&"shapes::other_attributes::match"), "{names:?}");
}
