//! A backoff, a budget and a policy of the wrong type, and a policy that is no `static`.
use resilience::{CircuitBreaker, RetryPolicy, retry};

fn no_duration(attempt: u32) -> u64 {
    u64::from(attempt)
}

static POLICY: RetryPolicy = RetryPolicy::new("standard");

#[retry(backoff = no_duration)]
async fn by_path() -> Result<(), String> {
    Ok(())
}

#[retry(backoff = |attempt| attempt)]
async fn by_closure() -> Result<(), String> {
    Ok(())
}

#[retry(backoff = unknown_function)]
async fn unknown() -> Result<(), String> {
    Ok(())
}

#[retry(budget = POLICY)]
async fn no_budget() -> Result<(), String> {
    Ok(())
}

static BREAKER: CircuitBreaker = CircuitBreaker::new("payment");

#[retry(BREAKER)]
async fn no_policy() -> Result<(), String> {
    Ok(())
}

const CONSTANT: RetryPolicy = RetryPolicy::new("constant");

#[retry(CONSTANT)]
async fn no_static() -> Result<(), String> {
    Ok(())
}

#[retry(backoff = 2 * 3)]
async fn a_number() -> Result<(), String> {
    Ok(())
}

fn main() {}
