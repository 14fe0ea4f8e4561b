//! Health of the whole program.

use std::time::Duration;

use super::bulkhead::BulkheadHealth;
use super::circuit_breaker::CircuitBreakerHealth;
use super::function::FunctionHealth;
use super::in_force::{ConfigurationHealth, configuration};
use super::keyed::{KeyedHealth, keyed_health};
use super::policy::PolicyHealth;
use super::rate_limiter::RateLimiterHealth;
use super::status::{HealthStatus, of_shared, of_static};
use crate::registry::declared::source::Declared;
use crate::registry::index::{functions_in_order, index};
use crate::registry::living::{LivingPolicy, living};
use crate::registry::recent::Recent;

/// State of everything that the [`Registry`](crate::Registry) lists, at one moment:
/// [`Registry::health`](crate::Registry::health).
///
/// With the feature `serde` this type and its parts are `Serialize`: fields under their names here,
/// variants in `snake_case`, durations as whole milliseconds, rounded up, in a field whose name
/// ends in `_ms`.
///
/// ```
/// use resilience::health::{Health, HealthStatus};
///
/// /// The answer of a readiness probe.
/// fn ready(health: &Health) -> u16 {
///     match health.status {
///         HealthStatus::Unhealthy => 503,
///         _ => 200,
///     }
/// }
///
/// assert_eq!(ready(&resilience::registry().health()), 200);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Health {
    /// The worst of all functions, and of the statics in a [`register!`](crate::register) that no
    /// function names. A breaker or bulkhead that a value has
    /// [registered](crate::Registry::register) makes it [`Degraded`](HealthStatus::Degraded) at
    /// worst: the others may be well.
    pub status: HealthStatus,
    /// Time that the rates and the `recent` counts are about: five minutes, or up to ten seconds
    /// less.
    ///
    /// No call reads a clock for the rates: each reading of the health, the report or the metrics
    /// leaves the counts for later ones. So the period is longer after a pause of more than five
    /// minutes: for five minutes, the rates are about all calls since the last reading before the
    /// pause. `None` in the first five minutes of readings: the rates are about all calls since the
    /// start of the program.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "period_ms", serialize_with = "crate::time::milliseconds")
    )]
    pub period: Option<Duration>,
    /// Every annotated function, in order of their paths.
    pub functions: Vec<FunctionHealth>,
    /// Every breaker, in order of their names and keys. The breakers of combined policies, of each
    /// key and of [values](crate::Registry::register) are included.
    pub circuit_breakers: Vec<CircuitBreakerHealth>,
    /// Every bulkhead, in order of their names and keys. The bulkheads of combined policies, of
    /// each key and of [values](crate::Registry::register) are included.
    pub bulkheads: Vec<BulkheadHealth>,
    /// Every rate limiter, in order of their names and keys. The limiters of combined policies, of
    /// each key and of [values](crate::Registry::register) are included.
    pub rate_limiters: Vec<RateLimiterHealth>,
    /// Every combined policy, in order of their names.
    pub policies: Vec<PolicyHealth>,
    /// Every [`Keyed`](crate::Keyed), in order of their names.
    pub keyed: Vec<KeyedHealth>,
    /// The configuration whose limits are in force.
    pub configuration: ConfigurationHealth,
}

pub(in crate::registry) fn health() -> Health {
    let recent = Recent::read();
    let functions: Vec<_> = functions_in_order()
        .zip(recent.functions())
        .map(|(function, recent)| FunctionHealth::of(function, recent))
        .collect();
    let items = &index().items;
    let unnamed = items.iter().filter(|item| item.functions.is_empty());
    let unnamed = unnamed.map(|item| match item.declared {
        Declared::Policy(policy) => PolicyHealth::of(policy, &recent).status,
        declared => of_static(declared),
    });
    let shared = living();
    let of_shared = shared.iter().map(of_shared);
    let status = functions.iter().map(|function| function.status).chain(unnamed).chain(of_shared);
    let status = status.max();
    let mut health = Health {
        status: status.unwrap_or(HealthStatus::Healthy),
        period: recent.period,
        functions,
        circuit_breakers: Vec::new(),
        bulkheads: Vec::new(),
        rate_limiters: Vec::new(),
        policies: Vec::new(),
        keyed: keyed_health(),
        configuration: configuration(),
    };
    for item in items {
        match item.declared {
            Declared::CircuitBreaker(breaker) => {
                health.circuit_breakers.push(CircuitBreakerHealth::of(breaker.snapshot()));
            }
            Declared::CircuitBreakers(keyed) => {
                keyed.each(&mut |breaker| {
                    health.circuit_breakers.push(CircuitBreakerHealth::of(breaker.snapshot()));
                });
            }
            Declared::Bulkhead(bulkhead) => {
                health.bulkheads.push(BulkheadHealth::of(bulkhead.snapshot()));
            }
            Declared::Bulkheads(keyed) => {
                keyed.each(&mut |bulkhead| {
                    health.bulkheads.push(BulkheadHealth::of(bulkhead.snapshot()));
                });
            }
            Declared::RateLimiter(limiter) => {
                health.rate_limiters.push(RateLimiterHealth::of(limiter.snapshot()));
            }
            Declared::RateLimiters(keyed) => {
                keyed.each(&mut |limiter| {
                    health.rate_limiters.push(RateLimiterHealth::of(limiter.snapshot()));
                });
            }
            Declared::Policy(policy) => {
                health.policies.push(PolicyHealth::of(policy, &recent));
            }
            Declared::RetryPolicy(_)
            | Declared::RetryBudget(_)
            | Declared::AdaptiveTimeout(_)
            | Declared::Limit(_) => {}
        }
    }
    for shared in shared {
        match shared.policy {
            LivingPolicy::CircuitBreaker(breaker) => {
                health.circuit_breakers.push(CircuitBreakerHealth::of(breaker.snapshot()));
            }
            LivingPolicy::Bulkhead(bulkhead) => {
                health.bulkheads.push(BulkheadHealth::of(bulkhead.snapshot()));
            }
            LivingPolicy::RateLimiter(limiter) => {
                health.rate_limiters.push(RateLimiterHealth::of(limiter.snapshot()));
            }
        }
    }
    health.circuit_breakers.sort_by(|a, b| (a.name, &a.key).cmp(&(b.name, &b.key)));
    health.bulkheads.sort_by(|a, b| (a.name, &a.key).cmp(&(b.name, &b.key)));
    health.rate_limiters.sort_by(|a, b| (a.name, &a.key).cmp(&(b.name, &b.key)));
    health.policies.sort_by_key(|policy| policy.name);
    health
}
