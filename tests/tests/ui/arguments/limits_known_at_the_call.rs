//! The function's own policies are built before there are arguments.
use resilience::{bulkhead, circuit_breaker};
use std::time::Duration;

#[bulkhead(max_concurrent = places, max_wait = 1s)]
async fn parameter(places: u32) -> Result<u32, resilience::Error> {
    Ok(places)
}

#[circuit_breaker(failure_threshold = failures + 1)]
async fn failures(failures: u32) -> Result<u32, resilience::Error> {
    Ok(failures)
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
