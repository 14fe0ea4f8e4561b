//! An error type without the `From` for the error of a policy.
use resilience::{CircuitBreaker, circuit_breaker};

static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment");

pub enum ApiError {
    Status(u16),
}

#[circuit_breaker(PAYMENT)]
async fn charge() -> Result<(), ApiError> {
    Err(ApiError::Status(500))
}

fn main() {}
