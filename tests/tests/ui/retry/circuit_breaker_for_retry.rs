//! One kind of policy in the place of another.
use resilience::{CircuitBreaker, retry};

static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment");

#[retry(PAYMENT)]
async fn charge() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
