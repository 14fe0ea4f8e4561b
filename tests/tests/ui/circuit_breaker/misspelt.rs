//! A breaker that does not exist: one error.
use resilience::{CircuitBreaker, circuit_breaker};

static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment");

#[circuit_breaker(PAYMNT)]
async fn charge() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
