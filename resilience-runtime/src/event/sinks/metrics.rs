//! Events for the `metrics` facade.

use metrics::counter;

use crate::event::Event;

/// Counts a result that came too late: a breaker that belongs to a value takes its own count along.
pub(in crate::event) fn count_stale_result(name: &'static str) {
    counter!("resilience_circuit_breaker_stale_results_total", "name" => name).increment(1);
}

/// Counts the state changes of breakers, and those that `max_open` has not allowed. They can't be
/// read later like other figures: between two reads, a breaker may open and close again.
pub(in crate::event) fn emit(event: &Event) {
    match event {
        Event::CircuitBreakerTransition { name, to, reason, .. } => {
            let labels = [("name", *name), ("to", to.name()), ("reason", reason.name())];
            counter!("resilience_circuit_breaker_transitions_total", &labels).increment(1);
        }
        Event::CircuitBreakerKeptClosed { name, reason, .. } => {
            let labels = [("name", *name), ("reason", reason.name())];
            counter!("resilience_circuit_breaker_kept_closed_total", &labels).increment(1);
        }
        _ => {}
    }
}
