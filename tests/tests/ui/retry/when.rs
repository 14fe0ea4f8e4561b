//! `when` requires a predicate over the error.
use resilience::retry;

pub struct ApiError(u16);

fn is_busy(error: &u16) -> bool {
    *error == 503
}

#[retry(when = is_busy)]
async fn other_type() -> Result<(), ApiError> {
    Err(ApiError(1))
}

#[retry(when = |error| error.0)]
async fn no_bool() -> Result<(), ApiError> {
    Err(ApiError(1))
}

#[retry(when = true)]
async fn value() -> Result<(), ApiError> {
    Err(ApiError(1))
}

#[retry(when = |error: ApiError| error.0 == 503)]
async fn by_value() -> Result<(), ApiError> {
    Err(ApiError(1))
}

fn main() {}
