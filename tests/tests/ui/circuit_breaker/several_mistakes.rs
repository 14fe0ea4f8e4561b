//! Two mistakes in one attribute: both are reported.
use resilience::circuit_breaker;

#[circuit_breaker(window = 0s, failure_threshold = 11, window_calls = 10)]
async fn charge() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
