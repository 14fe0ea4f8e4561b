//! A bulkhead where a breaker is expected, and the other way round.
use resilience::{Bulkhead, CircuitBreaker, bulkhead, circuit_breaker};

static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment");
static POOL: Bulkhead = Bulkhead::new("payment");

#[bulkhead(PAYMENT)]
async fn charge() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(POOL)]
async fn refund() -> Result<(), resilience::Error> {
    Ok(())
}

struct Client {
    breaker: CircuitBreaker,
}

impl Client {
    #[bulkhead(self.breaker)]
    async fn send(&self) -> Result<(), resilience::Error> {
        Ok(())
    }
}

fn main() {}
