//! A price service, and the supplier that it calls.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use resilience::{
    Bulkhead, CircuitBreaker, Policy, RetryPolicy, bulkhead, circuit_breaker, fallback, resilient,
    retry, timeout,
};
use tokio::time::sleep;

/// Limit of the calls to the supplier, sized for a quiet day.
pub(crate) static SUPPLIER_POOL: Bulkhead =
    Bulkhead::new("supplier").max_concurrent(4).max_wait(Duration::ZERO);
pub(crate) static SUPPLIER: CircuitBreaker =
    CircuitBreaker::new("supplier").failure_rate(0.9).window_calls(100);
static STANDARD: RetryPolicy =
    RetryPolicy::new("standard").max_attempts(2).base_delay(Duration::from_millis(10));
static STOCK: Policy = Policy::important("stock");

/// Time that the supplier takes, in milliseconds.
static TAKES: AtomicU64 = AtomicU64::new(40);

pub(crate) fn supplier_takes(milliseconds: u64) {
    TAKES.store(milliseconds, Relaxed);
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum PriceError {
    #[error("{0}")]
    Resilience(#[from] resilience::Error),
}

/// Answer to a customer: the price, and the number of pieces in stock.
pub(crate) async fn offer(item: u32) -> Result<(u32, u32), PriceError> {
    let cents = price(item).await?;
    Ok((cents, stock(item).await?))
}

#[bulkhead(SUPPLIER_POOL)]
#[circuit_breaker(SUPPLIER)]
#[retry(STANDARD)]
#[timeout(1s)]
async fn price(item: u32) -> Result<u32, PriceError> {
    sleep(Duration::from_millis(TAKES.load(Relaxed))).await;
    Ok(item * 100)
}

#[fallback(value = 0)]
#[resilient(STOCK)]
async fn stock(item: u32) -> Result<u32, PriceError> {
    Ok(item % 7)
}
