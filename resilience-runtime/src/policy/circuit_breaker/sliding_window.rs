//! The calls that a closed breaker has counted. Pure, like the [`machine`](super::machine) that it
//! is part of.
//!
//! A window is a list of slices. The breaker's options decide what a slice is:
//!
//! - Only a run of failures counts: there are no slices.
//! - Only failures count, within some time: each failure is a slice of its own. The window is
//!   exact, and never longer than the threshold.
//! - A rate counts, within some time: a slice is a 64th of the window, and holds the counts of all
//!   calls that ended in it.
//! - A number of last calls counts: each failed or slow call is a slice of its own. Of the other
//!   calls only the number is known, which gives the distance of a slice. The window is exact.

use std::collections::VecDeque;
use std::ops::Range;

use resilience_options::{CircuitBreakerOptions, WindowKind};

use crate::state::TransitionReason;
use crate::time::{Nanos, nanoseconds};

/// Number of slices that a window of time is cut into for a rate.
const SLICES: u32 = 64;

/// Largest number of slices of such a window: the newest begins before the oldest has ended.
const MANY_SLICES: usize = SLICES as usize + 1;

/// Numbers of calls, of failures and of slow calls.
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

/// The calls that a closed breaker has counted.
#[derive(Debug)]
pub(super) struct SlidingWindow {
    /// Oldest first.
    slices: VecDeque<Slice>,
    /// Sum over all slices.
    sum: Counts,
    /// Number of calls so far: the position of a slice in a window of calls.
    calls: u64,
}

#[derive(Debug)]
struct Slice {
    /// Beginning of the slice in nanoseconds, or the number of its call.
    start: u64,
    counts: Counts,
}

impl SlidingWindow {
    pub(super) const fn new() -> Self {
        Self { slices: VecDeque::new(), sum: Counts { calls: 0, failures: 0, slow: 0 }, calls: 0 }
    }

    /// Prepares for other options. Counts that would change their meaning are forgotten.
    #[cfg(feature = "toml")]
    pub(super) fn reconfigure(&mut self, from: &CircuitBreakerOptions, to: &CircuitBreakerOptions) {
        let by_time =
            |options: &CircuitBreakerOptions| matches!(options.window_kind(), WindowKind::Time(_));
        let counts_alike = by_time(from) == by_time(to)
            && from.counts_in_window() == to.counts_in_window()
            && from.counts_successes() == to.counts_successes();
        if counts_alike {
            self.keep(from);
        } else {
            *self = Self::new();
        }
    }

