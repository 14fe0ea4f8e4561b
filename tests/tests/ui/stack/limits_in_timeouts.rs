//! Limits and waits that are longer than the timeout around them.
use resilience::{bulkhead, retry, timeout};
use std::time::Duration;

#[timeout(2s)]
#[bulkhead(max_concurrent = 3, max_wait = 2s)]
async fn wait() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout(2s)]
#[retry]
#[bulkhead(max_wait = Duration::from_secs(3))]
async fn wait_of_each() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout(2s)]
#[retry(max_elapsed = 1min)]
async fn elapsed() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout(1s)]
#[bulkhead(max_concurrent = 3)]
#[timeout]
async fn by_default() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout(Duration::from_millis(10))]
#[timeout(10ms, cancel = false)]
async fn detached() -> Result<(), resilience::Error> {
    Ok(())
}

#[retry(max_elapsed = 1s, base_delay = 2s, jitter = none)]
async fn never() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
