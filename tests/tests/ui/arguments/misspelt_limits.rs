//! A misspelt name in an attribute is used twice and reported once.
use resilience::{CircuitBreaker, Error, Keyed, circuit_breaker, timeout};
use std::time::Duration;

static PER_HOST: Keyed<CircuitBreaker> = Keyed::new(CircuitBreaker::new("host"));
const LIMIT: Duration = Duration::from_secs(1);
const SECONDS: u64 = 1;

#[circuit_breaker(PER_HOSTS.get(host))]
async fn keyed(host: &str) -> Result<usize, Error> {
    Ok(host.len())
}

#[timeout(LIMITS)]
async fn limited() -> Result<(), Error> {
    Ok(())
}

#[timeout(SECONDS)]
async fn no_duration() -> Result<(), Error> {
    Ok(())
}

resilience::register!(LIMIT);

fn main() {}
