//! A policy of another kind.
use resilience::{CircuitBreaker, retry};

static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment");

#[retry(PAYMENT)]
async fn charge() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
