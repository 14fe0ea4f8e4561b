//! Names and units of other bulkheads, timeouts and fallbacks.
use resilience::{bulkhead, fallback, timeout};

#[bulkhead(10)]
async fn f0() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[bulkhead(10, 100)]
async fn f1() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[bulkhead(10, 5s)]
async fn f2() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[bulkhead(max_concurrent_calls = 10, max_wait_duration = 500)]
async fn f3() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[bulkhead(max_parallelization = 10, max_queuing_actions = 5)]
async fn f4() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[timeout(secs = 5)]
async fn f5() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[timeout(ms = 500)]
async fn f6() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[timeout(duration = "5s")]
async fn f7() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[timeout(0,5s)]
async fn f8() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[timeout(5s, fallback = cached)]
async fn f9() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[timeout(5s, cancel_running_future = false)]
async fn f10() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[fallback(fallback_method = "cached")]
async fn f11() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[fallback(default = 3)]
async fn f12() -> Result<u32, resilience::Error> {
    Ok(1)
}

fn main() {}
