//! Numbers that no retry can have.
use resilience::retry;

#[retry(factor = 0.5)]
async fn shrinking() -> Result<(), String> {
    Ok(())
}

#[retry(factor = 2)]
async fn whole() -> Result<(), String> {
    Ok(())
}

#[retry(base_delay = 5s, max_delay = 1s)]
async fn crossed() -> Result<(), String> {
    Ok(())
}

#[retry(jitter = ful)]
async fn jitter() -> Result<(), String> {
    Ok(())
}

#[retry(max_attempts = "3")]
async fn quoted() -> Result<(), String> {
    Ok(())
}

#[retry(3)]
async fn positional() -> Result<(), String> {
    Ok(())
}

fn main() {}
