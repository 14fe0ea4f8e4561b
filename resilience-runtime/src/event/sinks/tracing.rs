//! Events for `tracing`.

use tracing::{debug, info, warn};

use crate::event::Event;
use crate::state::State;

/// Logs an event. The level is `warn` for events that need attention, `info` for actions of the
/// layers in response, and `debug` for events that only repeat others.
pub(in crate::event) fn emit(event: &Event) {
    match *event {
        Event::RetryScheduled { function, attempt, delay } => {
            let message = "attempt failed, another attempt follows";
            info!(target: "resilience", function, attempt, ?delay, message);
        }
        Event::RetriesExhausted { function, attempts } => {
            warn!(target: "resilience", function, attempts, "the last attempt failed too");
        }
        Event::RetrySuppressed { function, attempt, reason } => {
            let message = "attempt failed, no other attempt follows";
            debug!(target: "resilience", function, attempt, ?reason, message);
        }
        Event::TimedOut { function, limit } => {
            warn!(target: "resilience", function, ?limit, "timed out");
        }
        Event::CircuitBreakerTransition {
            name,
            from,
            to: to @ (State::Open | State::ForcedOpen),
        } => {
            let message = "circuit breaker rejects calls";
            warn!(target: "resilience", circuit_breaker = name, %from, %to, message);
        }
        Event::CircuitBreakerTransition { name, from, to } => {
            let message = "circuit breaker changed its state";
            info!(target: "resilience", circuit_breaker = name, %from, %to, message);
        }
        Event::CircuitBreakerRejected { name, function, retry_after } => {
            let message = "circuit breaker rejected a call";
            debug!(target: "resilience", circuit_breaker = name, function, ?retry_after, message);
        }
        Event::BulkheadRejected { name, function, active, waiting } => {
            let message = "bulkhead rejected a call";
            debug!(target: "resilience", bulkhead = name, function, active, waiting, message);
        }
        Event::FallbackUsed { function } => {
            info!(target: "resilience", function, "fallback used");
        }
        Event::StaleResult { name } => {
            debug!(target: "resilience", circuit_breaker = name, "a result came too late to count");
        }
    }
}
