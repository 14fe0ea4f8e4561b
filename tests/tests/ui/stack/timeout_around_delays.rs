//! Fixed delays that are longer than the timeout around the retry.
use resilience::{fallback, retry, timeout};
use std::time::Duration;

#[timeout(2s)]
#[retry(max_attempts = 5, jitter = none)]
async fn some() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout(300ms)]
#[retry(jitter = none, base_delay = 100ms)]
async fn the_last() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout]
#[fallback(value = ())]
#[retry(jitter = none, base_delay = Duration::from_secs(5), backoff = constant)]
#[timeout(1s)]
async fn all() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout(1s)]
#[retry(jitter = none)]
async fn by_default() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout(5s)]
#[retry(max_attempts = 4, jitter = equal, backoff = linear, base_delay = 2s)]
async fn with_jitter() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
