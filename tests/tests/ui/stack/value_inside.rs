//! Breakers and fallbacks that never see a failure.
use resilience::{CircuitBreaker, Policy, circuit_breaker, fallback, resilient, retry};

static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment");
static POLICY: Policy = Policy::important("payment");

#[circuit_breaker(PAYMENT)]
#[fallback(value = 0)]
async fn breaker() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[fallback(value = 1)]
#[fallback(value = 0)]
async fn two() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[circuit_breaker(PAYMENT)]
#[resilient(POLICY, value = 0)]
async fn policy() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[fallback(other)]
#[retry(when_ok = |n| *n == 0)]
#[fallback(other, value = 0)]
async fn through_retry() -> Result<u32, resilience::Error> {
    Ok(1)
}

async fn other() -> Result<u32, resilience::Error> {
    Ok(1)
}

fn main() {}
