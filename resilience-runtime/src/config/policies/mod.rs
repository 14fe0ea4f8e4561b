//! The keys of each policy.

mod adaptive_timeout;
mod bulkhead;
mod circuit_breaker;
mod retry;
mod retry_budget;
mod timeout;

pub(super) use timeout::read_timeout;
