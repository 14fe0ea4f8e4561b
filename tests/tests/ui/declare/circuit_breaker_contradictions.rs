//! Limits of a `static` that contradict each other.
use resilience::CircuitBreaker;
use std::time::Duration;

static TWO_WINDOWS: CircuitBreaker =
    CircuitBreaker::new("payment").window_calls(9).window(Duration::from_secs(9));
static NEVER_ENOUGH: CircuitBreaker =
    CircuitBreaker::new("payment").minimum_calls(20).window_calls(10);
static NEVER_OPEN: CircuitBreaker =
    CircuitBreaker::new("payment").window_calls(10).failure_threshold(11);
static TOO_LONG: CircuitBreaker = CircuitBreaker::new("payment")
    .open_backoff(2.0, Duration::from_secs(10))
    .open_for(Duration::from_secs(30));

fn main() {}
