//! Events for the `metrics` facade.

use metrics::counter;

use crate::event::Event;

/// Counts the state changes of breakers. They can't be read later like other figures: between two
/// reads, a breaker may open and close again.
pub(in crate::event) fn emit(event: &Event) {
    if let Event::CircuitBreakerTransition { name, from, to, .. } = event {
        let labels = [("name", *name), ("from", from.name()), ("to", to.name())];
        counter!("resilience_circuit_breaker_transitions_total", &labels).increment(1);
    }
}
