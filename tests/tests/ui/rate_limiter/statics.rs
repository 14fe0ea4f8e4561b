//! Rate limiters whose options rustc refuses.
use resilience::RateLimiter;
use std::time::Duration;

static NO_NAME: RateLimiter = RateLimiter::new("");
static NO_RATE: RateLimiter = RateLimiter::new("github").per_second(0);
static NO_CALLS: RateLimiter = RateLimiter::new("github").per(0, Duration::from_secs(1));
static NO_TIME: RateLimiter = RateLimiter::new("github").per(10, Duration::ZERO);
static NO_BURST: RateLimiter = RateLimiter::new("github").burst(0);
static BOTH: RateLimiter = RateLimiter::new("github").per_second(1).per(1, Duration::from_secs(1));
static TOO_LONG: RateLimiter =
    RateLimiter::new("github").burst(1_000).per(1, Duration::from_secs(1_000_000));

fn main() {}
