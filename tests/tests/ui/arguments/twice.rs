//! An argument given twice.
use resilience::retry;

#[retry(max_attempts = 3, base_delay = 1s, max_attempts = 4)]
async fn charge() -> Result<(), String> {
    Ok(())
}

fn main() {}
