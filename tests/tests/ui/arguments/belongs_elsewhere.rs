//! Arguments of another attribute, and limits beside the name of a policy.
use resilience::{Bulkhead, CircuitBreaker, Policy};
use resilience::{bulkhead, circuit_breaker, fallback, resilient, retry, timeout};

static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment");
static POOL: Bulkhead = Bulkhead::new("payment");
static POLICY: Policy = Policy::important("payment");

#[circuit_breaker(max_concurrent = 3)]
async fn bulkheads() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout(1s, max_attempts = 3)]
async fn retries() -> Result<(), resilience::Error> {
    Ok(())
}

#[bulkhead(POOL, when = |_| true)]
async fn several() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout(limit = 3s)]
async fn named() -> Result<(), resilience::Error> {
    Ok(())
}

#[resilient(POLICY, max_attempts = 3)]
async fn policies() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(PAYMENT, failure_threshold = 3)]
async fn declared() -> Result<(), resilience::Error> {
    Ok(())
}

#[bulkhead(POOL, max_wait = 3s)]
async fn declared_too() -> Result<(), resilience::Error> {
    Ok(())
}

#[fallback(default = 3)]
async fn fallbacks() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[circuit_breaker(PAYMENT, PAYMENT)]
async fn two() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout(1s, 2s)]
async fn two_limits() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(3)]
async fn number() -> Result<(), resilience::Error> {
    Ok(())
}

#[bulkhead("payment pool", max_concurrent = 3)]
async fn quoted() -> Result<(), resilience::Error> {
    Ok(())
}

#[retry(STANDARD, max_attempts = 3)]
async fn policy() -> Result<(), resilience::Error> {
    Ok(())
}

static STANDARD: resilience::RetryPolicy = resilience::RetryPolicy::new("standard");

fn main() {}
