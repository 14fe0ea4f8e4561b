//! The registry's figures for the facade `metrics`.

use super::Registry;
use crate::metrics;

impl Registry {
    /// Gives the recorder of the [`metrics`](::metrics) facade all that the registry knows, as it is now. Feature `metrics`.
    ///
    /// Called once after the recorder has been installed, it registers every name at zero; then call it before each
    /// scrape, or every few seconds. Calls themselves count in their own counters and never wait for a recorder. Only
    /// `resilience_breaker_transitions_total` is counted as it happens, as nothing could read it off later.
    ///
    /// The instances of a [`Keyed`](crate::Keyed) have one name for all, and no figures but their transitions: the recorder would keep those
    /// of every key there ever was. [`health`](Self::health) has each.
    ///
    /// | counter | labels |
    /// |---|---|
    /// | `resilience_calls_total` | `function` (or the name of a [`Policy`](crate::Policy), for its own [`call`](crate::Policy::call)), `outcome`: `success`, `failure`, `abandoned` |
    /// | `resilience_retries_total`, `resilience_nested_retries_total`, `resilience_timeouts_total`, `resilience_breaker_rejections_total`, `resilience_bulkhead_rejections_total`, `resilience_fallbacks_total` | `function` |
    /// | `resilience_breaker_transitions_total` | `breaker`, `from`, `to` |
    /// | `resilience_breaker_stale_results_total` | `breaker` |
    ///
    /// | gauge | labels |
    /// |---|---|
    /// | `resilience_breaker_state`: 1 for the state it is in, 0 for the others | `breaker`, `state`: `closed`, `open`, `half_open`, `forced_open`, `disabled` |
    /// | `resilience_bulkhead_active`, `resilience_bulkhead_waiting`, `resilience_bulkhead_max_concurrent` | `bulkhead` |
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
        metrics::describe();
        for function in self.functions() {
            metrics::function(function.path(), &function.stats());
        }
        for policy in self.policies() {
            metrics::function(policy.name(), &policy.stats_of_calls());
        }
        self.circuit_breakers().for_each(metrics::circuit_breaker);
        self.bulkheads().for_each(metrics::bulkhead);
    }
}
