//! Return types that hide if a call has failed.
use resilience::{circuit_breaker, fallback, retry, timeout};
use std::fmt::Display;

trait IntoResponse {}
impl IntoResponse for u8 {}
impl<T: IntoResponse, E> IntoResponse for Result<T, E> {}

#[timeout(1s)]
async fn value() -> impl IntoResponse {
    1
}

#[retry]
async fn result() -> impl IntoResponse {
    Ok::<u8, resilience::Error>(1)
}

#[circuit_breaker(failure_threshold = 3, open_for = 3s)]
async fn captures(count: u8) -> impl IntoResponse + use<> {
    if count > 3 { Err("too many") } else { Ok(count) }
}

#[fallback(|_| 1)]
async fn parameter<R: Display>(value: R) -> R {
    value
}

#[retry]
async fn right() -> Result<impl IntoResponse, resilience::Error> {
    Ok(1)
}

fn main() {}
