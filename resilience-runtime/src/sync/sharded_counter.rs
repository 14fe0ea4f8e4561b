//! Counters that many threads write, each thread in a shard of its own. Two threads that write to
//! the same cache line wait for each other.

use std::sync::OnceLock;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use super::nounwind::nounwind;
use super::thread_slot::{OWNED, owned_slot, thread_slot};

/// A few values of type `T`, each on a cache line of its own and for a group of threads.
#[derive(Debug)]
pub(crate) struct Sharded<T>(Box<[CacheLine<T>]>);

/// A value aligned to the memory that a processor fetches at once: two lines of 64 bytes on x86-64,
/// a line of 128 bytes on Apple silicon.
#[derive(Debug)]
#[repr(align(128))]
struct CacheLine<T>(T);

/// Creates the shards: a power of two, at most eight, and no fewer than processors up to that.
pub(crate) fn shards<T>(make: impl Fn() -> T) -> Sharded<T> {
    Sharded((0..processors().min(8).next_power_of_two()).map(|_| CacheLine(make())).collect())
}

/// Number of processors, asked for once: the system reads files for the answer.
fn processors() -> usize {
    static PROCESSORS: OnceLock<usize> = OnceLock::new();
    *PROCESSORS.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from))
}

impl<T> Sharded<T> {
    /// Returns the shard of this thread.
    #[inline]
    pub(crate) fn mine(&self) -> &T {
        &self.0[thread_slot() & (self.0.len() - 1)].0
    }

    /// Returns an iterator over all shards.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|line| &line.0)
    }
}

/// Counters for a `static`. The number of shards is small, because each annotated function has a
/// set of counters.
///
/// A thread that owns its slot has a shard of its own. It counts by a load and a store, because an
/// atomic addition would cost as much as the rest of a successful call. All other threads share a
/// few shards, and count by atomic additions. A reader gets the sum.
///
/// A reset remembers the sum, and a reader subtracts it. The shards only grow: a zero that another
/// thread writes would be lost between the load and the store of the owner.
#[derive(Debug)]
pub(crate) struct ShardedCounters<const N: usize> {
    shards: [CacheLine<[AtomicU64; N]>; OWNED + SHARED],
    forgotten: [AtomicU64; N],
}

/// Number of shards for the threads that do not own a slot.
const SHARED: usize = 4;

impl<const N: usize> ShardedCounters<N> {
    pub(crate) const fn zero() -> Self {
        Self {
            shards: [const { CacheLine([const { AtomicU64::new(0) }; N]) }; OWNED + SHARED],
            forgotten: [const { AtomicU64::new(0) }; N],
        }
    }

    #[inline]
    pub(crate) fn add_one(&self, counter: usize) {
        match owned_slot() {
            Some(slot) => {
                let CacheLine(own) = &self.shards[slot];
                let count = own[counter].load(Relaxed);
                own[counter].store(count + 1, Relaxed);
            }
            None => self.add_one_shared(counter),
        }
    }

    nounwind! {
        // If it could unwind, a successful call of `#[retry]` would cost twice as much: 52
        // instructions, not 21.
        #[cold]
        fn add_one_shared(&self, counter: usize) {
            let slot = thread_slot();
            // `thread_slot` assigns a slot on the first call, so the thread may own one now.
            let shard = if slot < OWNED { slot } else { OWNED + slot % SHARED };
            self.shards[shard].0[counter].fetch_add(1, Relaxed);
        }
    }

    /// Returns the count since the last reset.
    pub(crate) fn sum(&self, counter: usize) -> u64 {
        self.total(counter).saturating_sub(self.forgotten[counter].load(Relaxed))
    }

    /// Sets all counters to zero.
    pub(crate) fn reset(&self) {
        for (counter, forgotten) in self.forgotten.iter().enumerate() {
            forgotten.store(self.total(counter), Relaxed);
        }
    }

    fn total(&self, counter: usize) -> u64 {
        self.shards.iter().map(|CacheLine(line)| line[counter].load(Relaxed)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reset_forgets_what_was_counted_and_nothing_that_comes_later() {
        let count = || {
            let counters = ShardedCounters::<2>::zero();
            for counter in [0, 0, 1] {
                counters.add_one(counter);
            }
            counters.reset();
            counters.add_one(0);
            assert_eq!((counters.sum(0), counters.sum(1)), (1, 0));
        };
        shuttle::check_random(count, 1);
    }

    /// Shards must share a cache line neither with each other nor with other data beside them.
    #[test]
    fn no_two_shards_share_a_cache_line() {
        const LINE: usize = 128;
        let starts = |counters: &ShardedCounters<9>| {
            let lines = counters.shards.iter().map(|line| std::ptr::from_ref(line).addr());
            lines.collect::<Vec<_>>()
        };
        let counters = [ShardedCounters::<9>::zero(), ShardedCounters::<9>::zero()];
        let starts: Vec<_> = counters.iter().flat_map(starts).collect();
        assert_eq!(starts.len(), 2 * (OWNED + SHARED));
        assert!(starts.iter().all(|start| start % LINE == 0), "each begins at a cache line");
        assert!(starts.windows(2).all(|pair| pair[1] - pair[0] >= LINE.max(9 * size_of::<u64>())));
        assert_eq!(size_of::<ShardedCounters<9>>() % LINE, 0, "the last ends at a cache line");
    }
}
