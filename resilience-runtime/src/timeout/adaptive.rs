//! A limit that follows the latencies it sees.
//!
//! Shared state, who touches it, and in which order:
//!
//! - `current`: a histogram of the present slice of the window. Every call that ends adds one, without a lock.
//! - `limit`, `slice_ends` and `look_after`: read by every call; written under the lock of `past`.
//! - `unseen`: calls since the last look. Every call that ends adds one; a look sets it to zero.
//! - `past`, under its lock: the slices before. Taken by whoever finds that a slice has ended or that there is enough new to see;
//!   others don't wait for it.

use std::collections::VecDeque;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::{Mutex, OnceLock, PoisonError, TryLockError};
use std::time::Duration;

use histogram::{AtomicHistogram32, Config, Histogram32};

use crate::tick::{Tick, nanoseconds};

/// Into how many slices the window is cut.
const SLICES: u32 = 8;
/// Relative error at most 1/32; up to 2⁴⁶ ns, which is 19 hours.
const SHAPE: Config = match Config::new(5, 46) {
    Ok(shape) => shape,
    Err(_) => panic!("these powers are in range"),
};
const LONGEST: u64 = (1 << SHAPE.max_value_power()) - 1;

/// A limit for `#[timeout]` that follows the latencies of the calls it stands on: a percentile of those in a sliding window, times a
/// safety margin.
///
/// ```
/// use resilience::{AdaptiveTimeout, timeout};
/// use std::time::Duration;
///
/// static LATENCY: AdaptiveTimeout = AdaptiveTimeout::new("payment")
///     .percentile(0.99)
///     .multiplier(1.5)
///     .min(Duration::from_millis(50))
///     .max(Duration::from_secs(3));
///
/// #[timeout(LATENCY)]
/// async fn charge(amount: u64) -> Result<u64, resilience::Error> {
///     Ok(amount)
/// }
/// ```
///
/// Until there are [`minimum_calls`](Self::minimum_calls) in the window, the limit is [`max`](Self::max). It never leaves the range from
/// [`min`](Self::min) to `max`.
///
/// # What it sees
///
/// Calls that succeed count with the time they took; calls whose limit passed count as a quarter longer than it, so that the limit
/// grows when the dependency has become slower than it. Calls that fail by themselves count as nothing: an
/// error that comes at once says nothing about how long an answer takes. Neither do calls that are dropped because their caller went away.
///
/// # What it costs
///
/// The clock is read twice a call. The percentile is found anew when an eighth of the window has passed, or when a quarter more calls
/// have been seen: some microseconds for one of the callers, with memory allocated for it. It needs about 50 kB.
#[derive(Debug)]
pub struct AdaptiveTimeout {
    name: &'static str,
    percentile: f64,
    multiplier: f64,
    min: Option<Duration>,
    max: Option<Duration>,
    window: Duration,
    minimum_calls: u32,
    seen: OnceLock<Seen>,
}

#[derive(Debug)]
struct Seen {
    current: AtomicHistogram32,
    /// In nanoseconds.
    limit: AtomicU64,
    slice_ends: AtomicU64,
    unseen: AtomicU64,
    look_after: AtomicU64,
    past: Mutex<Past>,
}

#[derive(Debug)]
struct Past {
    /// When the current slice began.
    began: Tick,
    /// Oldest first.
    slices: VecDeque<(Tick, Histogram32)>,
}

/// All of these are `const`: in a `static`, a value that can't be right is a compile error that says why.
impl AdaptiveTimeout {
    /// The defaults: 1.5 times the 99th percentile of the last 60 s, from 10 ms to 5 s, once there are 20 calls.
    ///
    /// # Panics
    ///
    /// If the name is empty.
    #[must_use]
    #[track_caller]
    pub const fn new(name: &'static str) -> Self {
        assert!(!name.is_empty(), "an adaptive timeout's name must not be empty");
        Self {
            name,
            percentile: 0.99,
            multiplier: 1.5,
            min: None,
            max: None,
            window: Duration::from_secs(60),
            minimum_calls: 20,
            seen: OnceLock::new(),
        }
    }

    /// Which of the latencies: 0.99 is the one that 99 of 100 calls don't exceed. Default 0.99; more than 0.0, at most 1.0.
    ///
    /// # Panics
    ///
    /// If it is not in that range.
    #[must_use]
    #[track_caller]
    pub const fn percentile(mut self, percentile: f64) -> Self {
        assert!(
            percentile > 0.0 && percentile <= 1.0,
            "percentile must be more than 0.0 and at most 1.0: the 99th is 0.99"
        );
        self.percentile = percentile;
        self
    }

    /// How many times that latency the limit is. Default 1.5, at least 1.0.
    ///
    /// # Panics
    ///
    /// If it is less than 1.0 or not finite.
    #[must_use]
    #[track_caller]
    pub const fn multiplier(mut self, multiplier: f64) -> Self {
        assert!(
            multiplier >= 1.0 && multiplier.is_finite(),
            "multiplier must be at least 1.0 and finite: with less the limit would cut off calls as slow as usual"
        );
        self.multiplier = multiplier;
        self
    }

    /// The limit is never shorter. Default 10 ms, or `max` if that is shorter.
    ///
    /// # Panics
    ///
    /// If it is zero or longer than [`max`](Self::max).
    #[must_use]
    #[track_caller]
    pub const fn min(mut self, min: Duration) -> Self {
        assert!(!min.is_zero(), "min must be longer than zero: within no time nothing can be done");
        self.min = Some(min);
        self.checked()
    }

