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

#[retry(backoff = |attempt| 100ms * attempt)]
async fn closure() -> Result<(), String> {
    Ok(())
}

#[timeout(if busy { 5s } else { 1s })]
async fn branch(busy: bool) -> Result<(), resilience::Error> {
    Ok(())
}

#[retry(when = |error: &String| wait_of(error) < 500ms)]
async fn predicate() -> Result<(), String> {
    Ok(())
}

#[resilience::fallback(|failure| later(failure, 1s))]
async fn fallback() -> Result<(), String> {
    Ok(())
}

const LIMIT: std::time::Duration = std::time::Duration::from_secs(2);

fn main() {}
