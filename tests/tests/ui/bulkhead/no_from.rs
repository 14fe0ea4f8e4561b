//! An error type without the `From` for the error of a policy.
use resilience::bulkhead;

pub enum ApiError {
    Status(u16),
}

#[bulkhead(max_concurrent = 3)]
async fn charge() -> Result<(), ApiError> {
    Err(ApiError::Status(500))
}

fn main() {}
