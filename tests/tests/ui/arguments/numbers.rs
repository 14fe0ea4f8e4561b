//! Numbers that no option can have.
use resilience::{bulkhead, circuit_breaker, retry};

#[retry(max_attempts = 3u64)]
async fn suffix() -> Result<(), String> {
    Ok(())
}

#[retry(max_attempts = 3.0, factor = 1e999)]
async fn floats() -> Result<(), String> {
    Ok(())
}

#[retry(max_attempts = -3, factor = -2.0)]
async fn negative() -> Result<(), String> {
    Ok(())
}

#[retry(max_attempts = 5_000_000_000)]
async fn huge() -> Result<(), String> {
    Ok(())
}

#[circuit_breaker(half_open_probes = 0x0, success_threshold = 0)]
async fn probes() -> Result<(), resilience::Error> {
    Ok(())
}

#[bulkhead(max_concurrent = "3", max_queue = 1.5)]
async fn quoted() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(failure_rate = "0.5", minimum_calls = 20)]
async fn quoted_rate() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
