//! An unknown unit, a duration in quotes, and a negative one.
use resilience::{retry, timeout};

#[timeout(5m)]
async fn minutes() -> Result<(), resilience::Error> {
    Ok(())
}

#[timeout("5s")]
async fn quoted() -> Result<(), resilience::Error> {
    Ok(())
}

#[retry(base_delay = -5s)]
async fn negative() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
