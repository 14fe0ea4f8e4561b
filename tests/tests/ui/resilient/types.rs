//! A static that is no policy, and an error type without the `From`.
use resilience::{CircuitBreaker, Policy, resilient};
use std::time::Duration;

static PAYMENT: Policy = Policy::important("payment");
static BREAKER: CircuitBreaker = CircuitBreaker::new("payment");
static NO_TIME: Policy = Policy::new("payment").timeout(Duration::ZERO);
static NO_NAME: Policy = Policy::critical("");

#[resilient(BREAKER)]
async fn breaker() -> Result<(), resilience::Error> {
    Ok(())
}

#[resilient(PAYMNT)]
async fn misspelt() -> Result<(), resilience::Error> {
    Ok(())
}

#[resilient(PAYMENT)]
async fn no_from() -> Result<(), String> {
    Ok(())
}

fn main() {}
