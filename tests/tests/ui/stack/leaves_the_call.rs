//! An argument that would return from the function and bypass the outer layers.
use resilience::{CircuitBreaker, circuit_breaker, fallback, retry};

static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment");

async fn other() -> Result<u32, resilience::Error> {
    Ok(1)
}

fn breaker(host: &str) -> Option<&'static CircuitBreaker> {
    (!host.is_empty()).then_some(&PAYMENT)
}

#[retry]
#[fallback(value = other().await?)]
async fn value() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[circuit_breaker(match breaker(host) { Some(breaker) => breaker, None => return Ok(0) })]
async fn subject(host: &str) -> Result<u32, resilience::Error> {
    Ok(1)
}

fn main() {}
