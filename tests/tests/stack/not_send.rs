//! A future is `Send` even if its error is not: no layer keeps a failed result while it waits.

use std::rc::Rc;

use resilience::{Bulkhead, CircuitBreaker, bulkhead, circuit_breaker, fallback, retry, timeout};
use resilience_tests::send;

static BREAKER: CircuitBreaker = CircuitBreaker::new("breaker");
static POOL: Bulkhead = Bulkhead::new("pool");

#[derive(Debug)]
struct Stuck {
    _not_send: Rc<u8>,
}

impl Stuck {
    fn new() -> Self {
        Self { _not_send: Rc::new(0) }
    }
}

impl From<resilience::Error> for Stuck {
    fn from(_: resilience::Error) -> Self {
        Self::new()
    }
}

/// Fails unless it is called with 42.
async fn answer_or_fail(question: u8) -> Result<u8, Stuck> {
    tokio::task::yield_now().await;
    if question == 42 { Ok(42) } else { Err(Stuck::new()) }
}

#[retry(max_attempts = 2, base_delay = 1ms)]
async fn retried(question: u8) -> Result<u8, Stuck> {
    answer_or_fail(question).await
}

#[fallback(answer_or_fail)]
async fn answered(question: u8) -> Result<u8, Stuck> {
    answer_or_fail(question + 1).await
}

#[fallback(answer_or_fail, when = |_| true)]
#[timeout(1s)]
async fn answered_if_asked(question: u8) -> Result<u8, Stuck> {
    answer_or_fail(question + 1).await
}

#[fallback(answer_or_fail, answer_or_fail)]
#[bulkhead(POOL)]
#[circuit_breaker(BREAKER)]
#[retry(max_attempts = 2, base_delay = 1ms)]
#[timeout(1s)]
async fn with_all_layers(question: u8) -> Result<u8, Stuck> {
    answer_or_fail(question + 1).await
}

#[retry(max_attempts = 2, base_delay = 1ms)]
#[bulkhead(POOL)]
#[timeout(2s)]
#[circuit_breaker(BREAKER)]
#[timeout(1s)]
async fn in_another_order(question: u8) -> Result<u8, Stuck> {
    answer_or_fail(question).await
}

#[tokio::test(start_paused = true)]
async fn every_layer_drops_a_failed_result_before_it_waits() {
    assert!(send(retried(1)).await.is_err());
    assert_eq!(send(answered(42)).await.ok(), Some(42));
    assert_eq!(send(answered_if_asked(42)).await.ok(), Some(42));
    assert_eq!(send(with_all_layers(42)).await.ok(), Some(42));
    assert!(send(in_another_order(1)).await.is_err());
}
