//! Numbers for threads, so that each of a few can write in a place where no other does.
//!
//! Shared state, who touches it, and in which order: `taken`, one bit a number. A thread takes a free number before it first writes in
//! that number's place, and gives it back as it ends, when it has written there for the last time. Taking acquires what giving back
//! has released: an owner goes on from what the one before it has written.

use std::sync::atomic::Ordering::{AcqRel, Relaxed, Release};

use super::primitives::AtomicU64;

/// How many numbers belong to one thread at a time. Those from here on are shared.
pub(crate) const OWNED: usize = 8;

/// Which of the first [`OWNED`] numbers belong to a thread that runs.
#[derive(Debug)]
struct Numbers {
    taken: AtomicU64,
}

impl Numbers {
    const fn new() -> Self {
        Self { taken: AtomicU64::new(0) }
    }

    /// The lowest number that is free.
    fn take(&self) -> Option<Lease<'_>> {
        let with_lowest =
            |taken: u64| ((taken.trailing_ones() as usize) < OWNED).then_some(taken | (taken + 1));
        let before = self.taken.fetch_update(AcqRel, Relaxed, with_lowest).ok()?;
        Some(Lease { numbers: self, number: before.trailing_ones() as usize })
    }
}

/// A number that belongs to one owner until this is dropped.
#[derive(Debug)]
struct Lease<'a> {
    numbers: &'a Numbers,
    number: usize,
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        self.numbers.taken.fetch_and(!(1 << self.number), Release);
    }
}

#[cfg(not(test))]
pub(crate) use of_this_thread::{owned_number, thread_number};

#[cfg(not(test))]
mod of_this_thread {
    use std::cell::{Cell, OnceCell};
    use std::sync::atomic::AtomicUsize;
    use std::sync::atomic::Ordering::Relaxed;

    use super::{Lease, Numbers, OWNED};

    /// No number yet. Not below [`OWNED`], so that one comparison finds both the threads without a number of their own and those without any.
    const UNKNOWN: usize = usize::MAX;

    static NUMBERS: Numbers = Numbers::new();
    /// Counts the threads that found no number free.
    static SHARED: AtomicUsize = AtomicUsize::new(0);

    thread_local! {
        /// Beside the lease, because it has nothing to drop: it is there to the end of the thread, and costs one load.
        static NUMBER: Cell<usize> = const { Cell::new(UNKNOWN) };
        static LEASE: OnceCell<EndsWithThread> = const { OnceCell::new() };
    }

    struct EndsWithThread(Option<Lease<'static>>);

    impl Drop for EndsWithThread {
        fn drop(&mut self) {
            // What else the thread drops may still count, but not there.
            NUMBER.set(shared());
            self.0 = None;
        }
    }

    /// The number of this thread, if no other has it while this one runs: below [`OWNED`].
    #[inline]
    pub(crate) fn owned_number() -> Option<usize> {
        let number = NUMBER.get();
        (number < OWNED).then_some(number)
    }

    /// The number of this thread.
    #[inline]
    pub(crate) fn thread_number() -> usize {
        match NUMBER.get() {
            UNKNOWN => number_it(),
            number => number,
        }
    }

    #[cold]
    fn number_it() -> usize {
        let leased = LEASE.try_with(|lease| {
            let EndsWithThread(lease) = lease.get_or_init(|| EndsWithThread(NUMBERS.take()));
            lease.as_ref().map(|lease| lease.number)
        });
        let number = leased.ok().flatten().unwrap_or_else(shared);
        NUMBER.set(number);
        number
    }

    fn shared() -> usize {
        OWNED + SHARED.fetch_add(1, Relaxed)
    }
}

/// The model checks run many threads on one, and keep their own numbers: all of them shared.
#[cfg(test)]
pub(crate) fn owned_number() -> Option<usize> {
    None
}

#[cfg(test)]
pub(crate) fn thread_number() -> usize {
    use std::cell::Cell;
    use std::sync::atomic::AtomicUsize;

    static NEXT: AtomicUsize = AtomicUsize::new(OWNED);
    shuttle::thread_local! {
        static MINE: Cell<Option<usize>> = const { Cell::new(None) };
    }
    MINE.with(|mine| {
        let number = mine.get().unwrap_or_else(|| NEXT.fetch_add(1, Relaxed));
        mine.set(Some(number));
        number
    })
}

#[cfg(test)]
mod model {
    use shuttle::sync::Arc;
    use shuttle::sync::atomic::{AtomicU64, Ordering::SeqCst};
    use shuttle::thread;

    use super::{Numbers, OWNED};

    #[test]
    fn what_owners_write_one_after_the_other_is_all_there() {
        shuttle::check_random(
            || {
                let numbers = Arc::new(Numbers::new());
                let places = Arc::new([const { AtomicU64::new(0) }; OWNED]);
                let threads: Vec<_> = (0..3)
                    .map(|_| {
                        let (numbers, places) = (Arc::clone(&numbers), Arc::clone(&places));
                        thread::spawn(move || {
                            for _ in 0..2 {
                                let lease = numbers.take().expect("more numbers than threads");
                                let mine = &places[lease.number];
                                mine.store(mine.load(SeqCst) + 1, SeqCst);
                            }
                        })
                    })
                    .collect();
                for thread in threads {
                    thread.join().expect("no thread panics");
                }
                assert_eq!(places.iter().map(|place| place.load(SeqCst)).sum::<u64>(), 6);
            },
            5_000,
        );
    }

    #[test]
    fn numbers_are_low_and_run_out() {
        shuttle::check_random(
            || {
                let numbers = Numbers::new();
                let leases: Vec<_> = (0..OWNED).map_while(|_| numbers.take()).collect();
                assert!(leases.iter().map(|lease| lease.number).eq(0..OWNED));
                assert!(numbers.take().is_none());
                drop(leases);
                assert_eq!(numbers.take().map(|lease| lease.number), Some(0));
            },
            1,
        );
    }
}
