//! A stack of layers as plain data: read by `parse`, judged by `check`, written by `expand`.

mod bulkhead;
mod circuit_breaker;
mod fallback;
mod keyword;
mod retry;
mod runtime_type;
mod stack;
mod subject;
mod timeout;
mod value;

pub(crate) use bulkhead::Bulkhead;
pub(crate) use circuit_breaker::CircuitBreaker;
pub(crate) use fallback::{Answer, Fallback};
pub(crate) use keyword::{BackoffKind, Jitter, Keyword, OnAbandon};
pub(crate) use retry::{Backoff, InlineRetry, Retry, RetryPlan, RuntimeDurations};
pub(crate) use runtime_type::RuntimeType;
pub(crate) use stack::{Layer, LayerKind, Stack, StackOptions};
pub(crate) use subject::{BuilderCall, BuilderCalls, Subject};
pub(crate) use timeout::{Limit, Timeout};
pub(crate) use value::{WrittenDuration, WrittenNumber};
