//! Events for the subscribers of `tracing`.

use tracing::{debug, info, warn};

use crate::event::Event;
use crate::state::State;

/// What a user should look at is a warning; what the layers do about it is information; what only repeats it is for debugging.
pub(in crate::event) fn tell(event: &Event) {
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
        Event::BreakerTransition { name, from, to: to @ (State::Open | State::ForcedOpen) } => {
            warn!(target: "resilience", breaker = name, %from, %to, "circuit breaker turns calls away");
        }
        Event::BreakerTransition { name, from, to } => {
            info!(target: "resilience", breaker = name, %from, %to, "circuit breaker changed its state");
        }
        Event::BreakerRejected { name, function, retry_after } => {
            debug!(target: "resilience", breaker = name, function, ?retry_after, "circuit breaker turned a call away");
        }
        Event::BulkheadRejected { name, function, active, waiting } => {
            debug!(target: "resilience", bulkhead = name, function, active, waiting, "bulkhead turned a call away");
        }
        Event::FallbackUsed { function } => {
            info!(target: "resilience", function, "a fallback is asked for the answer");
        }
        Event::StaleResult { name } => {
            debug!(target: "resilience", breaker = name, "a result came too late to count");
        }
    }
}
