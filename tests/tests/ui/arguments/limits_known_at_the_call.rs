//! The function's own policies are built before there are arguments.
use resilience::{bulkhead, circuit_breaker, retry};
use std::time::Duration;

#[bulkhead(max_concurrent = places, max_wait = 1s)]
async fn parameter(places: u32) -> Result<u32, resilience::Error> {
    Ok(places)
}

#[retry(max_attempts = attempts + 1, base_delay = delay)]
async fn attempts(attempts: u32, delay: Duration) -> Result<u32, resilience::Error> {
    let _ = delay;
    Ok(attempts)
}

struct Client {
    patience: Duration,
}

impl Client {
    #[circuit_breaker(failure_rate = 0.5, open_for = self.patience)]
    async fn field(&self) -> Result<(), resilience::Error> {
        Ok(())
    }
}

fn main() {}
