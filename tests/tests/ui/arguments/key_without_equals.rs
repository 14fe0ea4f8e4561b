//! Options that are not written with `=`.
use resilience::{circuit_breaker, resilient, retry, timeout};

#[circuit_breaker(failure_threshold(5))]
async fn called() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout(cancel)]
async fn alone() -> Result<(), resilience::Error> {
    Ok(())
}

#[retry(max_attempts => 3)]
async fn arrow() -> Result<(), resilience::Error> {
    Ok(())
}

#[retry(max_attempts == 3)]
async fn compared() -> Result<(), resilience::Error> {
    Ok(())
}

#[resilient(fallback(later))]
async fn fallback() -> Result<(), resilience::Error> {
    Ok(())
}

#[retry(max_attempts = 3 base_delay = 1s, jitter = som)]
async fn no_comma() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout(cancel = maybe)]
async fn no_boolean() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
