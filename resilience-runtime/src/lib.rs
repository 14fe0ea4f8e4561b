//! Attributes that make async functions survive failing dependencies.
#![forbid(unsafe_code)]

mod bulkhead;
mod circuit_breaker;
mod classify;
mod context;
mod error;
mod event;
mod fallback;
mod function;
mod outcome;
#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod registry;
mod retry;
mod timeout;

pub use bulkhead::{Bulkhead, BulkheadSnapshot};
pub use circuit_breaker::{Abandon, CircuitBreaker, CircuitBreakerSnapshot, State};
pub use classify::{Class, Classify};
pub use error::{Error, Failure};
pub use event::{Event, Subscription, Suppression, observe};
pub use function::Stats;
pub use registry::{AnnotatedFunction, Layer, Registry, registry};
pub use resilience_macros::{bulkhead, circuit_breaker, fallback, retry, timeout};
pub use retry::{BackoffKind, Jitter, Nested, RetryPolicy};
