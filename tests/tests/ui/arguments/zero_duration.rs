//! Durations that leave no time.
use resilience::{circuit_breaker, retry, timeout};

#[timeout(0s)]
async fn limit() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(open_for = 0ms)]
async fn open() -> Result<(), resilience::Error> {
    Ok(())
}

#[retry(max_elapsed = 0s)]
async fn elapsed() -> Result<(), resilience::Error> {
    Ok(())
}

#[retry(max_retry_after = 0s)]
async fn hint() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
