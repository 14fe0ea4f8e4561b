//! Events for the subscribers of `tracing`.

use tracing::{debug, info, warn};

use crate::event::Event;
use crate::state::State;

/// What a user should look at is a warning; what the layers do about it is information; what only
/// repeats it is for debugging.
pub(in crate::event) fn emit(event: &Event) {
    match *event {
        Event::RetryScheduled { function, attempt, delay } => {
            info!(target: "resilience", function, attempt, ?delay, "attempt failed, another one follows");
        }
        Event::RetriesExhausted { function, attempts } => {
            warn!(target: "resilience", function, attempts, "the last attempt failed too");
        }
        Event::RetrySuppressed { function, attempt, reason } => {
            debug!(target: "resilience", function, attempt, ?reason, "attempt failed, no other one follows");
        }
        Event::TimedOut { function, limit } => {
            warn!(target: "resilience", function, ?limit, "timed out");
        }
        Event::CircuitBreakerTransition {
            name,
            from,
            to: to @ (State::Open | State::ForcedOpen),
        } => {
            warn!(target: "resilience", circuit_breaker = name, %from, %to, "circuit breaker rejects calls");
        }
        Event::CircuitBreakerTransition { name, from, to } => {
            info!(target: "resilience", circuit_breaker = name, %from, %to, "circuit breaker changed its state");
        }
        Event::CircuitBreakerRejected { name, function, retry_after } => {
            debug!(target: "resilience", circuit_breaker = name, function, ?retry_after, "circuit breaker rejected a call");
        }
        Event::BulkheadRejected { name, function, active, waiting } => {
            debug!(target: "resilience", bulkhead = name, function, active, waiting, "bulkhead rejected a call");
        }
        Event::FallbackUsed { function } => {
            info!(target: "resilience", function, "a fallback is asked for the answer");
        }
        Event::StaleResult { name } => {
            debug!(target: "resilience", circuit_breaker = name, "a result came too late to count");
        }
    }
}