    /// Keeps the counts for other options. A longer window of calls begins with the calls that are
    /// in this one, and does not take earlier calls for successes.
    #[cfg(feature = "toml")]
    fn keep(&mut self, before: &CircuitBreakerOptions) {
        let WindowKind::Calls(length) = before.window_kind() else {
            // The slices of the new window come beside the present ones.
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

    /// Counts one call.
    pub(super) fn add(&mut self, options: &CircuitBreakerOptions, ended: Ended, now: Nanos) {
        if !options.counts_in_window() {
            return;
        }
        self.calls += 1;
        self.evict(options, now);
        let Ended { failed, slow } = ended;
        let by_time = matches!(options.window_kind(), WindowKind::Time(_));
        if !(failed || slow || by_time && options.counts_successes()) {
            return;
        }
        let here = self.here(options, now);
        let is_over = |slice: &Slice| slice.start.saturating_add(grain(options)) <= here;
        if self.slices.back().is_none_or(is_over) {
            // The list must not grow in a call that succeeds.
            if self.slices.capacity() == 0 && by_time && options.counts_successes() {
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

    /// Counts successes that were counted elsewhere, during [`open_during`](Self::open_during).
    /// None of them was slow.
    pub(super) fn absorb(&mut self, options: &CircuitBreakerOptions, successes: u64) {
        self.calls += successes;
        if let WindowKind::Time(_) = options.window_kind()
            && let Some(slice) = self.slices.back_mut()
        {
            slice.counts.calls += successes;
            self.sum.calls += successes;
        }
    }

    /// The time during which successes can be counted elsewhere, for [`absorb`](Self::absorb): they
    /// belong to the last slice. `None` if the next call must be counted here.
    pub(super) fn open_during(&self, options: &CircuitBreakerOptions) -> Option<Range<Nanos>> {
        match options.window_kind() {
            WindowKind::Calls(_) => Some(Nanos::FIRST..Nanos::NEVER),
            WindowKind::Time(_) => self.slices.back().map(|slice| {
                let end = Nanos::at(slice.start.saturating_add(grain(options)));
                Nanos::at(slice.start).believed_from()..end
            }),
        }
    }

    /// Forgets the slices that have left the window, and those that another clock has left.
    pub(super) fn evict(&mut self, options: &CircuitBreakerOptions, now: Nanos) {
        let here = self.here(options, now);
        let length = match options.window_kind() {
            WindowKind::Time(window) => {
                self.evict_future(now);
                nanoseconds(window)
            }
            WindowKind::Calls(calls) => u64::from(calls),
        };
        while let Some(slice) = self.slices.front()
            && slice.start.saturating_add(length) <= here
        {
            self.sum.minus(slice.counts);
            self.slices.pop_front();
        }
    }

    /// Forgets the slices that begin after now: the clock has gone back.
    fn evict_future(&mut self, now: Nanos) {
        while let Some(slice) = self.slices.back()
            && now < Nanos::at(slice.start).believed_from()
        {
            self.sum.minus(slice.counts);
            self.slices.pop_back();
        }
    }

    pub(super) fn counts(&self, options: &CircuitBreakerOptions) -> Counts {
        match options.window_kind() {
            WindowKind::Time(_) => self.sum,
            WindowKind::Calls(calls) => Counts { calls: self.calls.min(calls.into()), ..self.sum },
        }
    }

    /// Returns the reason for which the counts open the breaker, if they do.
    pub(super) fn trips(&self, options: &CircuitBreakerOptions) -> Option<TransitionReason> {
        self.counts(options).trip(options)
    }

    /// The position of a call that ends now.
    fn here(&self, options: &CircuitBreakerOptions, now: Nanos) -> u64 {
        match options.window_kind() {
            WindowKind::Time(_) => now.get(),
            WindowKind::Calls(_) => self.calls,
        }
    }
}

impl Counts {
    fn trip(self, options: &CircuitBreakerOptions) -> Option<TransitionReason> {
        let enough = self.calls >= u64::from(options.minimum_calls());
        let is = |part: u64, limit: Option<f64>| {
            enough && limit.is_some_and(|limit| share(part, self.calls) >= limit)
        };
        if options.failure_threshold.is_some_and(|limit| self.failures >= u64::from(limit)) {
            Some(TransitionReason::FailureThreshold)
        } else if is(self.failures, options.failure_rate) {
            Some(TransitionReason::FailureRate)
        } else if is(self.slow, options.slow_call_rate()) {
            Some(TransitionReason::SlowCalls)
        } else {
            None
        }
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

/// The share as a quotient: 55 of 100 is exactly 0.55, whereas 0.55 times 100 is a little more than
/// 55.
#[expect(clippy::cast_precision_loss, reason = "counts of calls are far below 2⁵³")]
fn share(part: u64, of: u64) -> f64 {
    part as f64 / of as f64
}

/// Length of a slice. With zero each call begins a slice of its own.
fn grain(options: &CircuitBreakerOptions) -> u64 {
    match options.window_kind() {
        WindowKind::Time(window) if options.counts_successes() => {
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

    /// Counts a success in each slice of a window that begins now. Returns the end of the window.
    fn fill(
        counted: &mut SlidingWindow,
        options: &CircuitBreakerOptions,
        window: Duration,
        from: Nanos,
    ) -> Nanos {
        let moments = (0..SLICES).map(|slice| from.after(window / SLICES * slice));
        moments.for_each(|now| counted.add(options, SUCCESS, now));
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
        let mut counted = SlidingWindow::new();
        let now = fill(&mut counted, &of(fine), fine, Nanos::FIRST);
        counted.keep(&of(fine));
        let room = counted.slices.capacity();
        fill(&mut counted, &of(coarse), coarse, now);
        assert!(counted.slices.len() > MANY_SLICES, "both are there");
        assert_eq!(counted.slices.capacity(), room, "no success needed more");
    }
}
