#![doc = include_str!("../docs/crate.md")]
#![forbid(unsafe_code)]
// A function that is `extern "C"` does not unwind: a panic in it would end the program. So is what a call has done out of line where nothing panics but
// what is contained: the compiler then keeps nothing for that case, and a call's future in registers for as long as it does not suspend. (A paused clock of
// tokio's panics when it is asked by the destructor of a thread-local, where any panic ends the program.)
#![expect(improper_ctypes_definitions, reason = "only Rust calls what is `extern \"C\"` here")]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod bulkhead;
mod circuit_breaker;
mod classify;
mod context;
mod error;
mod event;
mod expiry;
mod fallback;
mod function;
mod given;
mod keyed;
#[cfg(feature = "toml")]
mod keys;
mod live;
mod mark;
#[cfg(feature = "metrics")]
mod metrics;
mod outcome;
mod policy;
mod registry;
mod retry;
mod span;
mod stripe;
mod sync;
mod thread;
mod tick;
mod timeout;

pub use bulkhead::{Bulkhead, BulkheadSnapshot};
pub use circuit_breaker::{Abandon, CircuitBreaker, CircuitBreakerSnapshot, State};
#[doc(hidden)]
pub use classify::RetryAfterField;
pub use classify::{Class, Classify};
pub use context::{deadline, remaining, with_deadline};
pub use error::{Error, Failure};
pub use event::{Event, Subscription, Suppression, observe};
pub use function::Stats;
pub use keyed::{Keyed, PerKey};
// What rustc names by its path when it is missing or does not fit. Here, so that the path is short and says what is wrong.
#[doc(hidden)]
pub use context::{Attempt, AttemptBy};
#[doc(hidden)]
pub use given::{backoff, when};
#[doc(hidden)]
pub use outcome::{
    AnyResult, needed_by_bulkhead, needed_by_circuit_breaker, needed_by_resilient,
    needed_by_timeout,
};
pub use policy::Policy;
#[doc(hidden)]
pub use registry::Declare;
pub use registry::{
    AnnotatedFunction, BulkheadHealth, CircuitBreakerHealth, Duplicate, FunctionHealth, Health,
    HealthStatus, ItemKind, Layer, LayerKind, Mermaid, PolicyHealth, Registry, Report,
    StartupError, Warning, registry,
};
#[cfg(feature = "toml")]
#[cfg_attr(docsrs, doc(cfg(feature = "toml")))]
pub use registry::{ConfigError, Mistake, Watch};
#[doc = include_str!("../docs/classify.md")]
pub use resilience_macros::Classify;
#[doc = include_str!("../docs/bulkhead.md")]
pub use resilience_macros::bulkhead;
#[doc = include_str!("../docs/circuit_breaker.md")]
pub use resilience_macros::circuit_breaker;
#[doc = include_str!("../docs/fallback.md")]
pub use resilience_macros::fallback;
#[doc = include_str!("../docs/resilient.md")]
pub use resilience_macros::resilient;
#[doc = include_str!("../docs/retry.md")]
pub use resilience_macros::retry;
#[doc = include_str!("../docs/timeout.md")]
pub use resilience_macros::timeout;
pub use retry::{BackoffKind, Jitter, Nested, RetryBudget, RetryPolicy};
pub use timeout::AdaptiveTimeout;
#[doc(hidden)]
pub use timeout::{Timeout, TimeoutLimit, run_detached};

/// Pages about the attributes as a whole.
#[cfg(doc)]
pub mod guide {
    #[doc = include_str!("../docs/checks.md")]
    pub mod checks {}
    #[doc = include_str!("../docs/expansion.md")]
    pub mod expansion {}
    #[doc = include_str!("../docs/performance.md")]
    pub mod performance {}
    #[doc = include_str!("../docs/build_cost.md")]
    pub mod build_cost {}
}

/// The README's code must compile and run.
#[cfg(all(doctest, feature = "toml"))]
#[doc = include_str!("../../README.md")]
struct Readme;
