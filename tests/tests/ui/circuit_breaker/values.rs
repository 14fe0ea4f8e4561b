//! Values that the options of a breaker can not have.
use resilience::circuit_breaker;

#[circuit_breaker(failure_rate = 50)]
async fn percent() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(failure_rate = 1)]
async fn whole() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(slow_call = 0s, slow_call_rate = 1.5)]
async fn slow() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(window_calls = 0, minimum_calls = 0, failure_rate = 0.5)]
async fn none() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(open_backoff = 2.0)]
async fn endless() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(open_backoff = (0.5, 10min))]
async fn shrinking() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(on_abandon = fail)]
async fn abandoned() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
