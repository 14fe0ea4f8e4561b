//! A table of keys that is full, for the log: a line in a while, however often it fills up.

use tracing::warn;

use super::event::KeyedKind;
use super::repeats::Repeats;
use crate::sync::contain;
use crate::time::Nanos;

/// The moments at which one table became full.
#[derive(Debug)]
pub(crate) struct FullTable {
    /// A table that is now full, now not, may become full thousands of times a second.
    times: Repeats,
}

impl FullTable {
    pub(crate) const fn new() -> Self {
        Self { times: Repeats::new() }
    }

    /// Records that the table is full: this key is the first that found no place.
    pub(crate) fn is_full(&self, kind: KeyedKind, name: &'static str, key: &str, capacity: usize) {
        let Some(unlogged) = self.times.log_now(Nanos::now()) else { return };
        contain(|| match kind {
            KeyedKind::CircuitBreaker => warn!(
                target: "resilience",
                circuit_breaker = name, key, capacity, unlogged,
                "no place for the breaker of a new key: calls of such keys are not protected"
            ),
            KeyedKind::RateLimiter => warn!(
                target: "resilience",
                rate_limiter = name, key, capacity, unlogged,
                "no place for the rate limiter of a new key: such keys share one rate limiter"
            ),
            KeyedKind::Bulkhead => warn!(
                target: "resilience",
                bulkhead = name, key, capacity, unlogged,
                "no place for the bulkhead of a new key: such keys share one bulkhead"
            ),
        });
    }
}
