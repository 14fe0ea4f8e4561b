//! A breaker is named by its `static`.
use resilience::circuit_breaker;

#[circuit_breaker("payment")]
async fn charge() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
