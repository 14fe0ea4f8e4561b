//! An error type that can not say what a policy says.
use resilience::bulkhead;

pub enum ApiError {
    Status(u16),
}

#[bulkhead(max_concurrent = 3)]
async fn charge() -> Result<(), ApiError> {
    Err(ApiError::Status(500))
}

fn main() {}
