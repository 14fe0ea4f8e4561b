//! The time of a limiter, which stops while the limiter is paused.
//!
//! Turns are moments of this time. So a pause moves all turns that were given out, and the turns
//! that follow them, by one step: their order and their distances stay, and nobody is woken.
//!
//! Shared state, who touches it, and in which order:
//!
//! - `shift`: from the clock to the limiter's time, with the end of the pause. It is replaced as a
//!   whole, by a pause, by a reset, and when the clock has gone back; by compare-and-swap, so that
//!   no such step is lost. The limiter's time never goes back by it.
//! - `is_shifted`: set after the first shift was stored, never cleared. While it is not set, the
//!   limiter's time is that of the clock, at the cost of one load.

use std::sync::Arc;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::time::Duration;

use arc_swap::ArcSwapOption;

use crate::sync::AtomicBool;
use crate::time::{Nanos, nanoseconds};

/// Longest pause: a hundred years.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// Time of one limiter.
#[derive(Debug)]
pub(super) struct Pauses {
    is_shifted: AtomicBool,
    shift: ArcSwapOption<TimeShift>,
}

/// Shift from the clock to the limiter's time.
#[derive(Clone, Copy, Debug)]
struct TimeShift {
    /// Difference of the limiter's time to the clock, outside a pause.
    offset: i64,
    /// End of the last pause.
    until: Nanos,
    /// Length of this pause. An end further ahead is that of another clock.
    length: Duration,
}

/// A moment of the limiter's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LimiterMoment {
    /// Nanoseconds of the limiter's time.
    pub(super) at: u64,
    /// Nanoseconds for which the limiter's time stops from now on.
    pub(super) paused: u64,
}

impl LimiterMoment {
    /// Returns the time until a moment of the limiter's time has come, if it is not paused again:
    /// also of a moment in the past, while it is paused.
    pub(super) const fn until(&self, at: u64) -> u64 {
        at.saturating_sub(self.at).saturating_add(self.paused)
    }
}

impl TimeShift {
    const NONE: Self = Self { offset: 0, until: Nanos::FIRST, length: Duration::ZERO };

    fn of(shift: Option<&Arc<Self>>) -> Self {
        shift.map_or(Self::NONE, |shift| **shift)
    }

    fn at(&self, now: Nanos) -> LimiterMoment {
        let until = if self.until.has_come(now, self.length) { now } else { self.until };
        let paused = until.get() - now.get();
        LimiterMoment { at: until.get().saturating_add_signed(self.offset), paused }
    }
}

impl Pauses {
    pub(super) const fn none() -> Self {
        Self { is_shifted: AtomicBool::new(false), shift: ArcSwapOption::const_empty() }
    }

    /// Returns the limiter's time at this moment of the clock.
    #[inline]
    pub(super) fn at(&self, now: Nanos) -> LimiterMoment {
        if self.is_shifted.load(Acquire) {
            return self.shifted(now);
        }
        LimiterMoment { at: now.get(), paused: 0 }
    }

    #[cold]
    fn shifted(&self, now: Nanos) -> LimiterMoment {
        TimeShift::of(self.shift.load().as_ref()).at(now)
    }

    /// Stops the time for at least this long from now on. Returns `true` if it ran before.
    pub(super) fn pause(&self, now: Nanos, length: Duration) -> bool {
        let length = length.min(LONGEST);
        let until = now.after(length);
        let mut begins = false;
        self.replace(|shift| {
            let before = shift.at(now);
            begins = before.paused == 0 && !length.is_zero();
            let longer = nanoseconds(length).saturating_sub(before.paused);
            let longer = i64::try_from(longer).unwrap_or(i64::MAX);
            let offset = shift.offset.saturating_sub(longer);
            (longer > 0).then_some(TimeShift { offset, until, length })
        });
        begins
    }

    /// Ends a pause, and moves the limiter's time on to `at` if it is earlier.
    pub(super) fn advance(&self, now: Nanos, at: u64) {
        self.replace(|shift| {
            let before = shift.at(now);
            let is_needed = before.paused > 0 || before.at < at;
            let offset = i128::from(before.at.max(at)) - i128::from(now.get());
            let offset = i64::try_from(offset).unwrap_or(i64::MAX);
            is_needed.then_some(TimeShift { offset, ..TimeShift::NONE })
        });
    }

    /// Replaces the shift; `None` leaves it.
    fn replace(&self, mut next: impl FnMut(TimeShift) -> Option<TimeShift>) {
        self.shift.rcu(|shift| match next(TimeShift::of(shift.as_ref())) {
            Some(next) => Some(Arc::new(next)),
            None => shift.clone(),
        });
        self.is_shifted.store(true, Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn check(test: fn(&Pauses, Nanos)) {
        shuttle::check_random(move || test(&Pauses::none(), Nanos::FIRST.after(1000 * SECOND)), 1);
    }

    #[test]
    fn time_stops_while_it_is_paused() {
        check(|pauses, now| {
            let begun = pauses.at(now).at;
            assert!(pauses.pause(now, 10 * SECOND), "it begins");
            assert!(!pauses.pause(now.after(SECOND), 4 * SECOND), "and has not ended");
            let half = pauses.at(now.after(5 * SECOND));
            assert_eq!(half, LimiterMoment { at: begun, paused: 5_000_000_000 });
            assert_eq!(half.until(begun), 5_000_000_000);
            assert_eq!(half.until(begun + 7), 5_000_000_007);
            let after = pauses.at(now.after(12 * SECOND));
            assert_eq!(after, LimiterMoment { at: begun + 2_000_000_000, paused: 0 });
        });
    }

    #[test]
    fn a_longer_pause_makes_it_longer() {
        check(|pauses, now| {
            let begun = pauses.at(now).at;
            pauses.pause(now, 10 * SECOND);
            pauses.pause(now.after(5 * SECOND), 10 * SECOND);
            assert_eq!(pauses.at(now.after(12 * SECOND)).paused, 3_000_000_000);
            let after = pauses.at(now.after(16 * SECOND));
            assert_eq!(after, LimiterMoment { at: begun + 1_000_000_000, paused: 0 });
        });
    }

    #[test]
    fn an_advance_ends_the_pause_and_never_goes_back() {
        check(|pauses, now| {
            let begun = pauses.at(now).at;
            pauses.pause(now, Duration::MAX);
            pauses.advance(now.after(SECOND), begun - 5);
            let later = pauses.at(now.after(2 * SECOND));
            assert_eq!(later, LimiterMoment { at: begun + 1_000_000_000, paused: 0 });
            pauses.advance(now.after(2 * SECOND), begun + 7_000_000_000);
            assert_eq!(pauses.at(now.after(3 * SECOND)).at, begun + 8_000_000_000);
        });
    }

    #[test]
    fn the_end_of_a_pause_of_another_clock_is_not_believed() {
        check(|pauses, now| {
            pauses.pause(now.after(100 * SECOND), 5 * SECOND);
            assert_eq!(pauses.at(now).paused, 0);
        });
    }
}
