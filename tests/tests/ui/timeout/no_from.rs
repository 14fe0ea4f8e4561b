//! An error type that can not say what a policy says.
use resilience::timeout;

pub enum ApiError {
    Status(u16),
}

#[timeout(1s)]
async fn charge() -> Result<(), ApiError> {
    Err(ApiError::Status(500))
}

fn main() {}
