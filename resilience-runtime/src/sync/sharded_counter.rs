//! Counters that many threads write, each in a place of its own: two threads that wrote to one cache line would wait for each other.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use super::thread_slot::{OWNED, owned_number, thread_number};

/// One `T` for each of a few groups of threads, each on a cache line of its own.
#[derive(Debug)]
pub(crate) struct Striped<T>(Box<[Line<T>]>);

/// As long as what processors fetch at a time: two lines of 64 bytes on x86-64, one of 128 on Apple's.
#[derive(Debug)]
#[repr(align(128))]
struct Line<T>(T);

/// As many stripes as there are processors, or a few more: a power of two, eight at most.
pub(crate) fn stripes<T>(make: impl Fn() -> T) -> Striped<T> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    Striped((0..processors.min(8).next_power_of_two()).map(|_| Line(make())).collect())
}

impl<T> Striped<T> {
    /// The stripe of this thread.
    #[inline]
    pub(crate) fn mine(&self) -> &T {
        &self.0[thread_number() & (self.0.len() - 1)].0
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|line| &line.0)
    }
}

/// Counters for a `static`, in as many lines as can be afforded for each annotated function.
///
/// A thread that owns its number counts in a line of its own: it reads and writes, where an atomic addition would cost as much as all the rest
/// of a call that succeeds. All other threads add in lines that they share. What is read is the sum.
#[derive(Debug)]
pub(crate) struct Counters<const N: usize>([Line<[AtomicU64; N]>; OWNED + SHARED]);

const SHARED: usize = 4;

impl<const N: usize> Counters<N> {
    pub(crate) const fn zero() -> Self {
        Self([const { Line([const { AtomicU64::new(0) }; N]) }; OWNED + SHARED])
    }

    #[inline]
    pub(crate) fn add_one(&self, counter: usize) {
        match owned_number() {
            Some(number) => {
                let Line(mine) = &self.0[number];
                let count = mine[counter].load(Relaxed);
                mine[counter].store(count + 1, Relaxed);
            }
            None => self.add_one_shared(counter),
        }
    }

    #[cold]
    extern "C" fn add_one_shared(&self, counter: usize) {
        let number = thread_number();
        // A thread is given its number here, and may find one of its own.
        let line = if number < OWNED { number } else { OWNED + number % SHARED };
        self.0[line].0[counter].fetch_add(1, Relaxed);
    }

    pub(crate) fn sum(&self, counter: usize) -> u64 {
        self.0.iter().map(|Line(line)| line[counter].load(Relaxed)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever counts in another place writes to another line, and none of them is shared with what stands beside the counters.
    #[test]
    fn no_two_places_share_a_cache_line() {
        const LINE: usize = 128;
        let starts = |counters: &Counters<9>| {
            let lines = counters.0.iter().map(|line| std::ptr::from_ref(line).addr());
            lines.collect::<Vec<_>>()
        };
        let counters = [Counters::<9>::zero(), Counters::<9>::zero()];
        let starts: Vec<_> = counters.iter().flat_map(starts).collect();
        assert_eq!(starts.len(), 2 * (OWNED + SHARED));
        assert!(starts.iter().all(|start| start % LINE == 0), "each begins with a line");
        assert!(starts.windows(2).all(|pair| pair[1] - pair[0] >= LINE.max(9 * size_of::<u64>())));
        assert_eq!(size_of::<Counters<9>>() % LINE, 0, "and the last one ends with one");
    }
}
