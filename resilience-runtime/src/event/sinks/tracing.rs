//! Events for the subscribers of `tracing`.

use tracing::field::debug;
use tracing::{debug, info, warn};

use crate::event::Event;
use crate::state::State;

/// Logs an event: as a warning if a user should look at it, as information if it says what the
/// layers do about a failure, for debugging if it only repeats another one.
pub(in crate::event) fn emit(event: &Event) {
    match event {
        Event::RetryScheduled { function, attempt, delay } => {
            info!(target: "resilience", function, attempt, ?delay, "attempt failed, another one follows");
        }
        Event::RetriesExhausted { function, attempts } => {
            warn!(target: "resilience", function, attempts, "the last attempt failed too");
        }
        Event::RetrySuppressed { function, attempt, reason } => {
            debug!(target: "resilience", function, attempt, %reason, "attempt failed, no other one follows");
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
            warn!(target: "resilience", circuit_breaker = name, key, %from, %to, "circuit breaker rejects calls");
        }
        Event::CircuitBreakerTransition { name, key, from, to } => {
            let key = key.as_deref();
            info!(target: "resilience", circuit_breaker = name, key, %from, %to, "circuit breaker changed its state");
        }
        Event::CircuitBreakerRejected { name, key, function, retry_after } => {
            let (key, retry_after) = (key.as_deref(), retry_after.map(debug));
            debug!(target: "resilience", circuit_breaker = name, key, function, retry_after, "circuit breaker rejected a call");
        }
        Event::BulkheadRejected { name, key, function, active, waiting } => {
            let key = key.as_deref();
            debug!(target: "resilience", bulkhead = name, key, function, active, waiting, "bulkhead rejected a call");
        }
        Event::FallbackUsed { function } => {
            info!(target: "resilience", function, "a fallback is asked for the answer");
        }
        Event::StaleResult { name, key } => {
            let key = key.as_deref();
            debug!(target: "resilience", circuit_breaker = name, key, "a result came too late to count");
        }
    }
}
