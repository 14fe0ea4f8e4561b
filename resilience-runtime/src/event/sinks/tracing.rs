//! Events for `tracing`.

use tracing::field::debug;
use tracing::{debug, info, warn};

use crate::event::Event;
use crate::state::State;

/// Logs an event. The level is `warn` for events that need attention, `info` for actions of the
/// layers in response, and `debug` for events that only repeat others.
pub(in crate::event) fn emit(event: &Event) {
    match event {
        Event::RetryScheduled { function, attempt, delay } => {
            info!(
                target: "resilience",
                function, attempt, ?delay,
                "attempt failed, another attempt follows"
            );
        }
        Event::RetriesExhausted { function, attempts } => {
            warn!(target: "resilience", function, attempts, "the last attempt failed too");
        }
        Event::RetrySuppressed { function, attempt, reason } => {
            debug!(
                target: "resilience",
                function, attempt, %reason,
                "attempt failed, no other attempt follows"
            );
        }
        Event::TimedOut { function, limit } => {
            warn!(target: "resilience", function, ?limit, "timed out");
        }
        Event::CircuitBreakerTransition {
            name,
            key,
            from,
            to: to @ (State::Open | State::ForcedOpen),
        } => {
            let key = key.as_deref();
            warn!(
                target: "resilience",
                circuit_breaker = name, key, %from, %to,
                "circuit breaker rejects calls"
            );
        }
        Event::CircuitBreakerTransition { name, key, from, to } => {
            let key = key.as_deref();
            info!(
                target: "resilience",
                circuit_breaker = name, key, %from, %to,
                "circuit breaker changed its state"
            );
        }
        Event::CircuitBreakerRejected { name, key, function, retry_after } => {
            let (key, retry_after) = (key.as_deref(), retry_after.map(debug));
            debug!(
                target: "resilience",
                circuit_breaker = name, key, function, retry_after,
                "circuit breaker rejected a call"
            );
        }
        Event::BulkheadRejected { name, key, function, active, waiting } => {
            let key = key.as_deref();
            debug!(
                target: "resilience",
                bulkhead = name, key, function, active, waiting,
                "bulkhead rejected a call"
            );
        }
        Event::FallbackUsed { function } => {
            info!(target: "resilience", function, "fallback used");
        }
        Event::StaleResult { name, key } => {
            let key = key.as_deref();
            debug!(target: "resilience", circuit_breaker = name, key, "a result came too late to count");
        }
    }
}
