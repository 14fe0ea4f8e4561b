//! `#[rate_limiter]`: a limit on the calls in a time. Other calls wait for their turns or are
//! rejected.

mod builder;
mod call;
mod describe;
mod pace;
mod pauses;
mod rate_limiter;
mod schedule;
mod snapshot;
mod turn_wait;

#[cfg(test)]
#[path = "../../model_checks/policy/rate_limiter.rs"]
mod model_checks;

pub use rate_limiter::RateLimiter;
pub use snapshot::RateLimiterSnapshot;
