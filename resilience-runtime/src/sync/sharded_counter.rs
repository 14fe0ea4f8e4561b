//! Counters that many threads write, each in a shard of its own: two threads that wrote to one
//! cache line would wait for each other.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use super::thread_slot::{OWNED, owned_slot, thread_slot};

/// One `T` for each of a few groups of threads, each on a cache line of its own.
#[derive(Debug)]
pub(crate) struct Sharded<T>(Box<[CacheLine<T>]>);

/// As long as what processors fetch at a time: two lines of 64 bytes on x86-64, one of 128 on
/// Apple's.
#[derive(Debug)]
#[repr(align(128))]
struct CacheLine<T>(T);

/// As many shards as there are processors, or a few more: a power of two, eight at most.
pub(crate) fn shards<T>(make: impl Fn() -> T) -> Sharded<T> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    Sharded((0..processors.min(8).next_power_of_two()).map(|_| CacheLine(make())).collect())
}

impl<T> Sharded<T> {
    /// The shard of this thread.
    #[inline]
    pub(crate) fn mine(&self) -> &T {
        &self.0[thread_slot() & (self.0.len() - 1)].0
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|line| &line.0)
    }
}

/// Counters for a `static`, in as many lines as can be afforded for each annotated function.
///
/// A thread that owns its slot counts in a line of its own: it reads and writes, where an atomic
/// addition would cost as much as all the rest of a call that succeeds. All other threads add in
/// lines that they share. What is read is the sum.
#[derive(Debug)]
pub(crate) struct ShardedCounters<const N: usize>([CacheLine<[AtomicU64; N]>; OWNED + SHARED]);

const SHARED: usize = 4;

impl<const N: usize> ShardedCounters<N> {
    pub(crate) const fn zero() -> Self {
        Self([const { CacheLine([const { AtomicU64::new(0) }; N]) }; OWNED + SHARED])
    }

    #[inline]
    pub(crate) fn add_one(&self, counter: usize) {
        match owned_slot() {
            Some(slot) => {
                let CacheLine(mine) = &self.0[slot];
                let count = mine[counter].load(Relaxed);
                mine[counter].store(count + 1, Relaxed);
            }
            None => self.add_one_shared(counter),
        }
    }

    #[cold]
    extern "C" fn add_one_shared(&self, counter: usize) {
        let slot = thread_slot();
        // A thread is given its slot here, and may find one of its own.
        let line = if slot < OWNED { slot } else { OWNED + slot % SHARED };
        self.0[line].0[counter].fetch_add(1, Relaxed);
    }

    pub(crate) fn sum(&self, counter: usize) -> u64 {
        self.0.iter().map(|CacheLine(line)| line[counter].load(Relaxed)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever counts in another place writes to another line, and none of them is shared with what
    /// stands beside the counters.
    #[test]
    fn no_two_places_share_a_cache_line() {
        const LINE: usize = 128;
        let starts = |counters: &ShardedCounters<9>| {
            let lines = counters.0.iter().map(|line| std::ptr::from_ref(line).addr());
            lines.collect::<Vec<_>>()
        };
        let counters = [ShardedCounters::<9>::zero(), ShardedCounters::<9>::zero()];
        let starts: Vec<_> = counters.iter().flat_map(starts).collect();
        assert_eq!(starts.len(), 2 * (OWNED + SHARED));
        assert!(starts.iter().all(|start| start % LINE == 0), "each begins with a line");
        assert!(starts.windows(2).all(|pair| pair[1] - pair[0] >= LINE.max(9 * size_of::<u64>())));
        assert_eq!(size_of::<ShardedCounters<9>>() % LINE, 0, "and the last one ends with one");
    }
}
