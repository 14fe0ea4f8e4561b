//! The time for which an open breaker rejects calls.

use std::time::Duration;

use crate::time::Nanos;

/// An open spell.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenSpell {
    /// The time from which a call is admitted as a probe.
    pub(super) probe_at: Nanos,
    pub(super) length: Duration,
}

impl OpenSpell {
    /// A spell of this length, longer by a random share of at most `jitter`, that begins now.
    pub(super) fn begin(now: Nanos, length: Duration, jitter: f64) -> Self {
        let length = jittered(length, jitter);
        Self { probe_at: now.after(length), length }
    }

    /// Returns `true` if a call may be a probe.
    pub(super) const fn is_over(self, now: Nanos) -> bool {
        self.probe_at.has_come(now, self.length)
    }
}

/// A spell that is longer by a random share of at most `jitter`.
fn jittered(spell: Duration, jitter: f64) -> Duration {
    if jitter == 0.0 {
        return spell;
    }
    let longer = spell.as_secs_f64() * (1.0 + jitter * rand::random::<f64>());
    Duration::try_from_secs_f64(longer).unwrap_or(Duration::MAX)
}
