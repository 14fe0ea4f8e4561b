//! The registry's figures for the `metrics` facade.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use metrics::{Unit, counter, describe_counter, describe_gauge, gauge};

use super::index::index;
use super::living::{LivingPolicy, living};
use super::publish_keys::publish_keys;
use super::recent::Recent;
use super::registry::Registry;
use crate::call_stats::CallStats;
use crate::policy::bulkhead::{Bulkhead, BulkheadSnapshot};
use crate::policy::circuit_breaker::{CircuitBreaker, CircuitBreakerSnapshot};
use crate::policy::rate_limiter::{RateLimiter, RateLimiterSnapshot};
use crate::state::{State, TransitionReason};

impl Registry {
    /// Passes the current figures of the registry to the recorder of the [`metrics`](::metrics)
    /// facade. Feature `metrics`.
    ///
    /// Call it once after the recorder has been installed: this registers every name at zero. Then
    /// call it before each scrape, or every few seconds. Calls of functions use counters of this
    /// library, and never wait for a recorder. Only `resilience_circuit_breaker_transitions_total`
    /// is counted immediately, because a transition can't be read later.
    ///
    /// The instances of a [`Keyed`](crate::Keyed) share one name. Their transitions are counted,
    /// and their keys by state. A key is never a label, because a recorder would keep its figures
    /// forever: [`health`](Self::health) has the figures of each instance.
    ///
    /// | counter | labels |
    /// |---|---|
    /// | `resilience_calls_total` | `function`, `outcome`: `success`, `failure`, `expected`, `ignored`, `rejected`, `timed_out`, `fallback`, `abandoned` |
    /// | `resilience_retries_total`, `resilience_nested_retries_total`, `resilience_timeouts_total`, `resilience_fallbacks_total` | `function` |
    /// | `resilience_failures_behind_fallbacks_total` | `function` |
    /// | `resilience_detached_total`, `resilience_detached_ended_total`, `resilience_detached_panics_total` | `function` |
    /// | `resilience_rejections_total` | `function`, `by`: `circuit_breaker`, `bulkhead`, `rate_limiter` |
    /// | `resilience_circuit_breaker_transitions_total` | `name`, `to`, `reason` |
    /// | `resilience_circuit_breaker_kept_closed_total`: breakers that [`max_open`](crate::Keyed::max_open) did not let open | `name`, `reason` |
    /// | `resilience_circuit_breaker_stale_results_total` | `name` |
    ///
    /// | gauge | labels |
    /// |---|---|
    /// | `resilience_circuit_breaker_state`: 1 for the current state, 0 for the others | `name`, `state`: `closed`, `open`, `half_open`, `forced_open`, `disabled` |
    /// | `resilience_circuit_breaker_probe_due`: 1 if the breaker is open and lets the next call through as a probe, else 0 | `name` |
    /// | `resilience_circuit_breaker_keys`: keys of a keyed breaker in this state | `name`, `state` |
    /// | `resilience_bulkhead_active`, `resilience_bulkhead_waiting`, `resilience_bulkhead_limit`, `resilience_bulkhead_utilization` | `name` |
    /// | `resilience_rate_limiter_tokens`, `resilience_rate_limiter_waiting`, `resilience_rate_limiter_paused`: 1 if its dependency said when to come back | `name` |
    /// | `resilience_detached_running`: calls whose work goes on without their caller | |
    /// | `resilience_retry_budget_tokens`: retries that the deposits pay for | `name` |
    ///
    /// `function` is the path of an annotated function, or the name of a [`Policy`](crate::Policy)
    /// or [`RetryPolicy`](crate::RetryPolicy), for the calls by its own `call`. What has the same
    /// name has one series, with the sum of its figures. All series exist from the first call of
    /// this method, at zero; also those of the transitions that a breaker can make.
    ///
    /// ```
    /// # async fn serve() {
    /// // … install a recorder, then:
    /// let mut scrape = tokio::time::interval(std::time::Duration::from_secs(5));
    /// loop {
    ///     scrape.tick().await;
    ///     resilience::registry().publish_metrics();
    /// }
    /// # }
    /// ```
    pub fn publish_metrics(&self) {
        describe();
        publish_keys();
        Recent::keep();
        for (name, stats) in self.calls_by_name() {
            publish_calls(name, &stats);
        }
        for keyed in index().keyed_circuit_breakers.iter() {
            register_transitions(keyed.template().name());
            if keyed.open_share().is_some() {
                register_kept_closed(keyed.template().name());
            }
        }
        let mut breakers: Vec<_> = self.circuit_breakers().map(CircuitBreaker::snapshot).collect();
        let mut bulkheads: Vec<_> = self.bulkheads().map(Bulkhead::snapshot).collect();
        let mut limiters: Vec<_> = self.rate_limiters().map(RateLimiter::snapshot).collect();
        for shared in living() {
            match shared.policy {
                LivingPolicy::CircuitBreaker(breaker) => breakers.push(breaker.snapshot()),
                LivingPolicy::Bulkhead(bulkhead) => bulkheads.push(bulkhead.snapshot()),
                LivingPolicy::RateLimiter(limiter) => limiters.push(limiter.snapshot()),
            }
        }
        let mut breakers = by_name(&breakers, |breaker| breaker.name);
        let mut bulkheads = by_name(&bulkheads, |bulkhead| bulkhead.name);
        let mut limiters = by_name(&limiters, |limiter| limiter.name);
        with_published(&LIMITERS, &mut limiters);
        with_published(&BREAKERS, &mut breakers);
        with_published(&BULKHEADS, &mut bulkheads);
        for (name, breakers) in breakers {
            register_transitions(name);
            publish_circuit_breakers(name, &breakers);
        }
        for (name, bulkheads) in bulkheads {
            publish_bulkheads(name, &bulkheads);
        }
        for (name, limiters) in limiters {
            publish_rate_limiters(name, &limiters);
        }
        gauge!("resilience_detached_running").set(as_gauge(self.detached_work().running() as u64));
        let mut tokens = BTreeMap::<_, u64>::new();
        for budget in self.retry_budgets() {
            *tokens.entry(budget.name()).or_default() += budget.available();
        }
        for (name, tokens) in tokens {
            gauge!("resilience_retry_budget_tokens", "name" => name).set(as_gauge(tokens));
        }
    }

