//! Paths in arguments: modules named like parameters, `self::`, constants of a type parameter.
#![deny(warnings, clippy::pedantic)]
#![allow(clippy::unused_async, reason = "small bodies that need not wait")]

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use async_trait::async_trait;
use resilience::{
    AnnotatedFunction, Bulkhead, CircuitBreaker, bulkhead, circuit_breaker, fallback, retry,
    timeout,
};

type Answer<T> = Result<T, resilience::Error>;

static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment");

fn failed<T>() -> Answer<T> {
    Err(resilience::Error::TimedOut { function: "billing::charge", limit: Duration::ZERO })
}

fn is_calm(_: &resilience::Error) -> bool {
    true
}

mod config {
    use resilience::Bulkhead;

    pub(super) const ATTEMPTS: u32 = 2;
    pub(super) static POOL: Bulkhead = Bulkhead::new("configured");
}

#[bulkhead(config::POOL)]
#[retry(max_attempts = config::ATTEMPTS, base_delay = 0s)]
async fn parameter_named_like_a_module(config: u32) -> Answer<u32> {
    if config == 0 { failed() } else { Ok(config) }
}

mod inner {
    use super::{Answer, CircuitBreaker, circuit_breaker, failed, retry};

    const ATTEMPTS: u32 = 2;
    static OWN: CircuitBreaker = CircuitBreaker::new("of the module");

    #[circuit_breaker(self::OWN)]
    #[retry(max_attempts = self::ATTEMPTS, base_delay = 0s)]
    pub(super) async fn of_this_module(calls: &mut u32) -> Answer<u32> {
        *calls += 1;
        failed()
    }
}

#[tokio::test]
async fn a_module_may_be_named_like_a_parameter() {
    let mut calls = 0;
    assert_eq!(parameter_named_like_a_module(3).await, Ok(3));
    assert_eq!(inner::of_this_module(&mut calls).await, failed());
    assert_eq!(calls, 2);
}

#[test]
fn a_static_in_a_module_is_listed_before_any_call() {
    let registry = resilience::registry();
    assert!(registry.bulkhead("configured").is_some());
    assert!(registry.circuit_breaker("of the module").is_some());
}

#[async_trait]
trait Store: Sync {
    #[fallback(value = self.last())]
    #[retry(max_attempts = 2, base_delay = 0s, when = self::is_calm)]
    async fn get(&self) -> Answer<u32> {
        failed()
    }

    fn last(&self) -> u32 {
        7
    }
}

struct Memory;

impl Store for Memory {}

#[tokio::test]
async fn self_in_a_path_is_the_module_under_async_trait() {
    assert_eq!(Memory.get().await, Ok(7));
}

trait Settings {
    const BREAKER: &'static CircuitBreaker;
    const LIMIT: Duration;
    fn pool() -> &'static Bulkhead;
}

struct Defaults;

impl Settings for Defaults {
    const BREAKER: &'static CircuitBreaker = &PAYMENT;
    const LIMIT: Duration = Duration::from_secs(1);
    fn pool() -> &'static Bulkhead {
        &config::POOL
    }
}

struct Client<S>(std::marker::PhantomData<S>);

impl<S: Settings> Client<S> {
    #[bulkhead(S::pool())]
    #[circuit_breaker(S::BREAKER)]
    #[timeout(S::LIMIT)]
    async fn get(&self, id: u32) -> Answer<u32> {
        Ok(id)
    }
}

#[tokio::test]
async fn a_type_parameter_of_the_impl_may_provide_the_policies() {
    assert_eq!(Client::<Defaults>(std::marker::PhantomData).get(3).await, Ok(3));
}

trait Service {
    type Future: Future<Output = Answer<u32>>;
    fn call(&mut self, request: &str) -> Self::Future;
}

impl Service for Memory {
    type Future = Pin<Box<dyn Future<Output = Answer<u32>> + Send>>;

    #[timeout(1s)]
    #[retry(max_attempts = 2, base_delay = 0s)]
    fn call(&mut self, request: &str) -> Self::Future {
        let length = request.len();
        Box::pin(async move {
            let length = u32::try_from(length).or_else(|_| failed())?;
            Ok(length)
        })
    }
}

#[timeout(1s)]
fn without_move() -> impl Future<Output = Answer<u32>> {
    async { Ok(5) }
}

#[timeout(1s)]
fn boxed_without_move() -> Pin<Box<dyn Future<Output = Answer<u32>>>> {
    Box::pin(async { Ok(6) })
}

#[tokio::test]
async fn the_returned_future_may_be_an_associated_type() {
    assert_eq!(Memory.call("abc").await, Ok(3));
}

#[tokio::test]
async fn a_future_that_captures_nothing_needs_no_move() {
    assert_eq!(without_move().await, Ok(5));
    assert_eq!(boxed_without_move().await, Ok(6));
}

#[fallback(used)]
#[retry(max_attempts = 2, base_delay = 0s)]
async fn unused(_id: u32) -> Answer<u32> {
    failed()
}

async fn used(id: u32) -> Answer<u32> {
    Ok(id)
}

#[tokio::test]
async fn an_argument_that_only_the_fallback_uses_is_passed_to_it() {
    assert_eq!(unused(3).await, Ok(3));
}

/// A module without the prelude.
mod bare {
    #![no_implicit_prelude]

    #[::resilience::fallback(value = 0)]
    #[::resilience::bulkhead(max_concurrent = 2)]
    #[::resilience::circuit_breaker(super::PAYMENT, when = |_| true, when_ok = |id| *id == 9)]
    #[::resilience::retry(
        max_attempts = 2,
        base_delay = 0s,
        when = |_| true,
        when_ok = |id| *id == 9
    )]
    #[::resilience::timeout(1s)]
    pub(super) async fn stack(id: u32) -> super::Answer<u32> {
        ::std::result::Result::Ok(id)
    }
}

#[tokio::test]
async fn no_prelude_is_needed() {
    assert_eq!(bare::stack(3).await, Ok(3));
    let paths: Vec<_> = resilience::registry().functions().map(AnnotatedFunction::path).collect();
    assert!(paths.contains(&"shapes::paths::bare::stack"), "{paths:?}");
}
