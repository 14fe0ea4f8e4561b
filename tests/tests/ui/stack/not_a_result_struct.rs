//! A return type that only the compiler knows to be no `Result`: one error, at the type.
use resilience::{Bulkhead, CircuitBreaker, bulkhead, circuit_breaker, fallback, retry, timeout};

static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment");
static POOL: Bulkhead = Bulkhead::new("payment");

#[derive(Default)]
pub struct Receipt<T>(T);

#[fallback(value = 1)]
#[bulkhead(POOL)]
#[circuit_breaker(PAYMENT)]
#[retry]
#[timeout]
async fn charge(order: u32) -> Receipt<u32> {
    Receipt(order)
}

#[timeout]
async fn refund(order: u32) -> Receipt<u32> {
    Receipt(order)
}

fn main() {}
