//! Health: the state of the whole program at one moment.

use std::fmt;
use std::time::Duration;

use super::declared::source::Declared;
use super::declared::{AnnotatedFunction, LayerKind};
use super::index::{functions_in_order, index};
use super::keyed_health::keyed_health;
pub use super::keyed_health::{KeyedHealth, KeysByState};
use super::living::{Living, LivingPolicy, living};
use super::recent::Recent;
use crate::call_stats::CallStats;
use crate::outcome::Key;
use crate::policy::bulkhead::BulkheadSnapshot;
use crate::policy::circuit_breaker::CircuitBreakerSnapshot;
use crate::policy::combined::{Policy, PolicyLayers};
use crate::policy::keyed::KeyedInstances;
use crate::state::State;
use crate::state_now::StateNow;

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
    /// Every combined policy, in order of their names.
    pub policies: Vec<PolicyHealth>,
    /// Every [`Keyed`](crate::Keyed), in order of their names.
    pub keyed: Vec<KeyedHealth>,
}

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

/// State of an annotated function.
///
/// ```
/// for function in resilience::registry().health().functions {
///     println!("{} {}: {} calls", function.path, function.status, function.stats.calls);
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct FunctionHealth {
    /// Module path and name.
    pub path: &'static str,
    /// The worst of the function's layers. A fallback makes what is inside it
    /// [`Degraded`](HealthStatus::Degraded) at worst.
    pub status: HealthStatus,
    /// [`CallStats::success_rate`] of the last minutes: without the answers of fallbacks.
    pub success_rate: Option<f64>,
    /// [`CallStats::fallback_rate`] of the last minutes: the share of calls that fallbacks
    /// answered.
    pub fallback_rate: Option<f64>,
    /// Counts of the function's calls in the last minutes: [`Health::period`].
    pub recent: CallStats,
    /// Counts of the function's calls since the program started.
    pub stats: CallStats,
}

/// State of a breaker.
///
/// ```
/// for breaker in resilience::registry().health().circuit_breakers {
///     println!("{breaker}"); // payment: open, probe due
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CircuitBreakerHealth {
    /// The breaker's name.
    pub name: &'static str,
    /// Key, as it is displayed, of an instance of a [`Keyed`](crate::Keyed).
    pub key: Option<Key>,
    /// State of the breaker.
    pub state: State,
    /// Set if the breaker is open and admits the next call as a probe: without traffic it stays
    /// open, and nobody finds out that the dependency is well again.
    pub probe_due: bool,
    /// Time to the next probe, while open; zero if a probe is due. `None` in other states.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "retry_after_ms", serialize_with = "crate::time::milliseconds")
    )]
    pub retry_after: Option<Duration>,
    /// Calls within the window, as in [`CircuitBreakerSnapshot`].
    pub calls: u64,
    /// Failures within the window, while closed.
    pub failures: u64,
    /// Slow calls within the window, while closed.
    pub slow_calls: u64,
    /// Results that came too late to count, since the start.
    pub stale: u64,
}

/// State of a bulkhead.
///
/// ```
/// for bulkhead in resilience::registry().health().bulkheads {
///     println!("{}: {} of {}", bulkhead.name, bulkhead.active, bulkhead.max_concurrent);
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct BulkheadHealth {
    /// The bulkhead's name.
    pub name: &'static str,
    /// Key, as it is displayed, of an instance of a [`Keyed`](crate::Keyed). `None` also for the
    /// overflow bulkhead, which all keys share that found no place.
    pub key: Option<Key>,
    /// Number of calls that may be inside.
    pub max_concurrent: u32,
    /// Number of calls inside.
    pub active: u32,
    /// Number of calls waiting for a slot.
    pub waiting: u32,
    /// Number of free slots.
    pub available: u32,
    /// `active` as a share of `max_concurrent`: the number for an autoscaler.
    pub utilization: f64,
}

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
    /// The worse of its breaker and its bulkhead;
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
}

