//! What a closed breaker has counted of late, and whether that opens it. Pure, like the
//! [`machine`](super::machine) it is part of.
//!
//! A window is a list of slices. What a slice is depends on what must be known:
//!
//! - Only failures within some time: each failure is a slice of its own. Exact, and never more than
//!   the threshold.
//! - A rate within some time: a slice is a 64th of the window, and holds the counts of all calls
//!   that ended in it.
//! - The last so many calls: each failed or slow call is a slice of its own; of the others only
//!   their number is known, which is enough to tell how many calls ago a slice was. Exact.

use std::collections::VecDeque;

use resilience_options::{CircuitBreakerOptions, FailureCriterion, WindowKind};

use crate::time::{Nanos, nanoseconds};

/// Into how many slices a window of time is cut where a rate is wanted.
const SLICES: u32 = 64;

/// So many of those there can be: one begins before the oldest has ended.
const MANY_SLICES: usize = SLICES as usize + 1;

/// How many calls, and what was wrong with them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) calls: u64,
    pub(super) failures: u64,
    pub(super) slow: u64,
}

/// A call that ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ended {
    pub(super) failed: bool,
    pub(super) slow: bool,
}

#[derive(Debug)]
pub(super) struct Counted {
    /// Oldest first.
    slices: VecDeque<Slice>,
    /// Of all slices together.
    sum: Counts,
    /// Calls since the last transition: the place of a slice in a window of calls.
    calls: u64,
}

#[derive(Debug)]
struct Slice {
    /// The time it began in nanoseconds, or the number of its call.
    start: u64,
    counts: Counts,
}

impl Counted {
    pub(super) const fn new() -> Self {
        Self { slices: VecDeque::new(), sum: Counts { calls: 0, failures: 0, slow: 0 }, calls: 0 }
    }

    pub(super) fn clear(&mut self) {
        self.slices.clear();
        self.sum = Counts::default();
        self.calls = 0;
    }

    /// The limits have been these and are about to change. Of a window of calls only those in it
    /// are known: a longer one begins with them, and does not take those before for successes.
    #[cfg(feature = "toml")]
    pub(super) fn keep(&mut self, before: &CircuitBreakerOptions) {
        let WindowKind::Calls(length) = before.window_kind() else {
            // Those there are stay for as long as the new window is, beside its own.
            if before.counts_successes() {
                self.slices.reserve_exact(MANY_SLICES);
            }
            return;
        };
        self.evict(before, Nanos::FIRST);
        let forgotten = self.calls.saturating_sub(length.into());
        self.calls -= forgotten;
        for slice in &mut self.slices {
            slice.start -= forgotten;
        }
    }

    /// One more call has ended.
    pub(super) fn add(&mut self, settings: &CircuitBreakerOptions, ended: Ended, now: Nanos) {
        self.calls += 1;
        self.evict(settings, now);
        let Ended { failed, slow } = ended;
        let by_time = matches!(settings.window_kind(), WindowKind::Time(_));
        if !(failed || slow || by_time && settings.counts_successes()) {
            return;
        }
        let here = self.here(settings, now);
        if self
            .slices
            .back()
            .is_none_or(|slice| slice.start.saturating_add(grain(settings)) <= here)
        {
            // The list must not grow in a call that succeeds.
            if self.slices.capacity() == 0 && by_time && settings.counts_successes() {
                self.slices.reserve_exact(MANY_SLICES);
            }
            self.slices.push_back(Slice { start: here, counts: Counts::default() });
        }
        let counts = Counts { calls: 1, failures: failed.into(), slow: slow.into() };
        if let Some(slice) = self.slices.back_mut() {
            slice.counts.plus(counts);
            self.sum.plus(counts);
        }
    }

    /// So many more calls have succeeded, none of them slow, before
    /// [`open_until`](Self::open_until).
    pub(super) fn absorb(&mut self, settings: &CircuitBreakerOptions, successes: u64) {
        self.calls += successes;
        if let WindowKind::Time(_) = settings.window_kind()
            && let Some(slice) = self.slices.back_mut()
        {
            slice.counts.calls += successes;
            self.sum.calls += successes;
        }
    }

    /// Until when successes can be counted elsewhere, for [`absorb`](Self::absorb): they belong to
    /// the last slice, and change nothing. (A limit that was lowered below what has been counted is
    /// for the next call to see.)
    pub(super) fn open_until(&self, settings: &CircuitBreakerOptions) -> Option<Nanos> {
        if self.is_short_of_calls(settings) || self.trips(settings) {
            return None;
        }
        match settings.window_kind() {
            WindowKind::Calls(_) => Some(Nanos::NEVER),
            WindowKind::Time(_) => self
                .slices
                .back()
                .map(|slice| Nanos::at(slice.start.saturating_add(grain(settings)))),
        }
    }

