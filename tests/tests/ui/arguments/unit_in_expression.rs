//! A unit is read only in a duration that is not part of an expression.
use resilience::{retry, timeout};

#[timeout(2 * 500ms)]
async fn timed() -> Result<(), resilience::Error> {
    Ok(())
}

#[retry(base_delay = std::cmp::max(1s, LIMIT))]
async fn retried() -> Result<(), resilience::Error> {
    Ok(())
}

const LIMIT: std::time::Duration = std::time::Duration::from_secs(2);

fn main() {}
