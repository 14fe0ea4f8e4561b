//! Unknown words in a retry, and known ones in the wrong place.
use resilience::{BackoffKind, retry};

#[retry(clone)]
async fn which(order: String) -> Result<String, String> {
    Ok(order)
}

#[retry(clone = order)]
async fn equals(order: String) -> Result<String, String> {
    Ok(order)
}

#[retry(backoff = BackoffKind::Linear)]
async fn variant() -> Result<(), String> {
    Ok(())
}

#[retry(jitter = decorrelated, factor = 3.0)]
async fn factor() -> Result<(), String> {
    Ok(())
}

#[retry(backoff = linear, jitter = decorrelated)]
async fn linear() -> Result<(), String> {
    Ok(())
}

#[retry(max_retries = 3)]
async fn retries() -> Result<(), String> {
    Ok(())
}

#[retry(initial_delay = 1s, multiplier = 2.0)]
async fn of_another_library() -> Result<(), String> {
    Ok(())
}

fn main() {}
