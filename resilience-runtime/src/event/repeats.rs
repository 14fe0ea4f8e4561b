//! Log lines that would repeat: one in a while, with the number of those that were left out.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use crate::time::Nanos;

/// Something that repeats, as a log reports it.
///
/// Shared state, who touches it, and in which order: two numbers that each occurrence updates by
/// one atomic step each. Occurrences at one moment may each find the period over; one of them
/// replaces `logged_at`, and the others are counted.
#[derive(Debug)]
pub(crate) struct Repeats {
    /// Moment of the last line; 0 before the first.
    logged_at: AtomicU64,
    /// Number of occurrences since then.
    unlogged: AtomicU64,
}

impl Repeats {
    /// Least time between two lines.
    const PERIOD: Duration = Duration::from_secs(60);

    pub(crate) const fn new() -> Self {
        Self { logged_at: AtomicU64::new(0), unlogged: AtomicU64::new(0) }
    }

    /// Returns the number of occurrences that were not logged if this one is to be logged: the
    /// first one, and one in each later period. Else counts it.
    pub(crate) fn log_now(&self, now: Nanos) -> Option<u64> {
        let logged = self.log_if_due(now);
        if logged.is_none() {
            self.unlogged.fetch_add(1, Relaxed);
        }
        logged
    }

    /// Returns the number of occurrences that were not logged if a line may be logged, for an
    /// occurrence that has been counted.
    pub(crate) fn log_if_due(&self, now: Nanos) -> Option<u64> {
        let before = self.logged_at.load(Relaxed);
        let last = Nanos::at(before);
        // A moment in the future is that of another clock.
        let is_due = before == 0 || last > now || now.since(last) >= Self::PERIOD;
        (is_due && self.logged_at.compare_exchange(before, now.get(), Relaxed, Relaxed).is_ok())
            .then(|| self.unlogged.swap(0, Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_is_logged_once_in_a_period_with_the_number_of_the_others() {
        let at = |second: u64| Nanos::at(1_000_000_000_000 + second * 1_000_000_000);
        let repeats = Repeats::new();
        assert_eq!(repeats.log_now(at(0)), Some(0));
        assert_eq!([1, 30, 59].map(|second| repeats.log_now(at(second))), [None; 3]);
        assert_eq!(repeats.log_now(at(60)), Some(3));
        assert_eq!(repeats.log_now(at(61)), None);
        assert_eq!(repeats.log_now(at(20)), Some(1), "a clock that has gone back");
    }
}
