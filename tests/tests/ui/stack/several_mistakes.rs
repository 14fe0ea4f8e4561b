//! All wrong arguments of a stack are reported together, and callers still find the function.
use resilience::{CircuitBreaker, circuit_breaker, retry, timeout};

static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment");

#[circuit_breaker(PAYMENT)]
#[retry(max_atempts = 3, jitter = som, base_delay = 100)]
#[timeout(0s)]
async fn charge() -> Result<(), resilience::Error> {
    Ok(())
}

async fn caller() -> Result<(), resilience::Error> {
    charge().await
}

fn main() {}
