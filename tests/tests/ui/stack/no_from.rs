//! Several attributes require the `From`: one error.
use resilience::{bulkhead, circuit_breaker, fallback, retry, timeout};

pub enum ApiError {
    Status(u16),
}

#[bulkhead]
#[circuit_breaker]
#[retry]
#[timeout(1s)]
async fn charge() -> Result<(), ApiError> {
    Err(ApiError::Status(500))
}

#[fallback(value = (), when = |error| matches!(error, ApiError::Status(404)))]
#[timeout(1s)]
async fn found() -> Result<(), ApiError> {
    Err(ApiError::Status(404))
}

fn main() {}
