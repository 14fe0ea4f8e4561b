//! A syntax error in the body is the only error: the function exists for its callers.
use resilience::{CircuitBreaker, circuit_breaker, fallback, retry, timeout};

static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment");

pub struct Client;

#[fallback(value = 0)]
#[circuit_breaker(PAYMENT)]
#[retry(max_attempts = 3)]
#[timeout(1s)]
pub async fn charge(client: &Client) -> Result<u32, resilience::Error> {
    client.
}

pub async fn caller(client: &Client) -> Result<u32, resilience::Error> {
    charge(client).await
}

fn main() {}
