//! Arguments with invalid syntax.
use resilience::{retry, timeout};

#[retry(max_attempts =)]
async fn no_value() -> Result<(), String> {
    Ok(())
}

#[retry(max_attempts: 3)]
async fn colon() -> Result<(), String> {
    Ok(())
}

#[retry(max_attempts 3)]
async fn nothing_between() -> Result<(), String> {
    Ok(())
}

#[timeout(1s)]
#[retry = 3]
async fn equals() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
