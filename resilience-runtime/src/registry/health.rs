//! What is well and what is not, at one moment.

use std::time::Duration;

use super::declared::source::Declared;
use super::declared::{AnnotatedFunction, LayerKind};
use super::index::{functions_in_order, items};
use crate::call_stats::CallStats;
use crate::policy::bulkhead::{Bulkhead, BulkheadSnapshot};
use crate::policy::circuit_breaker::{CircuitBreaker, CircuitBreakerSnapshot};
use crate::policy::combined::Policy;
use crate::policy::keyed::KeyedInstances;
use crate::state::State;

/// How it stands with all that the [`Registry`](crate::Registry) lists, at one moment:
/// [`Registry::health`](crate::Registry::health).
///
/// With the feature `serde` it and its parts are `Serialize`: fields under their names here,
/// variants in `snake_case`, durations as whole milliseconds, rounded up, in a field whose name
/// ends in `_ms`.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Health {
    /// The worst of all functions, and of the statics in a [`register!`](crate::register) that no
    /// function names.
    pub status: HealthStatus,
    /// Every annotated function, in order of their paths.
    pub functions: Vec<FunctionHealth>,
    /// Every breaker, those of policies and each key's included, in order of their names and keys.
    pub circuit_breakers: Vec<CircuitBreakerHealth>,
    /// Every bulkhead, likewise.
    pub bulkheads: Vec<BulkheadHealth>,
    /// Every combined policy, likewise.
    pub policies: Vec<PolicyHealth>,
}

/// What becomes of a call that is made now, as far as breakers and bulkheads know. In order: the
/// greater the worse.
///
/// It tells about the state of now, not about what has been counted: a dependency that was down an
/// hour ago does not count. It says nothing about whether this program is well: a liveness probe
/// that restarts it when a dependency is down makes a bad thing worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum HealthStatus {
    /// It reaches the dependency at once.
    Healthy,
    /// It may: a breaker is half-open, or open and due to let a probe through; a bulkhead is full;
    /// some keys of a [`Keyed`](crate::Keyed) are in one of these states, or rejected; or a
    /// fallback answers instead.
    Degraded,
    /// It is rejected: a breaker is open, or a bulkhead was resized to no slots at all.
    Unhealthy,
}

/// An annotated function.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct FunctionHealth {
    /// Module path and name.
    pub path: &'static str,
    /// The worst of its layers. What stands inside a fallback makes it
    /// [`Degraded`](HealthStatus::Degraded) at worst.
    pub status: HealthStatus,
    /// [`CallStats::success_rate`].
    pub success_rate: Option<f64>,
    /// What has become of its calls since the program started.
    pub stats: CallStats,
}

/// A breaker.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CircuitBreakerHealth {
    /// Its name.
    pub name: &'static str,
    /// Its key, if it is one of a [`Keyed`](crate::Keyed), as it is displayed. `None` also for the
    /// one that all keys share that found no place.
    pub key: Option<String>,
    /// Its state.
    pub state: State,
    /// The time to the next probe, while it is open; zero if one is due. `None` in other states.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "retry_after_ms", serialize_with = "milliseconds")
    )]
    pub retry_after: Option<Duration>,
    /// As in [`CircuitBreakerSnapshot`].
    pub calls: u64,
    /// Failures within the window, while closed.
    pub failures: u64,
    /// Slow calls within the window, while closed.
    pub slow_calls: u64,
    /// Results that came too late to count, since the start.
    pub stale: u64,
}

/// A bulkhead.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct BulkheadHealth {
    /// Its name.
    pub name: &'static str,
    /// Its key, if it is one of a [`Keyed`](crate::Keyed), as it is displayed. `None` also for the
    /// one that all keys share that found no place.
    pub key: Option<String>,
    /// How many calls may be inside.
    pub max_concurrent: u32,
    /// Calls inside.
    pub active: u32,
    /// Calls waiting for a slot.
    pub waiting: u32,
    /// Slots free.
    pub available: u32,
    /// `active` as a share of `max_concurrent`: the number to scale by.
    pub utilization: f64,
}

/// A combined policy: [`Policy::health`].
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct PolicyHealth {
    /// Its name.
    pub name: &'static str,
    /// The worse of its breaker and its bulkhead.
    pub status: HealthStatus,
    /// [`CallStats::success_rate`].
    pub success_rate: Option<f64>,
    /// [`Policy::stats`].
    pub stats: CallStats,
    /// Its breaker, if it has one.
    pub circuit_breaker: Option<CircuitBreakerHealth>,
    /// Its bulkhead, if it has one.
    pub bulkhead: Option<BulkheadHealth>,
}

