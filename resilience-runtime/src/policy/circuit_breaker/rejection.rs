//! The answer to a call that is not admitted.

use std::time::Duration;

use super::phase::Probe;
use crate::time::Nanos;

/// The answer to a call that is not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rejection {
    /// The time until a call may be a probe. `None` if nobody knows it.
    pub(super) retry_after: Option<Duration>,
}

impl Rejection {
    /// Nobody knows when a call is admitted again: the breaker is forced open.
    pub(super) const FOR_UNKNOWN_TIME: Self = Self { retry_after: None };

    /// A probe is admitted at this time, if clocks ever show it.
    pub(super) const fn until(probe_at: Nanos, now: Nanos) -> Self {
        if probe_at.get() == Nanos::NEVER.get() {
            return Self::FOR_UNKNOWN_TIME;
        }
        Self { retry_after: Some(probe_at.since(now)) }
    }

    /// A place is free when the first of these probes has lost its own, if none ends before.
    pub(super) fn until_one_of(probes: &[Probe], now: Nanos) -> Self {
        let first = probes.iter().map(|probe| probe.expires).min();
        first.map_or(Self::FOR_UNKNOWN_TIME, |first| Self::until(first, now))
    }
}
