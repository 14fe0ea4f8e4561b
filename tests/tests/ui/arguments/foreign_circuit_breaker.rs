//! Names and units of other circuit breakers.
use resilience::{circuit_breaker};

#[circuit_breaker(
    failure_rate_threshold = 50,
    sliding_window_size = 100,
    minimum_number_of_calls = 10
)]
async fn f0() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[circuit_breaker(
    failure_ratio = 0.5,
    sampling_duration = 10s,
    minimum_throughput = 8,
    break_duration = 30s
)]
async fn f1() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[circuit_breaker(wait_duration_in_open_state = 60000)]
async fn f2() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[circuit_breaker(permitted_number_of_calls_in_half_open_state = 3)]
async fn f3() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[circuit_breaker(slow_call_rate_threshold = 50, slow_call_duration_threshold = 2000)]
async fn f4() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[circuit_breaker(requestVolumeThreshold = 20, sleepWindowInMilliseconds = 5000)]
async fn f5() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[circuit_breaker(breaker = PAYMENT)]
async fn f6() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[circuit_breaker(fallback_method = "cached")]
async fn f7() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[circuit_breaker(on_open = log)]
async fn f8() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[circuit_breaker(ignore_exceptions = is_not_found)]
async fn f9() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[circuit_breaker(5)]
async fn f10() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[circuit_breaker(5, 30s)]
async fn f11() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[circuit_breaker(0.5)]
async fn f12() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[circuit_breaker(failure_rate = 50%, window_calls = 10)]
async fn f13() -> Result<u32, resilience::Error> {
    Ok(1)
}

fn main() {}
