//! Options of a breaker that contradict each other.
use resilience::circuit_breaker;

#[circuit_breaker(window = 60s, window_calls = 100)]
async fn two_windows() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(failure_rate = 0.5, minimum_calls = 101, window_calls = 100)]
async fn never_enough() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(failure_threshold = 11, window_calls = 10)]
async fn never_open() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(minimum_calls = 20)]
async fn of_what() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(slow_call_rate = 0.5)]
async fn how_slow() -> Result<(), resilience::Error> {
    Ok(())
}

#[circuit_breaker(open_for = 30s, open_backoff = (2.0, 10s))]
async fn too_long() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
