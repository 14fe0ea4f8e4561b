//! The outcome of a predicate in place of the predicate.
use resilience::{circuit_breaker, retry};

#[retry(when = is_transient(e))]
async fn f0() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(when = matches!(e, ApiError::Busy))]
async fn f1() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(when = ApiError::Status)]
async fn f2() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(when = e.is_timeout())]
async fn f3() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(when = ApiError::Busy | ApiError::Down)]
async fn f4() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(when = !is_fatal)]
async fn f5() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[circuit_breaker(when = is_busy || is_down)]
async fn f6() -> Result<u32, resilience::Error> {
    Ok(1)
}

#[retry(when = error == ApiError::Busy)]
async fn f7() -> Result<u32, resilience::Error> {
    Ok(1)
}

fn main() {}