    pub(super) fn evict(&mut self, settings: &CircuitBreakerOptions, now: Nanos) {
        let here = self.here(settings, now);
        let length = match settings.window_kind() {
            WindowKind::Time(window) => nanoseconds(window),
            WindowKind::Calls(calls) => u64::from(calls),
        };
        while let Some(slice) = self.slices.front()
            && slice.start.saturating_add(length) <= here
        {
            self.sum.minus(slice.counts);
            self.slices.pop_front();
        }
    }

    pub(super) fn counts(&self, settings: &CircuitBreakerOptions) -> Counts {
        match settings.window_kind() {
            WindowKind::Time(_) => self.sum,
            WindowKind::Calls(calls) => Counts { calls: self.calls.min(calls.into()), ..self.sum },
        }
    }

    pub(super) fn trips(&self, settings: &CircuitBreakerOptions) -> bool {
        self.counts(settings).trip(settings)
    }

    /// Whether it would take nothing but more successes to open the breaker: there are failures
    /// enough, but not calls.
    fn is_short_of_calls(&self, settings: &CircuitBreakerOptions) -> bool {
        let counts = self.counts(settings);
        let minimum = u64::from(settings.minimum_calls());
        counts.calls < minimum && Counts { calls: minimum, ..counts }.trip(settings)
    }

    fn here(&self, settings: &CircuitBreakerOptions, now: Nanos) -> u64 {
        match settings.window_kind() {
            WindowKind::Time(_) => now.get(),
            WindowKind::Calls(_) => self.calls,
        }
    }
}

impl Counts {
    fn trip(self, settings: &CircuitBreakerOptions) -> bool {
        let enough = self.calls >= u64::from(settings.minimum_calls());
        let failed = match settings.criterion() {
            FailureCriterion::Failures(failures) => self.failures >= u64::from(failures),
            FailureCriterion::Rate(rate) => enough && share(self.failures, self.calls) >= rate,
        };
        failed
            || enough
                && settings
                    .slow_call_rate()
                    .is_some_and(|rate| share(self.slow, self.calls) >= rate)
    }

    fn plus(&mut self, other: Self) {
        self.calls += other.calls;
        self.failures += other.failures;
        self.slow += other.slow;
    }

    fn minus(&mut self, other: Self) {
        self.calls -= other.calls;
        self.failures -= other.failures;
        self.slow -= other.slow;
    }
}

/// As a quotient: 55 of 100 is 0.55 to the last bit, where 0.55 of 100 would be a little more than
/// 55.
#[expect(clippy::cast_precision_loss, reason = "counts of calls are far below 2⁵³")]
fn share(part: u64, of: u64) -> f64 {
    part as f64 / of as f64
}

/// How long a slice goes on; with zero each call begins its own.
fn grain(settings: &CircuitBreakerOptions) -> u64 {
    match settings.window_kind() {
        WindowKind::Time(window) if settings.counts_successes() => {
            nanoseconds(window).div_ceil(SLICES.into())
        }
        _ => 0,
    }
}

#[cfg(all(test, feature = "toml"))]
mod tests {
    use std::time::Duration;

    use super::*;

    const SUCCESS: Ended = Ended { failed: false, slow: false };

    /// A success in each slice of a window, from this moment on; and when the window is over.
    fn fill(
        counted: &mut Counted,
        settings: &CircuitBreakerOptions,
        window: Duration,
        from: Nanos,
    ) -> Nanos {
        let moments = (0..SLICES).map(|slice| from.after(window / SLICES * slice));
        moments.for_each(|now| counted.add(settings, SUCCESS, now));
        from.after(window)
    }

    #[test]
    fn slices_that_outlast_their_window_leave_room_for_those_of_the_new_one() {
        let (fine, coarse) = (Duration::from_millis(640), Duration::from_secs(640));
        let of = |window| CircuitBreakerOptions {
            failure_rate: Some(0.9),
            window: Some(window),
            ..CircuitBreakerOptions::NONE
        };
        let mut counted = Counted::new();
        let now = fill(&mut counted, &of(fine), fine, Nanos::FIRST);
        counted.keep(&of(fine));
        let room = counted.slices.capacity();
        fill(&mut counted, &of(coarse), coarse, now);
        assert!(counted.slices.len() > MANY_SLICES, "both are there");
        assert_eq!(counted.slices.capacity(), room, "no success needed more");
    }
}
