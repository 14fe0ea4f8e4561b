//! Breakers and bulkheads that would be created again for each call.
use resilience::{Bulkhead, CircuitBreaker, bulkhead, circuit_breaker};

#[circuit_breaker(CircuitBreaker::new("payment").failure_threshold(3))]
async fn broken() -> Result<(), resilience::Error> {
    Ok(())
}

#[bulkhead(&resilience::Bulkhead::new("payment"))]
async fn limited() -> Result<(), resilience::Error> {
    Ok(())
}

static POOL: Bulkhead = Bulkhead::new("pool");

fn main() {
    let _: &CircuitBreaker = &CircuitBreaker::new("imported");
    let _ = &POOL;
}
