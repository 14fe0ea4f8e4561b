//! A function that can not fail, under all layers: one error.
use resilience::{Bulkhead, CircuitBreaker, bulkhead, circuit_breaker, fallback, retry, timeout};

static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment");
static POOL: Bulkhead = Bulkhead::new("payment");

#[fallback(value = 1)]
#[bulkhead(POOL)]
#[circuit_breaker(PAYMENT)]
#[retry]
#[timeout]
async fn charge(order: u32) -> Option<u32> {
    Some(order)
}

fn main() {}
