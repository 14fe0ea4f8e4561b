#![doc = include_str!("../docs/crate.md")]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[doc(hidden)]
#[path = "expansion/mod.rs"]
pub mod __private;
mod call_outcome;
mod call_stats;
#[cfg(feature = "toml")]
#[cfg_attr(docsrs, doc(cfg(feature = "toml")))]
pub mod config;
mod debug;
mod detached_counts;
mod event;
mod function;
pub mod limits;
mod outcome;
mod policy;
mod registry;
mod state;
mod state_now;
mod sync;
mod task;
mod time;
#[cfg(not(all(feature = "metrics", feature = "toml")))]
mod without_features;

pub use call_stats::CallStats;
pub use event::{Event, ObserverGuard, SuppressionReason, observe};
pub use outcome::{Class, Classify, Error, Failure, Key};
pub use policy::bulkhead::{Bulkhead, Permit};
pub use policy::circuit_breaker::{Admission, CircuitBreaker};
pub use policy::combined::Policy;
pub use policy::keyed::Keyed;
pub use policy::rate_limiter::RateLimiter;
pub use policy::retry::RetryPolicy;
pub use policy::retry_budget::RetryBudget;
pub use policy::timeout::AdaptiveTimeout;
pub use registry::{Registry, health, registry, report};

/// Parts of events and errors: what happened, and the text of the error that did it.
pub mod events {
    pub use crate::event::KeyedKind;
    pub use crate::outcome::{Cause, ErrorText};
    pub use crate::state::TransitionReason;
}

/// Parts of what the [`Registry`] lists: annotated functions and their layers, the keys of a
/// [`Keyed`], policies of values, and work that goes on without its caller.
pub mod declared {
    pub use crate::policy::keyed::KeyedPolicy;
    pub use crate::policy::timeout::DetachedWork;
    #[doc(hidden)]
    pub use crate::registry::declared::Listed;
    pub use crate::registry::declared::{
        AnnotatedFunction, ItemKind, Layer, LayerKind, PolicyLayers,
    };
    pub use crate::registry::{KeyedHandle, SharedPolicy};
}

/// ```
/// use resilience::{BackoffKind, Jitter, RetryPolicy};
/// use std::time::Duration;
///
/// static STEPS: RetryPolicy = RetryPolicy::new("steps")
///     .backoff(BackoffKind::Linear)
///     .base_delay(Duration::from_millis(100))
///     .jitter(Jitter::None);
/// static OWN: RetryPolicy = RetryPolicy::new("own")
///     .backoff(BackoffKind::Custom(|attempt| Duration::from_millis(100) * attempt));
/// assert_eq!(BackoffKind::Linear.to_string(), "linear");
/// ```
#[doc(inline)]
pub use resilience_options::BackoffKind;
/// ```
/// use resilience::{Jitter, RetryPolicy};
///
/// static STANDARD: RetryPolicy = RetryPolicy::new("standard").jitter(Jitter::Equal);
/// assert_eq!(Jitter::Equal.to_string(), "equal");
/// ```
#[doc(inline)]
pub use resilience_options::Jitter;
/// ```
/// use resilience::{NestedRetry, RetryPolicy};
///
/// static INNER: RetryPolicy = RetryPolicy::new("inner").nested(NestedRetry::Allow);
/// assert_eq!(NestedRetry::Allow.to_string(), "allow");
/// ```
#[doc(inline)]
pub use resilience_options::NestedRetry;
/// ```
/// use resilience::{CircuitBreaker, OnAbandon};
///
/// static SLOW: CircuitBreaker = CircuitBreaker::new("slow").on_abandon(OnAbandon::Failure);
/// assert_eq!(OnAbandon::Failure.to_string(), "failure");
/// ```
#[doc(inline)]
pub use resilience_options::OnAbandon;

pub use state::State;
pub use task::{deadline, remaining, with_deadline};

#[doc = include_str!("../docs/classify.md")]
pub use resilience_macros::Classify;
#[doc = include_str!("../docs/bulkhead.md")]
pub use resilience_macros::bulkhead;
#[doc = include_str!("../docs/circuit_breaker.md")]
pub use resilience_macros::circuit_breaker;
#[doc = include_str!("../docs/fallback.md")]
pub use resilience_macros::fallback;
#[doc = include_str!("../docs/rate_limiter.md")]
pub use resilience_macros::rate_limiter;
#[doc = include_str!("../docs/resilient.md")]
pub use resilience_macros::resilient;
#[doc = include_str!("../docs/retry.md")]
pub use resilience_macros::retry;
#[doc = include_str!("../docs/timeout.md")]
pub use resilience_macros::timeout;

// What rustc names by its path when it is missing or does not fit. Here, so that the path is short
// and says what is wrong.
#[doc(hidden)]
pub use __private::argument::ConsumedArgument;
#[doc(hidden)]
pub use __private::subject::LivesOn;
#[doc(hidden)]
pub use __private::user_fn::{backoff, when};
#[doc(hidden)]
pub use outcome::{
    AnyResult, FromBulkheadError, FromCircuitBreakerError, FromRateLimiterError,
    FromResilientError, FromTimeoutError, RetryAfterField,
};
#[doc(hidden)]
pub use policy::timeout::{LimitOfCall, Timeout, TimeoutLimit, run_detached};
#[doc(hidden)]
pub use registry::declared::register::Register;
#[doc(hidden)]
pub use task::{Attempt, Body, OptionalAttempt};

#[cfg(not(feature = "metrics"))]
#[doc(hidden)]
pub use without_features::FeatureMetrics;
#[cfg(not(feature = "toml"))]
#[doc(hidden)]
pub use without_features::FeatureToml;

/// Pages about the attributes as a whole.
#[cfg(doc)]
pub mod guide {
    #[doc = include_str!("../docs/checks.md")]
    pub mod checks {}
    #[doc = include_str!("../docs/expansion.md")]
    pub mod expansion {}
    #[doc = include_str!("../docs/foreign_attributes.md")]
    pub mod foreign_attributes {}
    #[doc = include_str!("../docs/in_tests.md")]
    pub mod in_tests {}
    #[doc = include_str!("../docs/performance.md")]
    pub mod performance {}
    #[doc = include_str!("../docs/build_cost.md")]
    pub mod build_cost {}
}

/// The README's code must compile and run.
#[cfg(all(doctest, feature = "toml"))]
#[doc = include_str!("../../README.md")]
struct Readme;
