//! Two retries, whose attempts would multiply.
use resilience::{retry, timeout};

#[retry(max_attempts = 3)]
#[timeout(1s)]
#[retry(max_attempts = 2)]
async fn charge() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
