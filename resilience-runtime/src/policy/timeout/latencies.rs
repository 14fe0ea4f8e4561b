//! The latencies in the sliding window of an adaptive timeout.
//!
//! Shared state, who touches it, and in which order:
//!
//! - `current`: histogram of the current slice of the window. Every call that ends adds its
//!   latency, without a lock. At the end of a slice, the histogram is emptied under the lock of
//!   `past`, bucket by bucket. So a call is counted in this slice or in the next, never in both or
//!   neither.
//! - `limit`, `slice_begins`, `slice_ends` and `update_after`: read by every call; written under
//!   the lock of `past`.
//! - `new_calls`: number of calls since the last update of the limit. Every call that ends adds
//!   one; an update sets it to zero. Calls that end during an update may be lost to the number. The
//!   next update is then a few calls later.
//! - `past`, under its lock: the earlier slices. A call takes the lock if a slice has ended or if
//!   there are enough new calls. Other calls do not wait for the lock, and use the old limit. The
//!   thread that overrides the options waits for the lock and updates the limit, so that an update
//!   under the old options does not stay in force.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use histogram::{AtomicHistogram32, Config, Histogram32};
use resilience_options::AdaptiveTimeoutOptions;

use crate::sync::Reloadable;
use crate::time::{Nanos, nanoseconds};

/// Number of slices of the window.
const SLICES: u32 = 8;
/// Relative error at most 1/32; up to 2⁴⁶ ns, which is 19 hours.
const SHAPE: Config = match Config::new(5, 46) {
    Ok(shape) => shape,
    Err(_) => panic!("these powers are in range"),
};
const LONGEST: u64 = (1 << SHAPE.max_value_power()) - 1;

/// Latencies of the latest calls, and the limit that follows from them.
#[derive(Debug)]
pub(super) struct LatencyWindow {
    current: AtomicHistogram32,
    /// Limit in nanoseconds; 0 as long as there are too few calls.
    limit: AtomicU64,
    /// First moment at which the current slice is believed, as [`Nanos`]: a clock that shows an
    /// earlier one has gone back.
    slice_begins: AtomicU64,
    /// End of the current slice, as [`Nanos`].
    slice_ends: AtomicU64,
    new_calls: AtomicU64,
    /// Number of new calls after which the limit is updated.
    update_after: AtomicU64,
    past: Mutex<PastSlices>,
}

#[derive(Debug)]
struct PastSlices {
    /// Start of the current slice.
    began: Nanos,
    /// Start and latencies of each earlier slice. A new slice replaces the oldest.
    slices: [(Nanos, Histogram32); SLICES as usize],
    oldest: usize,
    /// Storage for the sum of the slices.
    sum: Histogram32,
}

/// Returns the limit that follows from these latencies; `None` if there are too few.
fn limit_of(options: &AdaptiveTimeoutOptions, all: &Histogram32, calls: u64) -> Option<Duration> {
    if calls < options.minimum_calls().into() {
        return None;
    }
    let bucket = all.quantile_bucket(options.percentile()).ok()??;
    let longest = options.longest();
    let seconds = Duration::from_nanos(bucket.end()).as_secs_f64() * options.multiplier();
    let limit = Duration::try_from_secs_f64(seconds);
    Some(limit.map_or(longest, |limit| limit.clamp(options.shortest(), longest)))
}

/// Returns the first moment at which a slice that began at `began` is believed, with the tolerance
/// of [`has_come`](Nanos::has_come).
const fn believed_from(began: Nanos) -> u64 {
    began.get().saturating_sub(nanoseconds(Duration::from_secs(1)))
}

impl LatencyWindow {
    pub(super) fn new(options: &AdaptiveTimeoutOptions, now: Nanos) -> Self {
        let empty = || Histogram32::with_config(&SHAPE);
        let slices = std::array::from_fn(|_| (Nanos::FIRST, empty()));
        Self {
            current: AtomicHistogram32::with_config(&SHAPE),
            limit: AtomicU64::new(0),
            slice_begins: AtomicU64::new(believed_from(now)),
            slice_ends: AtomicU64::new(now.after(options.window() / SLICES).get()),
            new_calls: AtomicU64::new(0),
            update_after: AtomicU64::new(options.minimum_calls().into()),
            past: Mutex::new(PastSlices { began: now, slices, oldest: 0, sum: empty() }),
        }
    }

