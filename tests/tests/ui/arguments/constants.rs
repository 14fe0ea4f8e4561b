//! Constants are checked by the compiler when it builds the function's own policies.
use resilience::{bulkhead, circuit_breaker, retry};
use std::time::Duration;

const NONE: u32 = 0;
const SHRINKING: f64 = 0.5;
const NO_TIME: Duration = Duration::ZERO;
const WORD: &str = "3";

#[retry(max_attempts = NONE)]
async fn attempts() -> Result<(), resilience::Error> {
    Ok(())
}

#[retry(base_delay = 1s, factor = SHRINKING)]
async fn factor() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(failure_threshold = NONE + 0, open_for = 1s)]
async fn threshold() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(failure_threshold = 3, open_for = NO_TIME)]
async fn spell() -> Result<(), resilience::Error> {
    Ok(())
}

#[bulkhead(max_concurrent = NONE)]
async fn places() -> Result<(), resilience::Error> {
    Ok(())
}

#[bulkhead(max_concurrent = WORD)]
async fn no_number() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
