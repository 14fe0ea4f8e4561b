//! Health of a combined policy.

use super::bulkhead::BulkheadHealth;
use super::circuit_breaker::CircuitBreakerHealth;
use super::rate_limiter::RateLimiterHealth;
use super::status::{HealthStatus, of_policy};
use crate::call_stats::CallStats;
use crate::policy::combined::Policy;
use crate::registry::recent::Recent;

/// State of a combined policy: [`Policy::health`].
///
/// ```
/// use resilience::Policy;
/// use resilience::health::HealthStatus;
///
/// static PAYMENT: Policy = Policy::important("payment");
///
/// let health = PAYMENT.health();
/// assert_eq!((health.name, health.status), ("payment", HealthStatus::Healthy));
/// assert!(health.circuit_breaker.is_some() && health.bulkhead.is_none());
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct PolicyHealth {
    /// The policy's name.
    pub name: &'static str,
    /// The worst of its breaker, its bulkhead and its rate limiter;
    /// [`Degraded`](HealthStatus::Degraded) if most calls of the last minutes were abandoned and
    /// hardly any was answered.
    pub status: HealthStatus,
    /// [`CallStats::success_rate`] of the last minutes.
    pub success_rate: Option<f64>,
    /// [`CallStats::fallback_rate`] of the last minutes.
    pub fallback_rate: Option<f64>,
    /// [`Policy::stats`] of the last minutes, if the registry knows the policy; else the same as
    /// `stats`.
    pub recent: CallStats,
    /// [`Policy::stats`].
    pub stats: CallStats,
    /// Its breaker, if it has one.
    pub circuit_breaker: Option<CircuitBreakerHealth>,
    /// Its bulkhead, if it has one.
    pub bulkhead: Option<BulkheadHealth>,
    /// Its rate limiter, if it has one.
    pub rate_limiter: Option<RateLimiterHealth>,
}

impl Policy {
    /// State of its calls, its breaker and its bulkhead, now.
    #[must_use]
    pub fn health(&self) -> PolicyHealth {
        PolicyHealth::of(self, &Recent::read())
    }
}

impl PolicyHealth {
    pub(super) fn of(policy: &Policy, recent: &Recent) -> Self {
        let (stats, layers) = (policy.stats(), policy.layers());
        let recent = recent.of_policy(policy).unwrap_or(stats);
        // The fallbacks are around the policy, and not part of it.
        let of_calls = if recent.is_mostly_abandoned() {
            HealthStatus::Degraded
        } else {
            HealthStatus::Healthy
        };
        Self {
            name: policy.name(),
            status: of_policy(policy).max(of_calls),
            success_rate: recent.success_rate(),
            fallback_rate: recent.fallback_rate(),
            recent,
            stats,
            circuit_breaker: layers
                .circuit_breaker
                .map(|breaker| CircuitBreakerHealth::of(breaker.snapshot())),
            bulkhead: layers.bulkhead.map(|bulkhead| BulkheadHealth::of(bulkhead.snapshot())),
            rate_limiter: layers
                .rate_limiter
                .map(|limiter| RateLimiterHealth::of(limiter.snapshot())),
        }
    }
}
