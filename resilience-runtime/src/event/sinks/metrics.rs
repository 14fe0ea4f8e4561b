//! What the facade `metrics` is given as it happens.

use metrics::counter;

use crate::event::Event;

/// What can't be read off afterwards: between two looks a breaker may have opened and closed again.
pub(in crate::event) fn tell(event: &Event) {
    if let Event::BreakerTransition { name, from, to } = *event {
        let labels = [("breaker", name), ("from", from.name()), ("to", to.name())];
        counter!("resilience_breaker_transitions_total", &labels).increment(1);
    }
}
