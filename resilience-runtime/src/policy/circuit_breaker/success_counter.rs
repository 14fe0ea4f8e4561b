//! Successes, counted without the lock.
//!
//! A breaker that takes a rate must know the number of its successes, but a success alone never
//! changes its state, as long as
//! [`SlidingWindow::open_during`](super::sliding_window::SlidingWindow::open_during) says so. Such
//! successes are counted here, and collected by the next step of the machine.
//!
//! Shared state, who touches it, and in which order:
//!
//! - `open_until`, then `open_from`: read by every success; written only under the machine's lock,
//!   in the other order.
//! - `shards`: a success adds one to the shard of its thread; a step of the machine takes all of
//!   them. The upper half of a shard is a number that changes each time the shard is taken.
//!
//! A step takes the counts, does its work, publishes the new state, and only then opens the counter
//! again. A success first reads its shard. Then it reads whether the counter is open and checks its
//! generation (or the whole packed state, of which the generation is a part). Last it adds one,
//! which fails if the shard has been taken in between. So at the time of the addition the counter
//! was open, the generation was the call's own, and the step that takes the shard had not come yet:
//! no success is lost, none is counted twice, and none counts in another generation.

use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Release};

use crate::sync::{AtomicU64, Sharded, shards};
use crate::time::Nanos;

/// Counter of the successes of a closed breaker that takes a rate.
#[derive(Debug)]
pub(super) struct SuccessCounter {
    /// A [`Nanos`]: a success that ended before it is one of a clock that has gone back.
    open_from: AtomicU64,
    /// A [`Nanos`]; 0 if the counter is closed.
    open_until: AtomicU64,
    /// Made for the first call of a breaker that counts successes.
    shards: OnceLock<Sharded<AtomicU64>>,
}

/// The part of a shard that counts how often it was taken begins here.
const ONE_TAKEN: u64 = 1 << 32;

impl SuccessCounter {
    pub(super) const fn new() -> Self {
        Self {
            open_from: AtomicU64::new(0),
            open_until: AtomicU64::new(0),
            shards: OnceLock::new(),
        }
    }

    /// Counts a success that ended at `now`. Returns `false` if the machine must see it.
    #[inline]
    pub(super) fn add(&self, now: Nanos, is_current: impl Fn() -> bool) -> bool {
        let Some(shards) = self.shards.get() else { return false };
        let shard = shards.mine();
        let mut seen = shard.load(Acquire);
        loop {
            let is_full = seen.wrapping_add(1).is_multiple_of(ONE_TAKEN);
            if is_full || !self.is_open(now) || !is_current() {
                return false;
            }
            match shard.compare_exchange_weak(seen, seen + 1, AcqRel, Acquire) {
                Ok(_) => return true,
                Err(newer) => seen = newer,
            }
        }
    }

    #[inline]
    fn is_open(&self, now: Nanos) -> bool {
        now.get() < self.open_until.load(Acquire) && now.get() >= self.open_from.load(Acquire)
    }

    /// Closes the counter and takes its count. Under the machine's lock.
    pub(super) fn take(&self) -> u64 {
        self.open_until.store(0, Release);
        let shards = self.shards.get_or_init(|| shards(|| AtomicU64::new(0)));
        let emptied = |seen: u64| Some((seen | (ONE_TAKEN - 1)).wrapping_add(1));
        let take = |shard: &AtomicU64| match shard.fetch_update(AcqRel, Acquire, emptied) {
            Ok(seen) | Err(seen) => seen % ONE_TAKEN,
        };
        shards.iter().map(take).sum()
    }

    /// Opens the counter. Under the machine's lock, after the new state has been published.
    pub(super) fn open(&self, during: Option<&Range<Nanos>>) {
        if let Some(Range { start, end }) = during {
            self.open_from.store(start.get(), Release);
            self.open_until.store(end.get(), Release);
        }
    }
}
