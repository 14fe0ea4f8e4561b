//! Layers that must not be around work that goes on after its timeout.
use resilience::{Bulkhead, CircuitBreaker, Policy};
use resilience::{bulkhead, circuit_breaker, fallback, resilient, retry, timeout};

static POOL: Bulkhead = Bulkhead::new("pool");
static PAYMENT: Policy = Policy::critical("payment");
static BREAKER: CircuitBreaker = CircuitBreaker::new("breaker");

#[retry]
#[timeout(1s, cancel = false)]
async fn repeated() -> Result<(), resilience::Error> {
    Ok(())
}

#[bulkhead(POOL)]
#[timeout(1s, cancel = false)]
async fn let_out() -> Result<(), resilience::Error> {
    Ok(())
}

#[bulkhead(POOL)]
#[retry(max_attempts = 2)]
#[circuit_breaker(BREAKER)]
#[timeout(1s, cancel = false)]
async fn both() -> Result<(), resilience::Error> {
    Ok(())
}

#[resilient(PAYMENT)]
#[timeout(1s, cancel = false)]
async fn combined() -> Result<(), resilience::Error> {
    Ok(())
}

#[fallback(value = ())]
#[circuit_breaker(BREAKER)]
#[timeout(1s, cancel = false)]
#[bulkhead(POOL)]
#[retry]
async fn sound() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
