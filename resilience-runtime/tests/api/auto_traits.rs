//! The public types and the futures of calls can be shared and sent between threads, and moved:
//! checked by the compiler.

use std::future::{Future, Ready};

use resilience::declared::{
    AnnotatedFunction, DetachedWork, ItemKind, KeyedHandle, Layer, LayerKind, PolicyLayers,
};
use resilience::events::{ErrorText, KeyedKind, TransitionReason};
use resilience::health::{
    BulkheadHealth, BulkheadSnapshot, CircuitBreakerHealth, CircuitBreakerSnapshot, FunctionHealth,
    Health, HealthStatus, KeyedHealth, KeysByState, PolicyHealth, RateLimiterHealth,
    RateLimiterSnapshot,
};
use resilience::limits::{Limit, LimitValue, Limits, Origin};
use resilience::report::{CheckError, Duplicate, Mermaid, Report, Warning};
use resilience::{
    AdaptiveTimeout, Admission, BackoffKind, Bulkhead, CallStats, CircuitBreaker, Class, Error,
    Event, Failure, Jitter, Keyed, NestedRetry, ObserverGuard, OnAbandon, Permit, Policy,
    RateLimiter, Registry, RetryBudget, RetryPolicy, State, SuppressionReason,
};

macro_rules! assert_shared {
    ($($ty:ty),* $(,)?) => {
        const _: () = {
            const fn is_shared<T: Send + Sync + Unpin>() {}
            $(is_shared::<$ty>();)*
        };
    };
}

assert_shared!(
    AdaptiveTimeout,
    Admission<'static>,
    Bulkhead,
    CircuitBreaker,
    Keyed<Bulkhead>,
    Keyed<CircuitBreaker, u64>,
    Permit<'static>,
    Policy,
    RateLimiter,
    Keyed<RateLimiter>,
    RateLimiterHealth,
    RateLimiterSnapshot,
    PolicyLayers<'static>,
    Registry,
    RetryBudget,
    RetryPolicy,
);

assert_shared!(
    BackoffKind,
    Class,
    Error,
    ErrorText,
    Event,
    Failure<std::io::Error>,
    Jitter,
    KeyedKind,
    NestedRetry,
    ObserverGuard,
    OnAbandon,
    State,
    SuppressionReason,
    TransitionReason,
);

assert_shared!(
    AnnotatedFunction,
    BulkheadHealth,
    BulkheadSnapshot,
    CallStats,
    CheckError,
    DetachedWork,
    CircuitBreakerHealth,
    CircuitBreakerSnapshot,
    Duplicate,
    FunctionHealth,
    Health,
    HealthStatus,
    ItemKind,
    KeyedHandle,
    KeyedHealth,
    KeysByState,
    Layer,
    LayerKind,
    Limit,
    LimitValue,
    Limits,
    Mermaid<'static>,
    Origin,
    PolicyHealth,
    Report,
    Warning,
);

#[cfg(feature = "toml")]
assert_shared!(
    resilience::config::ConfigError,
    resilience::config::Diagnostic,
    resilience::config::FileWatcher,
);

static BREAKER: CircuitBreaker = CircuitBreaker::new("subject");
static BULKHEAD: Bulkhead = Bulkhead::new("subject");
static POLICY: Policy = Policy::important("subject");
static RETRY: RetryPolicy = RetryPolicy::new("subject");

type Answer = Ready<Result<u32, std::io::Error>>;

/// A future that an executor of many threads takes.
fn is_sent<F: Future + Send + Sync + 'static>(_: &F) {}

#[test]
fn the_futures_of_calls_can_be_spawned() {
    let call = || -> Answer { std::future::ready(Ok(7)) };
    let transient = |_: &std::io::Error| Class::Transient;
    is_sent(&BREAKER.call(call));
    is_sent(&BREAKER.call_with(transient, call));
    is_sent(&BULKHEAD.call(call));
    is_sent(&BULKHEAD.acquire());
    is_sent(&POLICY.call(call));
    is_sent(&POLICY.call_with(transient, call));
    is_sent(&RETRY.call(call));
    is_sent(&RETRY.call_with(transient, call));
    is_sent(&resilience::with_deadline(None, call()));
}
