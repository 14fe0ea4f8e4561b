//! A stack of layers as plain data: read by `parse`, judged by `check`, written by `expand`.

mod bulkhead;
mod circuit_breaker;
mod duration;
mod fallback;
mod options;
mod rate_limiter;
mod retry;
mod runtime_type;
mod stack;
mod subject;
mod timeout;

pub(crate) use bulkhead::Bulkhead;
pub(crate) use circuit_breaker::CircuitBreaker;
pub(crate) use duration::WrittenDuration;
pub(crate) use fallback::{Answer, Fallback};
pub(crate) use options::{WrittenGrowth, WrittenOption, WrittenOptions, WrittenRate, WrittenValue};
pub(crate) use rate_limiter::RateLimiter;
pub(crate) use retry::{InlineRetry, Retry, RetryPlan};
pub(crate) use runtime_type::RuntimeType;
pub(crate) use stack::{Layer, LayerKind, Stack, StackOptions};
pub(crate) use subject::Subject;
pub(crate) use timeout::{Limit, Timeout};
