//! Events for the `metrics` facade.

use metrics::counter;

use crate::event::Event;

/// Counts a result that came too late: a breaker that belongs to a value takes its own count along.
pub(in crate::event) fn count_stale_result(name: &'static str) {
    counter!("resilience_circuit_breaker_stale_results_total", "name" => name).increment(1);
}

/// Counts the state changes of breakers. They can't be read later like other figures: between two
/// reads, a breaker may open and close again.
pub(in crate::event) fn emit(event: &Event) {
    if let Event::CircuitBreakerTransition { name, to, reason, .. } = event {
        let labels = [("name", *name), ("to", to.name()), ("reason", reason.name())];
        counter!("resilience_circuit_breaker_transitions_total", &labels).increment(1);
    }
}
