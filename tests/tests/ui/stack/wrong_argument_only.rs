//! A wrong argument is the only error: the method exists for its callers.
#![deny(warnings)]
use resilience::{CircuitBreaker, circuit_breaker, retry, timeout};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(1);

pub struct Client {
    breaker: CircuitBreaker,
}

impl Client {
    #[circuit_breaker(self.breaker)]
    #[retry(max_atempts = 3, when = |error| error.len() > self.least())]
    #[timeout(LIMIT)]
    pub async fn charge(&self, amount: u32) -> Result<u32, String> {
        Ok(amount + self.fee())
    }

    fn fee(&self) -> u32 {
        1
    }

    fn least(&self) -> usize {
        1
    }
}

pub async fn caller(client: &Client) -> Result<u32, String> {
    client.charge(1).await
}

fn main() {}
