//! A policy that is named in the wrong way.
use resilience::{CircuitBreaker, Policy, resilient, retry};

static PAYMENT: Policy = Policy::important("payment");
static BREAKER: CircuitBreaker = CircuitBreaker::new("payment");

#[resilient]
async fn none() -> Result<(), resilience::Error> {
    Ok(())
}

#[resilient("payment")]
async fn quoted() -> Result<(), resilience::Error> {
    Ok(())
}

#[resilient(PAYMENT, timeout = 3s)]
async fn argument() -> Result<(), resilience::Error> {
    Ok(())
}

#[retry]
#[resilient(PAYMENT)]
async fn two() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
