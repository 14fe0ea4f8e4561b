//! Invalid durations, and durations of zero.
use resilience::{bulkhead, circuit_breaker, retry, timeout};
use std::time::Duration;

#[timeout(500 ms)]
async fn space() -> Result<(), resilience::Error> {
    Ok(())
}

#[retry(base_delay = 1 s, max_delay = "2s", max_elapsed = 10secs)]
async fn three() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout(1.5S)]
async fn capital() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout(2d)]
async fn days() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout("soon")]
async fn word() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout(Duration::from_secs(0))]
async fn zero() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(open_for = Duration::ZERO)]
async fn constant_zero() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout(Duration::from_secs_f64(-1.0))]
async fn negative_seconds() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout(Duration::from_secs_f64(0.0))]
async fn zero_seconds() -> Result<(), resilience::Error> {
    Ok(())
}

#[bulkhead(max_wait = true)]
async fn boolean() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout(1e300h)]
async fn endless() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout(1e-30s)]
async fn too_short() -> Result<(), resilience::Error> {
    Ok(())
}

#[retry(max_delay = 0s)]
async fn no_delay() -> Result<(), resilience::Error> {
    Ok(())
}

#[retry(base_delay = Duration::from_secs(5), max_delay = 1s)]
async fn crossed() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
