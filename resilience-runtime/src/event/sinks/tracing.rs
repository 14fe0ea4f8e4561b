//! Events for `tracing`.

use tracing::{Level, debug, enabled, info, warn};

use crate::event::Event;
use crate::state::State;
use crate::time::whole_milliseconds;

/// Returns `true` if a subscriber may want the steps of single calls.
#[inline]
pub(in crate::event) fn logs_calls() -> bool {
    enabled!(target: "resilience", Level::DEBUG)
}

/// Logs an event. A step of one call is `DEBUG`. A change of a breaker is `INFO`, or `WARN` if it
/// rejects calls from now on. Messages are constant, and durations are numbers of milliseconds, so
/// that a reader of logs can count and compare them.
#[expect(clippy::too_many_lines, reason = "an arm for each event")]
pub(in crate::event) fn emit(event: &Event) {
    match event {
        Event::RetryScheduled { function, attempt, delay, error } => {
            let (delay_ms, error) = (whole_milliseconds(*delay), error.as_deref());
            debug!(
                target: "resilience",
                function, attempt, delay_ms, error,
                "attempt failed, another attempt follows"
            );
        }
        Event::RetriesExhausted { function, attempts, error } => {
            let error = error.as_deref();
            debug!(target: "resilience", function, attempts, error, "the last attempt failed too");
        }
        Event::RetrySuppressed { function, attempt, reason, error } => {
            let error = error.as_deref();
            debug!(
                target: "resilience",
                function, attempt, %reason, error,
                "attempt failed, no other attempt follows"
            );
        }
        Event::TimedOut { function, limit } => {
            let limit_ms = whole_milliseconds(*limit);
            debug!(target: "resilience", function, limit_ms, "timed out");
        }
        Event::CircuitBreakerTransition {
            name,
            key,
            from,
            to: to @ (State::Open | State::ForcedOpen),
            reason,
            error,
        } => {
            let (key, error) = (key.as_deref(), error.as_deref());
            warn!(
                target: "resilience",
                circuit_breaker = name, key, %from, %to, %reason, error,
                "circuit breaker rejects calls"
            );
        }
        Event::CircuitBreakerTransition { name, key, from, to, reason, error } => {
            let (key, error) = (key.as_deref(), error.as_deref());
            info!(
                target: "resilience",
                circuit_breaker = name, key, %from, %to, %reason, error,
                "circuit breaker changed its state"
            );
        }
        Event::CircuitBreakerKeptClosed { name, key, reason, open, keys, error } => {
            let (key, error) = (key.as_deref(), error.as_deref());
            warn!(
                target: "resilience",
                circuit_breaker = name, key, %reason, open, keys, error,
                "circuit breaker stays closed, because as many keys as may be are open"
            );
        }
        Event::CircuitBreakerRejected { name, key, function, retry_after } => {
            let (key, retry_after_ms) = (key.as_deref(), retry_after.map(whole_milliseconds));
            debug!(
                target: "resilience",
                circuit_breaker = name, key, function, retry_after_ms,
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
        Event::RateLimiterRejected { name, key, function, retry_after } => {
            let (key, retry_after_ms) = (key.as_deref(), retry_after.map(whole_milliseconds));
            debug!(
                target: "resilience",
                rate_limiter = name, key, function, retry_after_ms,
                "rate limiter rejected a call"
            );
        }
        Event::RateLimiterPaused { name, key, length } => {
            let (key, length_ms) = (key.as_deref(), whole_milliseconds(*length));
            info!(
                target: "resilience",
                rate_limiter = name, key, length_ms,
                "rate limiter is paused, because its dependency said when to come back"
            );
        }
        Event::FallbackUsed { function, error } => {
            let error = error.as_deref();
            debug!(target: "resilience", function, error, "fallback used");
        }
        Event::StaleResult { name, key } => {
            let key = key.as_deref();
            debug!(target: "resilience", circuit_breaker = name, key, "a result came too late to count");
        }
        Event::BulkheadResized { name, key, from, to } => {
            let key = key.as_deref();
            info!(target: "resilience", bulkhead = name, key, from, to, "bulkhead resized by hand");
        }
        Event::ConfigurationApplied { version, file } => {
            info!(target: "resilience", version, file, "configuration applied");
        }
        Event::ConfigurationRefused { file, error } => {
            warn!(target: "resilience", file, error, "configuration refused");
        }
        // It has been logged, or comes too often: see `FullTable`.
        Event::KeyedFull { .. } => {}
    }
}
