//! Events for the recorder of `metrics`.

use metrics::counter;

use crate::event::Event;

/// Counts what can't be read off afterwards: between two scrapes a breaker may have opened and
/// closed again. Keys are no labels: the recorder would keep those of every key there ever was.
pub(in crate::event) fn emit(event: &Event) {
    if let Event::CircuitBreakerTransition { name, key: _, from, to } = event {
        let labels = [("name", *name), ("from", from.name()), ("to", to.name())];
        counter!("resilience_circuit_breaker_transitions_total", &labels).increment(1);
    }
}