pub(super) fn health() -> Health {
    let functions: Vec<_> = functions_in_order().into_iter().map(FunctionHealth::of).collect();
    let items = items();
    let unnamed =
        items.iter().filter(|item| item.functions.is_empty()).map(|item| status_of(item.declared));
    let status = functions.iter().map(|function| function.status).chain(unnamed).max();
    let mut health = Health {
        status: status.unwrap_or(HealthStatus::Healthy),
        functions,
        circuit_breakers: Vec::new(),
        bulkheads: Vec::new(),
        policies: Vec::new(),
    };
    for item in items {
        match item.declared {
            Declared::CircuitBreaker(breaker) => {
                health.circuit_breakers.push(CircuitBreakerHealth::of(breaker, None));
            }
            Declared::CircuitBreakers(keyed) => {
                let instances = keyed.all().into_iter();
                health.circuit_breakers.extend(
                    instances.map(|(key, breaker)| CircuitBreakerHealth::of(&breaker, key)),
                );
            }
            Declared::Bulkhead(bulkhead) => {
                health.bulkheads.push(BulkheadHealth::of(bulkhead, None));
            }
            Declared::Bulkheads(keyed) => {
                let instances = keyed.all().into_iter();
                health
                    .bulkheads
                    .extend(instances.map(|(key, bulkhead)| BulkheadHealth::of(&bulkhead, key)));
            }
            Declared::Policy(policy) => health.policies.push(policy.health()),
            Declared::RetryPolicy(_)
            | Declared::RetryBudget(_)
            | Declared::AdaptiveTimeout(_)
            | Declared::Limit(_) => {}
        }
    }
    health.circuit_breakers.sort_by(|a, b| (a.name, &a.key).cmp(&(b.name, &b.key)));
    health.bulkheads.sort_by(|a, b| (a.name, &a.key).cmp(&(b.name, &b.key)));
    health.policies.sort_by_key(|policy| policy.name);
    health
}

fn status_of(declared: Declared) -> HealthStatus {
    match declared {
        Declared::CircuitBreaker(breaker) => of_breaker(&breaker.snapshot()),
        Declared::Bulkhead(bulkhead) => of_bulkhead(&bulkhead.snapshot()),
        Declared::CircuitBreakers(keyed) => {
            worst_of(keyed, |breaker| of_breaker(&breaker.snapshot()))
        }
        Declared::Bulkheads(keyed) => worst_of(keyed, |bulkhead| of_bulkhead(&bulkhead.snapshot())),
        Declared::Policy(policy) => of_policy(policy),
        Declared::RetryPolicy(_)
        | Declared::RetryBudget(_)
        | Declared::AdaptiveTimeout(_)
        | Declared::Limit(_) => HealthStatus::Healthy,
    }
}

fn of_breaker(breaker: &CircuitBreakerSnapshot) -> HealthStatus {
    match breaker.state {
        State::Closed | State::Disabled => HealthStatus::Healthy,
        State::HalfOpen => HealthStatus::Degraded,
        // Should nobody call while it is unhealthy, nobody would ever find out that it is well
        // again.
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

fn of_policy(policy: &Policy) -> HealthStatus {
    let breaker = policy.breaker().map(|breaker| of_breaker(&breaker.snapshot()));
    let bulkhead = policy.pool().map(|bulkhead| of_bulkhead(&bulkhead.snapshot()));
    breaker.max(bulkhead).unwrap_or(HealthStatus::Healthy)
}

/// Other keys may be well.
fn worst_of<P>(keyed: &dyn KeyedInstances<P>, status: impl Fn(&P) -> HealthStatus) -> HealthStatus {
    let worst = keyed.all().iter().map(|(_, instance)| status(instance)).max();
    worst.unwrap_or(HealthStatus::Healthy).min(HealthStatus::Degraded)
}

impl FunctionHealth {
    fn of(function: &AnnotatedFunction) -> Self {
        let stats = function.stats();
        Self {
            path: function.path(),
            status: of_layers(function),
            success_rate: stats.success_rate(),
            stats,
        }
    }
}

/// From the inside out: a fallback answers for what stands inside it.
fn of_layers(function: &AnnotatedFunction) -> HealthStatus {
    function.layers().iter().rev().fold(HealthStatus::Healthy, |inside, layer| {
        match layer.declared() {
            _ if layer.kind() == LayerKind::Fallback => inside.min(HealthStatus::Degraded),
            Some(declared) => inside.max(status_of(declared)),
            None => inside,
        }
    })
}

impl CircuitBreakerHealth {
    fn of(breaker: &CircuitBreaker, key: Option<String>) -> Self {
        let snapshot = breaker.snapshot();
        Self {
            name: breaker.name(),
            key,
            state: snapshot.state,
            retry_after: snapshot.retry_after,
            calls: snapshot.calls,
            failures: snapshot.failures,
            slow_calls: snapshot.slow_calls,
            stale: snapshot.stale,
        }
    }
}

impl BulkheadHealth {
    fn of(bulkhead: &Bulkhead, key: Option<String>) -> Self {
        let snapshot = bulkhead.snapshot();
        Self {
            name: bulkhead.name(),
            key,
            max_concurrent: snapshot.max_concurrent,
            active: snapshot.active,
            waiting: snapshot.waiting,
            available: snapshot.available,
            utilization: snapshot.utilization,
        }
    }
}

impl Policy {
    /// How it stands with its calls, its breaker and its bulkhead, now.
    #[must_use]
    pub fn health(&self) -> PolicyHealth {
        let stats = self.stats();
        PolicyHealth {
            name: self.name(),
            status: of_policy(self),
            success_rate: stats.success_rate(),
            stats,
            circuit_breaker: self.breaker().map(|breaker| CircuitBreakerHealth::of(breaker, None)),
            bulkhead: self.pool().map(|bulkhead| BulkheadHealth::of(bulkhead, None)),
        }
    }
}

/// Rounded up: who waits that long does not come too early.
#[cfg(feature = "serde")]
#[expect(clippy::ref_option, reason = "as serde calls it")]
fn milliseconds<S: serde::Serializer>(
    duration: &Option<Duration>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let whole = duration
        .map(|duration| u64::try_from(duration.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX));
    serde::Serialize::serialize(&whole, serializer)
}
