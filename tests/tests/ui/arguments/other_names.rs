//! Arguments by the names that other libraries use.
use resilience::{bulkhead, circuit_breaker, retry, timeout};

#[retry(max_retries = 3, delay = 1s, retry_if = is_busy)]
async fn retried() -> Result<(), String> {
    Ok(())
}

fn is_busy(error: &str) -> bool {
    error == "busy"
}

#[retry(clone = order)]
async fn cloned(order: String) -> Result<String, String> {
    Ok(order)
}

#[circuit_breaker(threshold = 5, reset_timeout = 30s)]
async fn broken() -> Result<(), resilience::Error> {
    Ok(())
}

#[bulkhead(permits = 5)]
async fn limited() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout(after = std::time::Duration::from_secs(1))]
async fn timed() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
