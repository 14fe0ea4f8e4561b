//! An expression that is no `Duration`.
use resilience::{retry, timeout};

const LIMIT: u64 = 500;

#[timeout(LIMIT)]
async fn charge() -> Result<(), resilience::Error> {
    Ok(())
}

#[retry(base_delay = LIMIT)]
async fn refund() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
