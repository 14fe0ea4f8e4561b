//! A wrong class causes no second message at the function that needs the class.

use resilience::{Classify, retry};

#[derive(Classify)]
pub enum ApiError {
    #[classify(permament)]
    Unauthorized,
}

fn asks<E: Classify>(_: &E) {}

#[retry]
pub async fn call() -> Result<(), ApiError> {
    asks(&ApiError::Unauthorized);
    Err(ApiError::Unauthorized)
}

fn main() {}
