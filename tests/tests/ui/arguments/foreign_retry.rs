//! Names and units of other retries.
use resilience::{retry};

#[retry(stop = stop_after_attempt(3), wait = wait_fixed(2))]
async fn f0() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(stop_after_attempt(3))]
async fn f1() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(max_retry_attempts = 3, delay = 100, use_jitter = true)]
async fn f2() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(min_delay = 100ms, max_times = 3, factor = 2.0)]
async fn f3() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(retries = 5, initial_interval = "500ms", jitter = true)]
async fn f4() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(retry_on = [ApiError::Busy, ApiError::Down])]
async fn f5() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(on_retry = log)]
async fn f6() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(3)]
async fn f7() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(3, 100ms)]
async fn f8() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(3, exponential)]
async fn f9() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(exponential)]
async fn f10() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(max_elapsed = Some(10s))]
async fn f11() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(base_delay = 0,5s)]
async fn f12() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(base_delay = .5s)]
async fn f13() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(max_elapsed = 1h30m, max_delay = 1d)]
async fn f14() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(base_delay = 5 seconds)]
async fn f15() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(max-attempts = 3)]
async fn f16() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(max_attempts: 3, base_delay = 1s)]
async fn f17() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(base_delay_ms = 100)]
async fn f18() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(timeout = 5s)]
async fn f19() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(fallback = cached)]
async fn f20() -> Result<u32, resilience::Error> {
    Ok(1)
}

fn main() {}
