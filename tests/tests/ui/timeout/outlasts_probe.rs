//! A limit below a circuit breaker of the function's own that is not shorter than its probes keep
//! their places.
use resilience::{circuit_breaker, retry, timeout};

#[circuit_breaker(open_for = 1s)]
#[timeout]
async fn default_limit() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker]
#[retry]
#[timeout(30s)]
async fn default_breaker() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(failure_rate = 0.5, probe_timeout = 2s)]
#[timeout(3s)]
#[retry]
#[timeout(2s)]
async fn one_error() -> Result<(), resilience::Error> {
    Ok(())
}

const OPEN_FOR: std::time::Duration = std::time::Duration::from_secs(1);

#[circuit_breaker(open_for = 1s, probe_timeout = 6s)]
#[timeout(5s)]
async fn longer_probes() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(open_for = OPEN_FOR)]
#[timeout(5s)]
async fn unknown() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