pub(super) fn health() -> Health {
    let recent = Recent::read();
    let functions: Vec<_> = functions_in_order()
        .zip(recent.functions())
        .map(|(function, recent)| FunctionHealth::of(function, recent))
        .collect();
    let items = &index().items;
    let unnamed = items.iter().filter(|item| item.functions.is_empty());
    let unnamed = unnamed.map(|item| match item.declared {
        Declared::Policy(policy) => PolicyHealth::of(policy, &recent).status,
        declared => status_of(declared),
    });
    let shared = living();
    let of_shared = shared.iter().map(status_of_shared);
    let status = functions.iter().map(|function| function.status).chain(unnamed).chain(of_shared);
    let status = status.max();
    let mut health = Health {
        status: status.unwrap_or(HealthStatus::Healthy),
        period: recent.period,
        functions,
        circuit_breakers: Vec::new(),
        bulkheads: Vec::new(),
        policies: Vec::new(),
        keyed: keyed_health(),
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

/// Degraded at worst: other values may be well.
fn status_of_shared(shared: &Living) -> HealthStatus {
    let status = match &shared.policy {
        LivingPolicy::CircuitBreaker(breaker) => of_breaker(&breaker.snapshot()),
        LivingPolicy::Bulkhead(bulkhead) => of_bulkhead(&bulkhead.snapshot()),
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

fn of_policy(policy: &Policy) -> HealthStatus {
    let PolicyLayers { circuit_breaker, bulkhead, .. } = policy.layers();
    let breaker = circuit_breaker.map(|breaker| of_breaker(&breaker.snapshot()));
    let bulkhead = bulkhead.map(|bulkhead| of_bulkhead(&bulkhead.snapshot()));
    breaker.max(bulkhead).unwrap_or(HealthStatus::Healthy)
}

/// Degraded at worst: other keys may be well.
fn worst_of<P>(keyed: &dyn KeyedInstances<P>, status: impl Fn(&P) -> HealthStatus) -> HealthStatus {
    let mut worst = HealthStatus::Healthy;
    keyed.each(&mut |instance| worst = worst.max(status(instance)));
    worst.min(HealthStatus::Degraded)
}

impl FunctionHealth {
    fn of(function: &AnnotatedFunction, recent: CallStats) -> Self {
        Self {
            path: function.path(),
            status: of_layers(function).max(of_calls(&recent)),
            success_rate: recent.success_rate(),
            fallback_rate: recent.fallback_rate(),
            recent,
            stats: function.stats(),
        }
    }
}

/// Degraded at worst: what has been counted says nothing certain about the next call.
fn of_calls(recent: &CallStats) -> HealthStatus {
    if recent.is_mostly_fallback() || recent.is_mostly_abandoned() {
        HealthStatus::Degraded
    } else {
        HealthStatus::Healthy
    }
}

/// From the inside out: a fallback answers for the layers inside it.
fn of_layers(function: &AnnotatedFunction) -> HealthStatus {
    function.layers().iter().rev().fold(HealthStatus::Healthy, |inside, layer| {
        match layer.declared() {
            _ if layer.kind() == LayerKind::Fallback => inside.min(HealthStatus::Degraded),
            Some(declared) => inside.max(status_of(declared)),
            None => inside,
        }
    })
}

/// Shows name, key and state, as in `payment (key a.example): open, probe due`.
impl fmt::Display for CircuitBreakerHealth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        if let Some(key) = &self.key {
            write!(f, " (key {key})")?;
        }
        write!(f, ": {}", StateNow { state: self.state, retry_after: self.retry_after })
    }
}

impl CircuitBreakerHealth {
    fn of(snapshot: CircuitBreakerSnapshot) -> Self {
        Self {
            name: snapshot.name,
            key: snapshot.key,
            state: snapshot.state,
            probe_due: StateNow { state: snapshot.state, retry_after: snapshot.retry_after }
                .is_probe_due(),
            retry_after: snapshot.retry_after,
            calls: snapshot.calls,
            failures: snapshot.failures,
            slow_calls: snapshot.slow_calls,
            stale: snapshot.stale,
        }
    }
}

impl BulkheadHealth {
    fn of(snapshot: BulkheadSnapshot) -> Self {
        Self {
            name: snapshot.name,
            key: snapshot.key,
            max_concurrent: snapshot.max_concurrent,
            active: snapshot.active,
            waiting: snapshot.waiting,
            available: snapshot.available,
            utilization: snapshot.utilization,
        }
    }
}

impl Policy {
    /// State of its calls, its breaker and its bulkhead, now.
    #[must_use]
    pub fn health(&self) -> PolicyHealth {
        PolicyHealth::of(self, &Recent::read())
    }
}

impl PolicyHealth {
    fn of(policy: &Policy, recent: &Recent) -> Self {
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
        }
    }
}
