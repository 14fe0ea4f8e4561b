//! Invalid backoffs.
use resilience::{RetryBudget, retry};
use std::time::Duration;



#[retry(backoff = exponental)]
async fn misspelt() -> Result<(), String> {
    Ok(())
}

#[retry(backoff = "linear")]
async fn quoted() -> Result<(), String> {
    Ok(())
}

#[retry(backoff = |attempt, previous| Duration::ZERO)]
async fn two() -> Result<(), String> {
    Ok(())
}

#[retry(backoff = |_| Duration::ZERO, base_delay = 1s)]
async fn base() -> Result<(), String> {
    Ok(())
}

#[retry(backoff = constant, factor = 3.0)]
async fn factor() -> Result<(), String> {
    Ok(())
}

#[retry(budget = RetryBudget::new("payment"))]
async fn budget() -> Result<(), String> {
    Ok(())
}

fn main() {}