    /// Returns the counts of all calls that share a name, added up.
    fn calls_by_name(self) -> BTreeMap<&'static str, CallStats> {
        let functions = self.functions().map(|function| (function.path(), function.stats()));
        let policies = self.policies().map(|policy| (policy.name(), policy.stats_of_calls()));
        // The retry policies of attributes have the path of their function, and no calls.
        let retries = self.retry_policies().map(|policy| (policy.name(), policy.stats_of_calls()));
        let mut sums = BTreeMap::<_, CallStats>::new();
        for (name, stats) in functions.chain(policies).chain(retries) {
            let sum = sums.entry(name).or_default();
            *sum = sum.plus(stats);
        }
        sums
    }
}

/// Groups snapshots by the name of their policy.
fn by_name<T>(all: &[T], name: impl Fn(&T) -> &'static str) -> BTreeMap<&'static str, Vec<&T>> {
    let mut groups = BTreeMap::<_, Vec<_>>::new();
    for item in all {
        groups.entry(name(item)).or_default().push(item);
    }
    groups
}

/// Names that have been published; some may be those of values that are gone.
type PublishedNames = Mutex<BTreeSet<&'static str>>;
static BREAKERS: PublishedNames = Mutex::new(BTreeSet::new());
static BULKHEADS: PublishedNames = Mutex::new(BTreeSet::new());
static LIMITERS: PublishedNames = Mutex::new(BTreeSet::new());

/// Adds the names that were published before, without a snapshot: the series of a value that is
/// gone must not stay at the last figure.
fn with_published<T>(published: &PublishedNames, groups: &mut BTreeMap<&'static str, Vec<T>>) {
    let mut published = published.lock().unwrap_or_else(PoisonError::into_inner);
    for name in published.iter().copied() {
        groups.entry(name).or_default();
    }
    published.extend(groups.keys().copied());
}

/// Registers the description of each name.
fn describe() {
    let counters = [
        ("resilience_calls_total", "Calls that have ended, by function and outcome"),
        ("resilience_retries_total", "Attempts after the first one, by function"),
        (
            "resilience_nested_retries_total",
            "Attempts that failed inside an attempt of another retry, by function",
        ),
        ("resilience_timeouts_total", "Timeouts whose limit passed, by function"),
        ("resilience_rejections_total", "Calls that were not let through, by function and policy"),
        ("resilience_fallbacks_total", "Fallbacks that were called, by function"),
        (
            "resilience_failures_behind_fallbacks_total",
            "Calls that a fallback answered after a failure or a timeout, by function",
        ),
        (
            "resilience_detached_total",
            "Calls whose work went on after the caller had left, by function",
        ),
        ("resilience_detached_ended_total", "Ends of such work, by function"),
        ("resilience_detached_panics_total", "Panics that no caller received, by function"),
        (
            "resilience_circuit_breaker_transitions_total",
            "Changes of a breaker's state, by name, new state and reason",
        ),
        (
            "resilience_circuit_breaker_kept_closed_total",
            "Breakers that max_open did not let open, by name and reason",
        ),
        (
            "resilience_circuit_breaker_stale_results_total",
            "Results that came too late to count, by name",
        ),
    ];
    for (name, meaning) in counters {
        describe_counter!(name, Unit::Count, meaning);
    }
    let gauges = [
        ("resilience_circuit_breaker_state", "1 for the breaker's current state, 0 for the others"),
        (
            "resilience_circuit_breaker_probe_due",
            "1 if the breaker is open and lets the next call through as a probe",
        ),
        ("resilience_bulkhead_active", "Calls inside the bulkhead"),
        ("resilience_bulkhead_waiting", "Calls that wait for a slot of the bulkhead"),
        ("resilience_bulkhead_limit", "Slots of the bulkhead"),
        ("resilience_bulkhead_utilization", "Share of the bulkhead's slots that are in use"),
        ("resilience_rate_limiter_tokens", "Calls that the rate limiter lets through at once"),
        ("resilience_rate_limiter_waiting", "Calls that wait for a turn of the rate limiter"),
        (
            "resilience_rate_limiter_paused",
            "1 if the rate limiter is paused, because its dependency said when to come back",
        ),
        ("resilience_detached_running", "Calls whose work goes on without their caller"),
        ("resilience_retry_budget_tokens", "Retries that the deposits of the budget pay for"),
    ];
    for (name, meaning) in gauges {
        describe_gauge!(name, Unit::Count, meaning);
    }
}

fn publish_calls(function: &'static str, stats: &CallStats) {
    let outcomes = [
        ("success", stats.successes),
        ("failure", stats.failures),
        ("expected", stats.expected),
        ("ignored", stats.ignored),
        ("rejected", stats.rejected),
        ("timed_out", stats.timed_out),
        ("fallback", stats.answered_by_fallback),
        ("abandoned", stats.abandoned),
    ];
    for (outcome, calls) in outcomes {
        counter!("resilience_calls_total", "function" => function, "outcome" => outcome)
            .absolute(calls);
    }
    let rejections = [
        ("circuit_breaker", stats.circuit_breaker_rejections),
        ("bulkhead", stats.bulkhead_rejections),
        ("rate_limiter", stats.rate_limiter_rejections),
    ];
    for (by, count) in rejections {
        counter!("resilience_rejections_total", "function" => function, "by" => by).absolute(count);
    }
    let others = [
        ("resilience_retries_total", stats.retries),
        ("resilience_nested_retries_total", stats.nested_retries),
        ("resilience_timeouts_total", stats.timeouts),
        ("resilience_fallbacks_total", stats.fallbacks),
        ("resilience_failures_behind_fallbacks_total", stats.failures_behind_fallbacks),
        ("resilience_detached_total", stats.detached),
        ("resilience_detached_ended_total", stats.detached_ended),
        ("resilience_detached_panics_total", stats.detached_panics),
    ];
    for (name, count) in others {
        counter!(name, "function" => function).absolute(count);
    }
}

/// Registers the counters of all transitions of breakers with this name, without a change of those
/// that have been counted.
fn register_transitions(name: &'static str) {
    for (to, reason) in TransitionReason::POSSIBLE {
        let labels = [("name", name), ("to", to.name()), ("reason", reason.name())];
        counter!("resilience_circuit_breaker_transitions_total", &labels).increment(0);
    }
    counter!("resilience_circuit_breaker_stale_results_total", "name" => name).increment(0);
}

/// Registers the counters of all openings that `max_open` may not allow, without a change of those
/// that have been counted.
fn register_kept_closed(name: &'static str) {
    for reason in TransitionReason::CRITERIA {
        let labels = [("name", name), ("reason", reason.name())];
        counter!("resilience_circuit_breaker_kept_closed_total", &labels).increment(0);
    }
}

fn publish_circuit_breakers(name: &'static str, snapshots: &[&CircuitBreakerSnapshot]) {
    let number_of = |which: &dyn Fn(&CircuitBreakerSnapshot) -> bool| {
        as_gauge(snapshots.iter().filter(|snapshot| which(snapshot)).count() as u64)
    };
    for state in State::ALL {
        gauge!("resilience_circuit_breaker_state", "name" => name, "state" => state.name())
            .set(number_of(&|snapshot| snapshot.state == state));
    }
    gauge!("resilience_circuit_breaker_probe_due", "name" => name)
        .set(number_of(&|snapshot| snapshot.state_now().is_probe_due()));
}

fn publish_bulkheads(name: &'static str, snapshots: &[&BulkheadSnapshot]) {
    let sum = |of: &dyn Fn(&BulkheadSnapshot) -> u32| {
        as_gauge(snapshots.iter().map(|snapshot| u64::from(of(snapshot))).sum())
    };
    let (active, limit) = (sum(&|it| it.active), sum(&|it| it.max_concurrent));
    let utilization = match snapshots {
        [] => 0.0,
        _ if limit > 0.0 => active / limit,
        _ => 1.0,
    };
    gauge!("resilience_bulkhead_active", "name" => name).set(active);
    gauge!("resilience_bulkhead_waiting", "name" => name).set(sum(&|it| it.waiting));
    gauge!("resilience_bulkhead_limit", "name" => name).set(limit);
    gauge!("resilience_bulkhead_utilization", "name" => name).set(utilization);
}

fn publish_rate_limiters(name: &'static str, snapshots: &[&RateLimiterSnapshot]) {
    let sum = |of: &dyn Fn(&RateLimiterSnapshot) -> u32| {
        as_gauge(snapshots.iter().map(|snapshot| u64::from(of(snapshot))).sum())
    };
    gauge!("resilience_rate_limiter_tokens", "name" => name).set(sum(&|it| it.tokens));
    gauge!("resilience_rate_limiter_waiting", "name" => name).set(sum(&|it| it.waiting));
    gauge!("resilience_rate_limiter_paused", "name" => name)
        .set(sum(&|it| u32::from(it.paused_for.is_some())));
}

#[expect(clippy::cast_precision_loss, reason = "beyond 2⁵³, the figure is still exact enough")]
const fn as_gauge(count: u64) -> f64 {
    count as f64
}