    /// The limit is never longer, and this as long as too few calls have been seen. Default 5 s, or `min` if that is longer.
    ///
    /// # Panics
    ///
    /// If it is zero or shorter than [`min`](Self::min).
    #[must_use]
    #[track_caller]
    pub const fn max(mut self, max: Duration) -> Self {
        assert!(!max.is_zero(), "max must be longer than zero: within no time nothing can be done");
        self.max = Some(max);
        self.checked()
    }

    /// How long a call is remembered. Default 60 s. It is forgotten in steps of an eighth, never late.
    ///
    /// # Panics
    ///
    /// If it is zero.
    #[must_use]
    #[track_caller]
    pub const fn window(mut self, window: Duration) -> Self {
        assert!(!window.is_zero(), "window must be longer than zero: within no time no call could be seen");
        self.window = window;
        self
    }

    /// How many calls the window must hold before the limit follows them. Default 20, at least 1.
    ///
    /// # Panics
    ///
    /// If it is 0.
    #[must_use]
    #[track_caller]
    pub const fn minimum_calls(mut self, calls: u32) -> Self {
        assert!(calls > 0, "minimum_calls must be at least 1: there is no percentile of no calls");
        self.minimum_calls = calls;
        self
    }

    #[track_caller]
    const fn checked(self) -> Self {
        if let (Some(min), Some(max)) = (self.min, self.max) {
            assert!(
                min.as_nanos() <= max.as_nanos(),
                "min must not be longer than max: no limit could be both"
            );
        }
        self
    }

    /// The name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    fn longest(&self) -> Duration {
        self.max.unwrap_or_else(|| Duration::from_secs(5).max(self.min.unwrap_or_default()))
    }

    fn shortest(&self) -> Duration {
        self.min.unwrap_or_else(|| Duration::from_millis(10).min(self.longest()))
    }

    /// The limit that a call would have that began now.
    #[must_use]
    pub fn limit(&self) -> Duration {
        self.limit_at(Tick::now())
    }
}

impl AdaptiveTimeout {
    pub(super) fn limit_at(&self, now: Tick) -> Duration {
        let Some(seen) = self.seen.get() else { return self.longest() };
        if now.get() >= seen.slice_ends.load(Acquire) {
            self.look(seen, now);
        }
        Duration::from_nanos(seen.limit.load(Acquire))
    }

    /// A call took this long.
    pub(super) fn observe(&self, latency: Duration, now: Tick) {
        let seen = self.seen.get_or_init(|| Seen::new(self, now));
        // The value is in range, which is all that can be wrong with it.
        let _ = seen.current.increment(nanoseconds(latency).min(LONGEST));
        let unseen = seen.unseen.fetch_add(1, Relaxed) + 1;
        if unseen >= seen.look_after.load(Relaxed) || now.get() >= seen.slice_ends.load(Acquire) {
            self.look(seen, now);
        }
    }

    /// Finds the limit anew; or leaves that to whoever is just doing it.
    #[cold]
    fn look(&self, seen: &Seen, now: Tick) {
        let mut past = match seen.past.try_lock() {
            Ok(past) => past,
            Err(TryLockError::Poisoned(poisoned)) => PoisonError::into_inner(poisoned),
            Err(TryLockError::WouldBlock) => return,
        };
        let slice = (self.window / SLICES).max(Duration::from_nanos(1));
        if now >= past.began.after(slice) {
            let began = past.began;
            past.slices.push_back((began, seen.current.drain()));
            past.began = now;
            seen.slice_ends.store(now.after(slice).get(), Release);
        }
        while past.slices.front().is_some_and(|(began, _)| began.after(self.window) <= now) {
            past.slices.pop_front();
        }
        let mut all = seen.current.load();
        for (_, slice) in &past.slices {
            // Of one shape, and far from overflow: nothing can be wrong with it.
            let _ = all.checked_add_assign(slice);
        }
        let calls: u64 = all.as_slice().iter().map(|&count| u64::from(count)).sum();
        seen.limit.store(nanoseconds(self.limit_of(&all, calls)), Release);
        seen.look_after.store(u64::from(self.minimum_calls).max(calls / 4), Relaxed);
        seen.unseen.store(0, Relaxed);
    }

    fn limit_of(&self, all: &Histogram32, calls: u64) -> Duration {
        if calls < self.minimum_calls.into() {
            return self.longest();
        }
        let longest = self.longest();
        match all.quantile_bucket(self.percentile) {
            Ok(Some(bucket)) => {
                let seconds = Duration::from_nanos(bucket.end()).as_secs_f64() * self.multiplier;
                Duration::try_from_secs_f64(seconds)
                    .map_or(longest, |limit| limit.clamp(self.shortest(), longest))
            }
            _ => longest,
        }
    }
}

impl Seen {
    fn new(of: &AdaptiveTimeout, now: Tick) -> Self {
        Self {
            current: AtomicHistogram32::with_config(&SHAPE),
            limit: AtomicU64::new(nanoseconds(of.longest())),
            slice_ends: AtomicU64::new(now.after(of.window / SLICES).get()),
            unseen: AtomicU64::new(0),
            look_after: AtomicU64::new(of.minimum_calls.into()),
            past: Mutex::new(Past { began: now, slices: VecDeque::new() }),
        }
    }
}
