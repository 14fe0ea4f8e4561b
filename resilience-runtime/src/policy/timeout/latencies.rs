//! The latencies in the sliding window of an adaptive timeout.
//!
//! Shared state, who touches it, and in which order:
//!
//! - `current`: a histogram of the present slice of the window. Every call that ends adds one,
//!   without a lock; at the end of a slice it is emptied under the lock of `past`, bucket by
//!   bucket: a call is counted in the one slice or in the next, never in both or neither.
//! - `limit`, `slice_ends` and `look_after`: read by every call; written under the lock of `past`.
//! - `unseen`: calls since the last look. Every call that ends adds one; a look sets it to zero.
//!   Calls that end during the look may be lost to it: the next look is then a few calls later.
//! - `past`, under its lock: the slices before. Taken by whoever finds that a slice has ended or
//!   that there is enough new to see; others don't wait for it, and go on with the limit there is.
//!   Who has replaced the limits waits for it and looks once more, so that what a look finds under
//!   the limits before does not stay.

#[cfg(feature = "toml")]
use std::sync::PoisonError;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::sync::{Mutex, MutexGuard, TryLockError};
use std::time::Duration;

use histogram::{AtomicHistogram32, Config, Histogram32};
use resilience_options::AdaptiveTimeoutOptions;

use crate::sync::Reloadable;
use crate::time::{Nanos, nanoseconds};

/// Into how many slices the window is cut.
const SLICES: u32 = 8;
/// Relative error at most 1/32; up to 2⁴⁶ ns, which is 19 hours.
const SHAPE: Config = match Config::new(5, 46) {
    Ok(shape) => shape,
    Err(_) => panic!("these powers are in range"),
};
const LONGEST: u64 = (1 << SHAPE.max_value_power()) - 1;

/// What an adaptive timeout has seen.
#[derive(Debug)]
pub(super) struct LatencyWindow {
    current: AtomicHistogram32,
    /// In nanoseconds; 0 as long as there are too few calls.
    limit: AtomicU64,
    slice_ends: AtomicU64,
    unseen: AtomicU64,
    look_after: AtomicU64,
    past: Mutex<PastSlices>,
}

#[derive(Debug)]
struct PastSlices {
    /// When the current slice began.
    began: Nanos,
    /// When each of the slices before began, and what it holds. A new one takes the place of the
    /// oldest.
    slices: [(Nanos, Histogram32); SLICES as usize],
    oldest: usize,
    /// Where the slices are added up.
    sum: Histogram32,
}

/// Limit that follows from these latencies; `None` if they are too few.
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

impl LatencyWindow {
    pub(super) fn new(of: &AdaptiveTimeoutOptions, now: Nanos) -> Self {
        let empty = || Histogram32::with_config(&SHAPE);
        let slices = std::array::from_fn(|_| (Nanos::FIRST, empty()));
        Self {
            current: AtomicHistogram32::with_config(&SHAPE),
            limit: AtomicU64::new(0),
            slice_ends: AtomicU64::new(now.after(of.window() / SLICES).get()),
            unseen: AtomicU64::new(0),
            look_after: AtomicU64::new(of.minimum_calls().into()),
            past: Mutex::new(PastSlices { began: now, slices, oldest: 0, sum: empty() }),
        }
    }

    /// The limit that follows from what has been seen; `None` if that is too little.
    pub(super) fn limit(
        &self,
        of: &Reloadable<AdaptiveTimeoutOptions>,
        now: Nanos,
    ) -> Option<Duration> {
        if now.get() >= self.slice_ends.load(Acquire) {
            self.look(of, now);
        }
        match self.limit.load(Acquire) {
            0 => None,
            limit => Some(Duration::from_nanos(limit)),
        }
    }

    /// A call took this long.
    pub(super) fn add(
        &self,
        of: &Reloadable<AdaptiveTimeoutOptions>,
        latency: Duration,
        now: Nanos,
    ) {
        // The value is in range, which is all that can be wrong with it.
        let _ = self.current.increment(nanoseconds(latency).min(LONGEST));
        // Whoever finds that there is enough to see then sees what the others have counted.
        let unseen = self.unseen.fetch_add(1, AcqRel) + 1;
        if unseen >= self.look_after.load(Relaxed) || now.get() >= self.slice_ends.load(Acquire) {
            self.look(of, now);
        }
    }

    /// Finds the limit anew; or leaves that to whoever is just doing it.
    #[cold]
    fn look(&self, of: &Reloadable<AdaptiveTimeoutOptions>, now: Nanos) {
        match self.past.try_lock() {
            Ok(past) => self.find(of, past, now),
            Err(TryLockError::Poisoned(poisoned)) => self.find(of, poisoned.into_inner(), now),
            Err(TryLockError::WouldBlock) => {}
        }
    }

    /// Finds the limit anew when the limits have been replaced.
    #[cfg(feature = "toml")]
    pub(super) fn look_again(&self, of: &Reloadable<AdaptiveTimeoutOptions>, now: Nanos) {
        self.find(of, self.past.lock().unwrap_or_else(PoisonError::into_inner), now);
    }

    fn find(
        &self,
        of: &Reloadable<AdaptiveTimeoutOptions>,
        mut past: MutexGuard<'_, PastSlices>,
        now: Nanos,
    ) {
        let options = of.get();
        let PastSlices { began, slices, oldest, sum } = &mut *past;
        // Of all histograms: they are of one shape, and far from overflow. Nothing can be wrong
        // with them.
        let slice = (options.window() / SLICES).max(Duration::from_nanos(1));
        if now >= began.after(slice) {
            let (its_beginning, its_calls) = &mut slices[*oldest];
            let _ = self.current.drain_into(its_calls);
            *its_beginning = *began;
            *oldest = (*oldest + 1) % slices.len();
            *began = now;
            self.slice_ends.store(now.after(slice).get(), Release);
        }
        let _ = self.current.load_into(sum);
        for (began, calls) in slices {
            if began.after(options.window()) > now {
                let _ = sum.checked_add_assign(calls);
            }
        }
        let calls: u64 = sum.as_slice().iter().map(|&count| u64::from(count)).sum();
        self.limit.store(limit_of(&options, sum, calls).map_or(0, nanoseconds), Release);
        self.look_after.store(u64::from(options.minimum_calls()).max(calls / 4), Relaxed);
        self.unseen.store(0, Relaxed);
    }
}
