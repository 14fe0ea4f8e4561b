//! The rules by which something is healthy, degraded or unhealthy.

use std::fmt;
use std::time::Duration;

use crate::call_stats::CallStats;
use crate::policy::bulkhead::BulkheadSnapshot;
use crate::policy::circuit_breaker::CircuitBreakerSnapshot;
use crate::policy::combined::{Policy, PolicyLayers};
use crate::policy::keyed::KeyedInstances;
use crate::policy::rate_limiter::RateLimiter;
use crate::registry::declared::source::Declared;
use crate::registry::declared::{AnnotatedFunction, LayerKind};
use crate::registry::living::{Living, LivingPolicy};
use crate::state::State;

/// Fate of a call that is made now, as far as breakers and bulkheads know. In order: the greater
/// the worse.
///
/// The status is about the present state and the calls of the last minutes: a dependency that was
/// down an hour ago does not matter. It is not about this program: a liveness probe that restarts
/// the program when a dependency is down makes a bad thing worse.
///
/// ```
/// use resilience::health::HealthStatus;
///
/// assert!(HealthStatus::Healthy < HealthStatus::Degraded);
/// assert_eq!(HealthStatus::Degraded.to_string(), "degraded");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum HealthStatus {
    /// The call reaches the dependency at once.
    Healthy,
    /// The call may reach the dependency: a breaker is half-open, or open and due to let a probe
    /// through; a bulkhead is full; some keys of a [`Keyed`](crate::Keyed) are in one of these
    /// states, or rejected; or a fallback answers instead.
    ///
    /// Also if fallbacks answered most calls of the last minutes; and if most calls of the last
    /// minutes were abandoned and less than a tenth was answered, of at least ten: the callers are
    /// less patient than the limits, and hide an outage.
    Degraded,
    /// The call is rejected: a breaker is open, or a bulkhead was resized to no slots at all.
    Unhealthy,
}

impl fmt::Display for HealthStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Healthy => "healthy",
            Self::Degraded => "degraded",
            Self::Unhealthy => "unhealthy",
        })
    }
}

pub(super) fn of_static(declared: Declared) -> HealthStatus {
    match declared {
        Declared::CircuitBreaker(breaker) => of_breaker(&breaker.snapshot()),
        Declared::Bulkhead(bulkhead) => of_bulkhead(&bulkhead.snapshot()),
        Declared::CircuitBreakers(keyed) => {
            worst_of(keyed, |breaker| of_breaker(&breaker.snapshot()))
        }
        Declared::Bulkheads(keyed) => worst_of(keyed, |bulkhead| of_bulkhead(&bulkhead.snapshot())),
        Declared::RateLimiter(limiter) => of_limiter(limiter),
        Declared::RateLimiters(keyed) => worst_of(keyed, of_limiter),
        Declared::Policy(policy) => of_policy(policy),
        Declared::RetryPolicy(_)
        | Declared::RetryBudget(_)
        | Declared::AdaptiveTimeout(_)
        | Declared::Limit(_) => HealthStatus::Healthy,
    }
}

/// Degraded at worst: other values may be well.
pub(super) fn of_shared(shared: &Living) -> HealthStatus {
    let status = match &shared.policy {
        LivingPolicy::CircuitBreaker(breaker) => of_breaker(&breaker.snapshot()),
        LivingPolicy::Bulkhead(bulkhead) => of_bulkhead(&bulkhead.snapshot()),
        LivingPolicy::RateLimiter(limiter) => of_limiter(limiter),
    };
    status.min(HealthStatus::Degraded)
}

fn of_breaker(breaker: &CircuitBreakerSnapshot) -> HealthStatus {
    match breaker.state {
        State::Closed | State::Disabled => HealthStatus::Healthy,
        State::HalfOpen => HealthStatus::Degraded,
        // If nobody called an unhealthy one, no probe would ever find out that it is well again.
        State::Open if breaker.retry_after == Some(Duration::ZERO) => HealthStatus::Degraded,
        State::Open | State::ForcedOpen => HealthStatus::Unhealthy,
    }
}

const fn of_bulkhead(bulkhead: &BulkheadSnapshot) -> HealthStatus {
    match bulkhead {
        BulkheadSnapshot { max_concurrent: 0, .. } => HealthStatus::Unhealthy,
        BulkheadSnapshot { available: 0, .. } => HealthStatus::Degraded,
        _ => HealthStatus::Healthy,
    }
}

/// Degraded while the dependency has asked for a pause.
fn of_limiter(limiter: &RateLimiter) -> HealthStatus {
    match limiter.snapshot().paused_for {
        Some(_) => HealthStatus::Degraded,
        None => HealthStatus::Healthy,
    }
}

pub(super) fn of_policy(policy: &Policy) -> HealthStatus {
    let PolicyLayers { circuit_breaker, bulkhead, rate_limiter, .. } = policy.layers();
    let breaker = circuit_breaker.map(|breaker| of_breaker(&breaker.snapshot()));
    let bulkhead = bulkhead.map(|bulkhead| of_bulkhead(&bulkhead.snapshot()));
    breaker.max(bulkhead).max(rate_limiter.map(of_limiter)).unwrap_or(HealthStatus::Healthy)
}

/// Degraded at worst: other keys may be well.
fn worst_of<P>(keyed: &dyn KeyedInstances<P>, status: impl Fn(&P) -> HealthStatus) -> HealthStatus {
    let mut worst = HealthStatus::Healthy;
    keyed.each(&mut |instance| worst = worst.max(status(instance)));
    worst.min(HealthStatus::Degraded)
}

/// Degraded at worst: what has been counted says nothing certain about the next call.
pub(super) fn of_calls(recent: &CallStats) -> HealthStatus {
    if recent.is_mostly_fallback() || recent.is_mostly_abandoned() {
        HealthStatus::Degraded
    } else {
        HealthStatus::Healthy
    }
}

/// From the inside out: a fallback answers for the layers inside it.
pub(super) fn of_layers(function: &AnnotatedFunction) -> HealthStatus {
    function.layers().iter().rev().fold(HealthStatus::Healthy, |inside, layer| {
        match layer.declared() {
            _ if layer.kind() == LayerKind::Fallback => inside.min(HealthStatus::Degraded),
            Some(declared) => inside.max(of_static(declared)),
            None => inside,
        }
    })
}
