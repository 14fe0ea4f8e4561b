//! The registry's figures for the `metrics` facade.

use metrics::{Unit, counter, describe_counter, describe_gauge, gauge};

use super::registry::Registry;
use crate::call_stats::CallStats;
use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::state::State;

impl Registry {
    /// Passes the current figures of the registry to the recorder of the [`metrics`](::metrics)
    /// facade. Feature `metrics`.
    ///
    /// Call it once after the recorder has been installed: this registers every name at zero. Then
    /// call it before each scrape, or every few seconds. Calls of functions use counters of this
    /// library, and never wait for a recorder. Only `resilience_circuit_breaker_transitions_total`
    /// is counted immediately, because a transition can't be read later.
    ///
    /// The instances of a [`Keyed`](crate::Keyed) share one name, and only their transitions are
    /// counted: a recorder would keep the figures of every key forever. [`health`](Self::health)
    /// has the figures of each instance.
    ///
    /// | counter | labels |
    /// |---|---|
    /// | `resilience_calls_total` | `function` (or the name of a [`Policy`](crate::Policy), for its own [`call`](crate::Policy::call)), `outcome`: `success`, `failure`, `abandoned` |
    /// | `resilience_retries_total`, `resilience_nested_retries_total`, `resilience_timeouts_total`, `resilience_circuit_breaker_rejections_total`, `resilience_bulkhead_rejections_total`, `resilience_fallbacks_total` | `function` |
    /// | `resilience_circuit_breaker_transitions_total` | `name`, `from`, `to` |
    /// | `resilience_circuit_breaker_stale_results_total` | `name` |
    ///
    /// | gauge | labels |
    /// |---|---|
    /// | `resilience_circuit_breaker_state`: 1 for the current state, 0 for the others | `name`, `state`: `closed`, `open`, `half_open`, `forced_open`, `disabled` |
    /// | `resilience_bulkhead_active`, `resilience_bulkhead_waiting`, `resilience_bulkhead_max_concurrent` | `name` |
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
        for function in self.functions() {
            publish_function(function.path(), &function.stats());
        }
        for policy in self.policies() {
            publish_function(policy.name(), &policy.stats_of_calls());
        }
        self.circuit_breakers().for_each(publish_circuit_breaker);
        self.bulkheads().for_each(publish_bulkhead);
    }
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
        (
            "resilience_circuit_breaker_rejections_total",
            "Calls rejected by an open breaker, by function",
        ),
        ("resilience_bulkhead_rejections_total", "Calls rejected by a full bulkhead, by function"),
        ("resilience_fallbacks_total", "Fallbacks that were called, by function"),
        (
            "resilience_circuit_breaker_transitions_total",
            "Changes of a breaker's state, by name, old and new state",
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
        ("resilience_bulkhead_active", "Calls inside the bulkhead"),
        ("resilience_bulkhead_waiting", "Calls that wait for a slot of the bulkhead"),
        ("resilience_bulkhead_max_concurrent", "Slots of the bulkhead"),
    ];
    for (name, meaning) in gauges {
        describe_gauge!(name, Unit::Count, meaning);
    }
}

fn publish_function(function: &'static str, stats: &CallStats) {
    let outcomes =
        [("success", stats.successes), ("failure", stats.failures), ("abandoned", stats.abandoned)];
    for (outcome, calls) in outcomes {
        counter!("resilience_calls_total", "function" => function, "outcome" => outcome)
            .absolute(calls);
    }
    let others = [
        ("resilience_retries_total", stats.retries),
        ("resilience_nested_retries_total", stats.nested_retries),
        ("resilience_timeouts_total", stats.timeouts),
        ("resilience_circuit_breaker_rejections_total", stats.circuit_breaker_rejections),
        ("resilience_bulkhead_rejections_total", stats.bulkhead_rejections),
        ("resilience_fallbacks_total", stats.fallbacks),
    ];
    for (name, count) in others {
        counter!(name, "function" => function).absolute(count);
    }
}

fn publish_circuit_breaker(breaker: &'static CircuitBreaker) {
    let (name, snapshot) = (breaker.name(), breaker.snapshot());
    for state in State::ALL {
        let is_current = if snapshot.state == state { 1.0 } else { 0.0 };
        gauge!("resilience_circuit_breaker_state", "name" => name, "state" => state.name())
            .set(is_current);
    }
    counter!("resilience_circuit_breaker_stale_results_total", "name" => name)
        .absolute(snapshot.stale);
}

fn publish_bulkhead(bulkhead: &'static Bulkhead) {
    let (name, snapshot) = (bulkhead.name(), bulkhead.snapshot());
    gauge!("resilience_bulkhead_active", "name" => name).set(snapshot.active);
    gauge!("resilience_bulkhead_waiting", "name" => name).set(snapshot.waiting);
    gauge!("resilience_bulkhead_max_concurrent", "name" => name).set(snapshot.max_concurrent);
}
