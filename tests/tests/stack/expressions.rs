//! Breakers and bulkheads chosen by an expression.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use resilience::{Bulkhead, CircuitBreaker, Error, State, bulkhead, circuit_breaker, timeout};
use resilience_tests::{ms, poll_once, send};

#[derive(Default)]
struct Hosts {
    breakers: Mutex<HashMap<String, Arc<CircuitBreaker>>>,
    pools: Mutex<HashMap<String, Arc<Bulkhead>>>,
}

impl Hosts {
    /// The locks are needed to find the two policies, and not during the call.
    #[circuit_breaker(Arc::clone(
        self.breakers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(host.to_owned())
            .or_insert_with(|| Arc::new(CircuitBreaker::new("host")))
    ))]
    #[bulkhead(Arc::clone(
        self.pools
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(host.to_owned())
            .or_insert_with(|| Arc::new(Bulkhead::new("host").max_concurrent(1)))
    ))]
    async fn call(&self, host: &str) -> Result<bool, Error> {
        tokio::time::sleep(ms(10)).await;
        Ok(self.breakers.try_lock().is_ok() && self.pools.try_lock().is_ok())
    }
}

#[tokio::test(start_paused = true)]
async fn locks_taken_by_an_expression_are_released_before_the_call() {
    let hosts = Hosts::default();
    let (one, other) = tokio::join!(send(hosts.call("one")), send(hosts.call("other")));
    assert_eq!((one, other), (Ok(true), Ok(true)));
}

static CLEAN_UP: CircuitBreaker = CircuitBreaker::new("clean-up").failure_threshold(1);

/// Starts a call when it is dropped, and drops that call.
struct BeginsCleanUp;

impl Drop for BeginsCleanUp {
    fn drop(&mut self) {
        let mut call = Box::pin(CLEAN_UP.call(std::future::pending::<Result<(), Error>>));
        assert!(poll_once(&mut call).is_pending());
    }
}

#[timeout(10ms)]
async fn leaves_something_to_clean_up() -> Result<(), Error> {
    let _clean_up = BeginsCleanUp;
    std::future::pending().await
}

#[tokio::test(start_paused = true)]
async fn a_call_that_begins_and_ends_while_a_timeout_drops_its_work_has_not_timed_out() {
    assert!(leaves_something_to_clean_up().await.is_err());
    assert_eq!(CLEAN_UP.state(), State::Closed);
    assert_eq!(CLEAN_UP.snapshot().failures, 0);
}
