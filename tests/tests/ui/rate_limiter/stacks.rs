//! Rate limiters that can't work in their stack.
use resilience::{RateLimiter, rate_limiter, retry, timeout};

static GITHUB: RateLimiter = RateLimiter::new("github");

#[timeout(2s)]
#[rate_limiter(per_second = 10, max_wait = 2s)]
async fn waits_too_long() -> Result<(), resilience::Error> {
    Ok(())
}

#[rate_limiter(GITHUB)]
#[retry]
#[rate_limiter(GITHUB)]
async fn twice() -> Result<(), resilience::Error> {
    Ok(())
}

#[rate_limiter(RateLimiter::new("github").per_second(10))]
async fn at_each_call() -> Result<(), resilience::Error> {
    Ok(())
}

#[rate_limiter("github")]
async fn in_quotes() -> Result<(), resilience::Error> {
    Ok(())
}

#[rate_limiter(GITHUB, per_second = 10)]
async fn declared_elsewhere() -> Result<(), resilience::Error> {
    Ok(())
}

fn main() {}
