//! An error type without the `From` for the error of a policy.
use resilience::timeout;

pub enum ApiError {
    Status(u16),
}

#[timeout(1s)]
async fn charge() -> Result<(), ApiError> {
    Err(ApiError::Status(500))
}

/// A name of one letter, as type parameters have.
pub struct E;

#[timeout(1s)]
async fn refund() -> Result<(), E> {
    Err(E)
}

fn main() {}
