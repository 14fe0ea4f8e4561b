//! Our layers, each alone and all together, as a user writes them.

use std::future::pending;
use std::time::Duration;

use resilience::{
    Bulkhead, CircuitBreaker, Class, Keyed, Policy, RateLimiter, RetryPolicy, bulkhead,
    circuit_breaker, fallback, rate_limiter, resilient, retry, timeout,
};

use crate::{Result, Subject, fails, fails_twice, hold_for_ever, opaque, poll_to_end, work};

static BREAKER: CircuitBreaker = CircuitBreaker::new("failures");
static RATE: CircuitBreaker = CircuitBreaker::new("rate").failure_rate(0.5);
static LAST: CircuitBreaker = CircuitBreaker::new("last").failure_rate(0.5).window_calls(100);
static FAILING: CircuitBreaker = CircuitBreaker::new("failing").failure_rate(0.9).window_calls(60);
static OPEN: CircuitBreaker = CircuitBreaker::new("open").open_for(Duration::from_secs(3600));
static PER_HOST: Keyed<CircuitBreaker> = Keyed::new(CircuitBreaker::new("host"));
static POOL: Bulkhead = Bulkhead::new("pool").max_concurrent(64);
static FULL: Bulkhead = Bulkhead::new("full").max_concurrent(1).max_wait(Duration::ZERO);
static FAST: RateLimiter = RateLimiter::new("fast").per_second(1_000_000_000).burst(1_000_000_000);
static SPENT: RateLimiter =
    RateLimiter::new("spent").per(1, Duration::from_secs(3600)).max_wait(Duration::ZERO);
static POLICY: Policy = Policy::new("policy")
    .bulkhead(Bulkhead::new("policy").max_concurrent(64))
    .circuit_breaker(CircuitBreaker::new("policy"))
    .retry(RetryPolicy::new("policy"))
    .timeout(Duration::from_secs(1));

#[retry]
async fn retried(suspends: bool) -> Result<u64> {
    work(suspends).await
}

#[retry]
async fn retried_opaque(suspends: bool) -> Result<u64> {
    opaque(suspends).await
}

#[circuit_breaker(BREAKER)]
async fn counting_failures_opaque(suspends: bool) -> Result<u64> {
    opaque(suspends).await
}

#[circuit_breaker(BREAKER)]
async fn counting_failures(suspends: bool) -> Result<u64> {
    work(suspends).await
}

#[circuit_breaker(RATE)]
async fn taking_a_rate(suspends: bool) -> Result<u64> {
    work(suspends).await
}

#[circuit_breaker(LAST)]
async fn of_the_last_calls(suspends: bool) -> Result<u64> {
    work(suspends).await
}

#[circuit_breaker(PER_HOST.get("example.org"))]
async fn of_a_key(suspends: bool) -> Result<u64> {
    work(suspends).await
}

#[bulkhead(POOL)]
async fn pooled(suspends: bool) -> Result<u64> {
    work(suspends).await
}

#[rate_limiter(FAST)]
async fn at_a_rate(suspends: bool) -> Result<u64> {
    work(suspends).await
}

#[timeout(1s)]
async fn limited(suspends: bool) -> Result<u64> {
    work(suspends).await
}

#[fallback(value = 0)]
async fn with_fallback(suspends: bool) -> Result<u64> {
    work(suspends).await
}

/// Makes a call through all five layers, with work that succeeds.
///
/// # Errors
///
/// Only errors of a layer.
#[fallback(value = 0)]
#[bulkhead(POOL)]
#[circuit_breaker(BREAKER)]
#[retry]
#[timeout(1s)]
pub async fn all_five(suspends: bool) -> Result<u64> {
    work(suspends).await
}

#[resilient(POLICY, value = 0)]
async fn by_policy(suspends: bool) -> Result<u64> {
    work(suspends).await
}

#[circuit_breaker(FAILING)]
async fn counting_two_in_three(suspends: bool) -> Result<u64> {
    fails_twice(suspends).await
}

#[circuit_breaker(OPEN)]
async fn rejected_by_breaker(suspends: bool) -> Result<u64> {
    work(suspends).await
}

#[bulkhead(FULL)]
async fn rejected_by_bulkhead(suspends: bool) -> Result<u64> {
    work(suspends).await
}

#[rate_limiter(SPENT)]
async fn rejected_by_rate_limiter(suspends: bool) -> Result<u64> {
    work(suspends).await
}

#[retry(backoff = |_| Duration::ZERO, jitter = none)]
async fn retried_twice(suspends: bool) -> Result<u64> {
    fails(suspends).await
}

#[retry(backoff = |_| Duration::ZERO, jitter = none)]
async fn retried_to_success(suspends: bool) -> Result<u64> {
    fails_twice(suspends).await
}

#[fallback(value = 0)]
async fn answered_by_fallback(suspends: bool) -> Result<u64> {
    fails(suspends).await
}

/// Calls that succeed.
#[must_use]
pub fn subjects() -> Vec<Subject> {
    let ours = "ours";
    vec![
        Subject::new("retry", ours, retried),
        Subject::new("breaker, failures", ours, counting_failures),
        Subject::new("breaker, rate over time", ours, taking_a_rate),
        Subject::new("breaker, last calls", ours, of_the_last_calls),
        Subject::new("breaker of a key", ours, of_a_key),
        Subject::new("bulkhead", ours, pooled),
        Subject::new("rate limiter", ours, at_a_rate),
        Subject::new("timeout", ours, limited),
        Subject::new("fallback", ours, with_fallback),
        Subject::new("five layers", ours, all_five),
        Subject::new("five layers by policy", ours, by_policy),
        Subject::new("retry, opaque work", ours, retried_opaque),
        Subject::new("breaker, failures, opaque work", ours, counting_failures_opaque),
    ]
}

/// Calls that do not simply succeed.
#[must_use]
pub fn failing() -> Vec<Subject> {
    for _ in 0..5 {
        drop(poll_to_end(OPEN.call_with(|_| Class::Transient, || fails(false))));
    }
    let _taken = SPENT.try_acquire(1);
    hold_for_ever(FULL.call(pending::<Result<u64>>));
    let ours = "ours";
    vec![
        Subject::new("breaker, two in three fail", ours, counting_two_in_three),
        Subject::new("breaker open", ours, rejected_by_breaker).without_work(),
        Subject::new("bulkhead full", ours, rejected_by_bulkhead).without_work(),
        Subject::new("rate limiter spent", ours, rejected_by_rate_limiter).without_work(),
        Subject::new("three attempts fail", ours, retried_twice),
        Subject::new("two retries, then success", ours, retried_to_success),
        Subject::new("fallback answers", ours, answered_by_fallback),
    ]
}
