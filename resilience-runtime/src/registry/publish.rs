//! The registry's figures for the facade `metrics`.

use metrics::{Unit, counter, describe_counter, describe_gauge, gauge};

use super::registry::Registry;
use crate::call_stats::CallStats;
use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::state::State;

impl Registry {
    /// Gives the recorder of the [`metrics`](::metrics) facade all that the registry knows, as it
    /// is now. Feature `metrics`.
    ///
    /// Called once after the recorder has been installed, it registers every name at zero; then
    /// call it before each scrape, or every few seconds. Calls themselves count in their own
    /// counters and never wait for a recorder. Only `resilience_circuit_breaker_transitions_total`
    /// is counted as it happens, as nothing could read it off later.
    ///
    /// The instances of a [`Keyed`](crate::Keyed) have one name for all, and no figures but their
    /// transitions: the recorder would keep those of every key there ever was.
    /// [`health`](Self::health) has each.
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
    /// | `resilience_circuit_breaker_state`: 1 for the state it is in, 0 for the others | `name`, `state`: `closed`, `open`, `half_open`, `forced_open`, `disabled` |
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

/// Tells the recorder what each name stands for.
fn describe() {
    let counters = [
        ("resilience_calls_total", "Calls that have ended, by function and outcome"),
        ("resilience_retries_total", "Attempts after the first one, by function"),
        (
            "resilience_nested_retries_total",
            "Attempts that failed inside another retry's, by function",
        ),
        ("resilience_timeouts_total", "Limits that passed, by function"),
        (
            "resilience_circuit_breaker_rejections_total",
            "Calls rejected by an open breaker, by function",
        ),
        ("resilience_bulkhead_rejections_total", "Calls rejected by a full bulkhead, by function"),
        ("resilience_fallbacks_total", "Fallbacks that were asked, by function"),
        (
            "resilience_circuit_breaker_transitions_total",
            "Changes of a breaker's state, by breaker, from and to",
        ),
        (
            "resilience_circuit_breaker_stale_results_total",
            "Results that came too late to count, by breaker",
        ),
    ];
    for (name, meaning) in counters {
        describe_counter!(name, Unit::Count, meaning);
    }
    let gauges = [
        ("resilience_circuit_breaker_state", "1 for the state the breaker is in, 0 for the others"),
        ("resilience_bulkhead_active", "Calls inside the bulkhead"),
        ("resilience_bulkhead_waiting", "Calls waiting for the bulkhead"),
        ("resilience_bulkhead_max_concurrent", "Calls the bulkhead lets inside at once"),
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
        let here = if snapshot.state == state { 1.0 } else { 0.0 };
        gauge!("resilience_circuit_breaker_state", "name" => name, "state" => state.name())
            .set(here);
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
