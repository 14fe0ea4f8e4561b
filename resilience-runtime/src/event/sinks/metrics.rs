//! What the facade `metrics` is given as it happens.

use metrics::counter;

use crate::event::Event;

/// What can't be read off afterwards: between two looks a breaker may have opened and closed again.
pub(in crate::event) fn emit(event: &Event) {
    if let Event::CircuitBreakerTransition { name, from, to } = *event {
        let labels = [("name", name), ("from", from.name()), ("to", to.name())];
        counter!("resilience_circuit_breaker_transitions_total", &labels).increment(1);
    }
}