    /// Returns the limit that follows from the latencies; `None` if there are too few.
    pub(super) fn limit(
        &self,
        options: &Reloadable<AdaptiveTimeoutOptions>,
        now: Nanos,
    ) -> Option<Duration> {
        if self.slice_is_over(now) {
            self.try_update(options, now);
        }
        match self.limit.load(Acquire) {
            0 => None,
            limit => Some(Duration::from_nanos(limit)),
        }
    }

    /// Records the latency of a call.
    pub(super) fn record(
        &self,
        options: &Reloadable<AdaptiveTimeoutOptions>,
        latency: Duration,
        now: Nanos,
    ) {
        // `increment` fails only for a value out of range.
        let _ = self.current.increment(nanoseconds(latency).min(LONGEST));
        // AcqRel: the call that triggers the update sees the latencies of the other calls.
        let new_calls = self.new_calls.fetch_add(1, AcqRel) + 1;
        if new_calls >= self.update_after.load(Relaxed) || self.slice_is_over(now) {
            self.try_update(options, now);
        }
    }

    /// Returns `true` if the current slice has ended, or lies in the future: then the clock has
    /// gone back, and the window forgets it.
    fn slice_is_over(&self, now: Nanos) -> bool {
        let now = now.get();
        now >= self.slice_ends.load(Acquire) || now < self.slice_begins.load(Relaxed)
    }

    /// Updates the limit, unless another thread is doing so.
    #[cold]
    fn try_update(&self, options: &Reloadable<AdaptiveTimeoutOptions>, now: Nanos) {
        match self.past.try_lock() {
            Ok(past) => self.update(options, past, now),
            Err(TryLockError::Poisoned(poisoned)) => {
                self.update(options, poisoned.into_inner(), now);
            }
            Err(TryLockError::WouldBlock) => {}
        }
    }

    /// Updates the limit after the options have been overridden.
    #[cfg(feature = "toml")]
    pub(super) fn update_after_override(
        &self,
        options: &Reloadable<AdaptiveTimeoutOptions>,
        now: Nanos,
    ) {
        self.update(options, self.past.lock().unwrap_or_else(PoisonError::into_inner), now);
    }

    /// Forgets all latencies. Those of calls that end at the same time may stay.
    pub(super) fn reset(&self, options: &AdaptiveTimeoutOptions, now: Nanos) {
        let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        let slice = (options.window() / SLICES).max(Duration::from_nanos(1));
        // As in `update`, the histogram function can't fail.
        let _ = self.current.drain_into(&mut past.sum);
        for (began, calls) in &mut past.slices {
            (*began, *calls) = (Nanos::FIRST, Histogram32::with_config(&SHAPE));
        }
        past.began = now;
        self.slice_begins.store(believed_from(now), Relaxed);
        self.slice_ends.store(now.after(slice).get(), Release);
        self.limit.store(0, Release);
        self.update_after.store(options.minimum_calls().into(), Relaxed);
        self.new_calls.store(0, Relaxed);
    }

    fn update(
        &self,
        options: &Reloadable<AdaptiveTimeoutOptions>,
        mut past: MutexGuard<'_, PastSlices>,
        now: Nanos,
    ) {
        let options = options.get();
        let PastSlices { began, slices, oldest, sum } = &mut *past;
        // The histogram functions fail only for different shapes, or on overflow. Neither happens:
        // all histograms have one shape, and no count comes near its limit.
        let slice = (options.window() / SLICES).max(Duration::from_nanos(1));
        if began.after(slice).has_come(now, slice) {
            let (oldest_began, oldest_calls) = &mut slices[*oldest];
            let _ = self.current.drain_into(oldest_calls);
            *oldest_began = *began;
            *oldest = (*oldest + 1) % slices.len();
            *began = now;
            self.slice_begins.store(believed_from(now), Relaxed);
            self.slice_ends.store(now.after(slice).get(), Release);
        }
        let _ = self.current.load_into(sum);
        for (began, calls) in slices {
            if !began.after(options.window()).has_come(now, options.window()) {
                let _ = sum.checked_add_assign(calls);
            }
        }
        let calls: u64 = sum.as_slice().iter().map(|&count| u64::from(count)).sum();
        self.limit.store(limit_of(&options, sum, calls).map_or(0, nanoseconds), Release);
        self.update_after.store(u64::from(options.minimum_calls()).max(calls / 4), Relaxed);
        self.new_calls.store(0, Relaxed);
    }
}
