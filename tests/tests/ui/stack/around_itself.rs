//! A shared policy that a call would have to pass twice.
use resilience::{Bulkhead, CircuitBreaker, bulkhead, circuit_breaker, retry};

static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment");
static POOL: Bulkhead = Bulkhead::new("payment");

#[bulkhead(POOL)]
#[retry]
#[bulkhead(POOL)]
async fn places() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(PAYMENT)]
#[retry]
#[circuit_breaker(PAYMENT)]
async fn admissions() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
