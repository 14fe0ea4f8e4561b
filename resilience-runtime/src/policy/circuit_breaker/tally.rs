//! Successes, counted without the lock.
//!
//! A breaker that takes a rate must know how many calls succeeded, but a success by itself never
//! changes its state, as long as [`Counted`](super::window::Counted) says so. Such successes are
//! tallied here, and collected by the next step of the machine.
//!
//! Shared state, who touches it, and in which order:
//!
//! - `open_until`: read by every success; written only under the machine's lock.
//! - `shards`: a success adds one to the shard of its thread; a step of the machine takes all of
//!   them. The upper half of a shard is a number that each taking changes.
//!
//! A step takes what was tallied, does its work, shows the new state to the calls, and only then
//! opens the tally again. A success reads its shard first, then whether the tally is open and
//! whether its own generation still holds (or the breaker's whole word, which the generation is
//! part of), and then adds one, which fails if the shard has been taken since. So what is added was
//! found open, in its own generation, and before the step that takes it: no success is lost, none
//! is counted twice, and none counts in a generation that is not its own.

use std::sync::OnceLock;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Release};

use crate::sync::{AtomicU64, Sharded, shards};
use crate::time::Nanos;

#[derive(Debug)]
pub(super) struct Tally {
    /// A [`Nanos`]; 0 is closed.
    open_until: AtomicU64,
    /// Made for the first call of a breaker that tallies.
    shards: OnceLock<Sharded<AtomicU64>>,
}

const ONE_TAKEN: u64 = 1 << 32;

impl Tally {
    pub(super) const fn new() -> Self {
        Self { open_until: AtomicU64::new(0), shards: OnceLock::new() }
    }

    /// Counts a success that ended at `now`; false if the machine must see it.
    pub(super) fn add(&self, now: Nanos, still_holds: impl Fn() -> bool) -> bool {
        let Some(shards) = self.shards.get() else { return false };
        let shard = shards.mine();
        let mut seen = shard.load(Acquire);
        loop {
            let is_full = seen.wrapping_add(1).is_multiple_of(ONE_TAKEN);
            if is_full || now.get() >= self.open_until.load(Acquire) || !still_holds() {
                return false;
            }
            match shard.compare_exchange_weak(seen, seen + 1, AcqRel, Acquire) {
                Ok(_) => return true,
                Err(newer) => seen = newer,
            }
        }
    }

    /// Closes the tally and takes what is in it. Under the machine's lock.
    pub(super) fn take(&self) -> u64 {
        self.open_until.store(0, Release);
        let shards = self.shards.get_or_init(|| shards(|| AtomicU64::new(0)));
        let emptied = |seen: u64| Some((seen | (ONE_TAKEN - 1)).wrapping_add(1));
        let take = |shard: &AtomicU64| match shard.fetch_update(AcqRel, Acquire, emptied) {
            Ok(seen) | Err(seen) => seen % ONE_TAKEN,
        };
        shards.iter().map(take).sum()
    }

    /// Opens it. Under the machine's lock, when the new state has been shown.
    pub(super) fn open(&self, until: Option<Nanos>) {
        self.open_until.store(until.map_or(0, Nanos::get), Release);
    }
}
