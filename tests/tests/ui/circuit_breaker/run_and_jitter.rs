//! The options of a run, and of the open spells.
use resilience::circuit_breaker;

#[circuit_breaker(consecutive_failures = 0)]
async fn no_run() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(open_jitter = 2.0)]
async fn too_much_jitter() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(window = 10s)]
async fn window_of_a_run() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(consecutive_failures = 3, window_calls = 10)]
async fn window_calls_of_a_run() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
