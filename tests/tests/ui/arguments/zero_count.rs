//! Counts of zero.
use resilience::{bulkhead, circuit_breaker, retry};

#[circuit_breaker(failure_threshold = 0)]
async fn threshold() -> Result<(), resilience::Error> {
    Ok(())
}

#[bulkhead(max_concurrent = 0)]
async fn places() -> Result<(), resilience::Error> {
    Ok(())
}

#[retry(max_attempts = 0)]
async fn attempts() -> Result<(), resilience::Error> {
    Ok(())
}

#[retry(max_attempts = 1)]
async fn one_attempt() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
