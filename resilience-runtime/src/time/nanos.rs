//! Moments of tokio's clock as one word, so that they fit in an atomic.

use std::num::NonZeroU64;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::time::Instant;

/// Moment of tokio's clock, in nanoseconds. Never zero, so that `Option<Nanos>` is one word too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Nanos(NonZeroU64);

/// First moment that this process asked for. The virtual clock of another runtime may be earlier.
static ORIGIN: OnceLock<Instant> = OnceLock::new();

/// Number of [`ORIGIN`]: 146 years before it, and 438 years after it, can be represented.
const ORIGIN_NUMBER: u64 = 1 << 62;

/// Time by which a remembered moment may exceed its span: one second.
const TOLERANCE: u64 = 1_000_000_000;

impl Nanos {
    /// First moment that can be represented.
    pub(crate) const FIRST: Self = Self(NonZeroU64::MIN);
    /// Last moment that can be represented: no clock reaches it.
    pub(crate) const NEVER: Self = Self(NonZeroU64::MAX);

    pub(crate) fn now() -> Self {
        let now = Instant::now();
        let origin = *ORIGIN.get_or_init(|| now);
        match now.checked_duration_since(origin) {
            Some(later) => Self::at(ORIGIN_NUMBER.saturating_add(nanoseconds(later))),
            None => Self::before_origin(origin.duration_since(now)),
        }
    }

    #[cold]
    const fn before_origin(earlier: Duration) -> Self {
        Self::at(ORIGIN_NUMBER.saturating_sub(nanoseconds(earlier)))
    }

    /// Returns the moment that is `duration` later; at most [`NEVER`](Self::NEVER).
    pub(crate) const fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(nanoseconds(duration)))
    }

    /// Returns the time since `earlier`; zero if `earlier` is in the future.
    pub(crate) const fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.get().saturating_sub(earlier.0.get()))
    }

    /// Returns the time since the first moment that this process asked for.
    pub(crate) const fn since_origin(self) -> Duration {
        Duration::from_nanos(self.0.get().saturating_sub(ORIGIN_NUMBER))
    }

    /// Returns `true` if this moment, which was at most `span` in the future when it was
    /// remembered, has come.
    ///
    /// The clock can go back: each paused runtime of a process has a virtual clock of its own. So a
    /// moment that is further ahead than its own span is not believed, and has come as well. One
    /// second is tolerated, for threads that have read the clock before the moment was remembered.
    /// [`NEVER`](Self::NEVER) never comes.
    pub(crate) const fn has_come(self, now: Self, span: Duration) -> bool {
        let (at, now, never) = (self.get(), now.get(), Self::NEVER.get());
        let last_believed = now.saturating_add(nanoseconds(span)).saturating_add(TOLERANCE);
        at <= now || (at > last_believed && at != never)
    }

    /// Returns the first moment at which this one, if it was the present when it was remembered, is
    /// believed by [`has_come`](Self::has_come).
    pub(crate) const fn believed_from(self) -> Self {
        Self::at(self.get().saturating_sub(TOLERANCE))
    }

    /// Returns the moment with this number, which [`get`](Self::get) has returned.
    pub(crate) const fn at(number: u64) -> Self {
        match NonZeroU64::new(number) {
            Some(number) => Self(number),
            None => Self::FIRST,
        }
    }

    pub(crate) const fn get(self) -> u64 {
        self.0.get()
    }
}

/// Returns a duration in nanoseconds; at most 584 years.
pub(crate) const fn nanoseconds(duration: Duration) -> u64 {
    duration.as_secs().saturating_mul(1_000_000_000).saturating_add(duration.subsec_nanos() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: Duration = Duration::from_secs(10);
    const SECOND: Duration = Duration::from_secs(1);
    const NOW: Nanos = Nanos::at(ORIGIN_NUMBER);

    #[test]
    fn a_moment_comes_at_its_time() {
        let at = NOW.after(SPAN);
        assert!(!at.has_come(NOW, SPAN));
        assert!(!at.has_come(Nanos::at(at.get() - 1), SPAN));
        assert!(at.has_come(at, SPAN));
        assert!(at.has_come(at.after(SPAN * 1_000), SPAN));
    }

    #[test]
    fn a_moment_further_ahead_than_its_span_is_not_believed() {
        let tolerated = NOW.after(SPAN + SECOND);
        assert!(!tolerated.has_come(NOW, SPAN));
        assert!(tolerated.after(Duration::from_nanos(1)).has_come(NOW, SPAN));
        assert!(NOW.after(SPAN * 1_000).has_come(NOW, SPAN));
    }

    #[test]
    fn a_remembered_present_is_believed_from_the_end_of_the_tolerance() {
        let at = NOW.after(SPAN);
        let from = at.believed_from();
        assert!(!at.has_come(from, Duration::ZERO), "believed, and still to come");
        assert!(at.has_come(Nanos::at(from.get() - 1), Duration::ZERO), "not believed");
        assert_eq!(Nanos::FIRST.believed_from(), Nanos::FIRST);
    }

    #[test]
    fn never_does_not_come() {
        assert!(!Nanos::NEVER.has_come(NOW, SPAN));
        assert!(!NOW.after(Duration::MAX).has_come(NOW, Duration::MAX));
    }
}
