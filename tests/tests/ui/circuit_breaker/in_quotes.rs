//! A breaker is named by its `static`, without quotes.
use resilience::circuit_breaker;

#[circuit_breaker("payment")]
async fn charge() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
