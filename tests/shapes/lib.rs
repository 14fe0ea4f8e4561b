//! The forms that an async function may have: each is compiled and called without an attribute, as
//! in `plain`, and under each of the attributes, in each edition. If rustc or clippy rejects one
//! under an attribute and not without, the attribute is wrong.
#![cfg(test)]
#![deny(warnings)]
#![deny(clippy::pedantic, clippy::nursery)]
#![allow(
    clippy::unused_async,
    clippy::significant_drop_tightening,
    reason = "the functions are written for their shape"
)]
#![deny(
    rust_2018_idioms,
    missing_docs,
    missing_debug_implementations,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unreachable_pub,
    unused_import_braces,
    unused_lifetimes,
    unused_qualifications,
    unused_results
)]

use std::error::Error as StdError;
use std::future::Future;
use std::num::ParseIntError;
use std::time::Duration;

use resilience::{Bulkhead, CircuitBreaker, Failure, Policy, RateLimiter, RetryPolicy};

// Policies of all functions, some of which are called to see them fail.
static BREAKER: CircuitBreaker = CircuitBreaker::new("breaker").failure_threshold(u32::MAX);
static POOL: Bulkhead = Bulkhead::new("pool").max_concurrent(1000);
static LIMITER: RateLimiter =
    RateLimiter::new("limiter").per_second(1_000_000_000).burst(1_000_000_000);
static POLICY: Policy = Policy::new("policy")
    .bulkhead(Bulkhead::new("pool of the policy").max_concurrent(1000))
    .circuit_breaker(CircuitBreaker::new("breaker of the policy").failure_threshold(u32::MAX))
    .retry(
        RetryPolicy::new("retry of the policy")
            .max_attempts(2)
            .base_delay(Duration::from_millis(1)),
    )
    .timeout(Duration::from_secs(5));

#[derive(Debug, thiserror::Error)]
enum ApiError {
    #[error("not a number")]
    Number(#[from] ParseIntError),
    #[error("{0}")]
    Text(String),
    #[error("{0}")]
    Policy(#[from] resilience::Error),
}

impl From<&str> for ApiError {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

type Answer<T> = Result<T, ApiError>;
type BoxError = Box<dyn StdError + Send + Sync>;

/// Returns the function's own error: a fallback for every return type.
fn of_the_function<T, E>(failure: Failure<E>) -> Result<T, E> {
    match failure {
        Failure::Function(error) => Err(error),
        Failure::Policy(_) => panic!("nothing here ends a call"),
    }
}

/// Runs `work` in another task, which may be on another thread.
async fn spawned<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    tokio::spawn(work).await.expect("it ends")
}

mod plain {
    mod company;
    mod names;
    mod parameters;
    mod receivers;
    mod results;
    mod send;
    #[cfg(edition_2024)]
    #[rustfmt::skip] // It is not to be read in an older edition, nor the next in a newer one.
    mod since_2024;
    mod syntax;
    #[cfg(not(edition_2024))]
    #[rustfmt::skip]
    mod until_2021;
}
include!(concat!(env!("OUT_DIR"), "/attributes.rs"));
