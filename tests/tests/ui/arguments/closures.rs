//! Closures with the wrong parameters.
use resilience::{fallback, retry};

#[retry(when = |error, attempt| true)]
async fn two() -> Result<(), String> {
    Ok(())
}

#[retry(when_ok = || true)]
async fn none() -> Result<(), String> {
    Ok(())
}

#[fallback(|| Ok(1))]
async fn no_failure() -> Result<u32, String> {
    Ok(1)
}

#[fallback(|failure, order| Ok(1), when = "timeout")]
async fn both(order: u32) -> Result<u32, String> {
    Ok(order)
}

fn main() {}
