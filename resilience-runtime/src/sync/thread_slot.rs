//! Slots for threads: each of a few threads has one in which no other writes.
//!
//! Shared state, who touches it, and in which order: `taken`, one bit a slot. A thread takes a free
//! slot before it first writes there, and gives it back as it ends, when it has written there for
//! the last time. Taking acquires what giving back has released: an owner goes on from what the one
//! before it has written.

use std::sync::atomic::Ordering::{AcqRel, Relaxed, Release};

use super::primitives::AtomicU64;

/// Number of slots that belong to one thread at a time. Those from here on are shared.
pub(crate) const OWNED: usize = 8;

/// The first [`OWNED`] slots, and which of them belong to a thread that runs.
#[derive(Debug)]
struct SlotPool {
    taken: AtomicU64,
}

impl SlotPool {
    const fn new() -> Self {
        Self { taken: AtomicU64::new(0) }
    }

    /// The lowest slot that is free.
    fn take(&self) -> Option<SlotLease<'_>> {
        let with_lowest =
            |taken: u64| ((taken.trailing_ones() as usize) < OWNED).then_some(taken | (taken + 1));
        let before = self.taken.fetch_update(AcqRel, Relaxed, with_lowest).ok()?;
        Some(SlotLease { pool: self, slot: before.trailing_ones() as usize })
    }
}

/// A slot that belongs to one owner until this is dropped.
#[derive(Debug)]
struct SlotLease<'a> {
    pool: &'a SlotPool,
    slot: usize,
}

impl Drop for SlotLease<'_> {
    fn drop(&mut self) {
        self.pool.taken.fetch_and(!(1 << self.slot), Release);
    }
}

#[cfg(not(test))]
pub(crate) use of_this_thread::{owned_slot, thread_slot};

#[cfg(not(test))]
mod of_this_thread {
    use std::cell::{Cell, OnceCell};
    use std::sync::atomic::AtomicUsize;
    use std::sync::atomic::Ordering::Relaxed;

    use super::{OWNED, SlotLease, SlotPool};

    /// No slot yet. Not below [`OWNED`], so that one comparison finds both the threads without a
    /// slot of their own and those without any.
    const UNKNOWN: usize = usize::MAX;

    static POOL: SlotPool = SlotPool::new();
    /// Counts the threads that found no slot free.
    static SHARED: AtomicUsize = AtomicUsize::new(0);

    thread_local! {
        /// Beside the lease, because it has nothing to drop: it is there to the end of the thread,
        /// and costs one load.
        static SLOT: Cell<usize> = const { Cell::new(UNKNOWN) };
        static LEASE: OnceCell<EndsWithThread> = const { OnceCell::new() };
    }

    struct EndsWithThread(Option<SlotLease<'static>>);

    impl Drop for EndsWithThread {
        fn drop(&mut self) {
            // What else the thread drops may still count, but not there.
            SLOT.set(shared());
            self.0 = None;
        }
    }

    /// The slot of this thread, if no other has it while this one runs: below [`OWNED`].
    #[inline]
    pub(crate) fn owned_slot() -> Option<usize> {
        let slot = SLOT.get();
        (slot < OWNED).then_some(slot)
    }

    /// The slot of this thread.
    #[inline]
    pub(crate) fn thread_slot() -> usize {
        match SLOT.get() {
            UNKNOWN => take_slot(),
            slot => slot,
        }
    }

    #[cold]
    fn take_slot() -> usize {
        let leased = LEASE.try_with(|lease| {
            let EndsWithThread(lease) = lease.get_or_init(|| EndsWithThread(POOL.take()));
            lease.as_ref().map(|lease| lease.slot)
        });
        let slot = leased.ok().flatten().unwrap_or_else(shared);
        SLOT.set(slot);
        slot
    }

    fn shared() -> usize {
        OWNED + SHARED.fetch_add(1, Relaxed)
    }
}

/// The model checks run many threads on one, and have slots of their own, all of them shared.
#[cfg(test)]
pub(crate) fn owned_slot() -> Option<usize> {
    None
}

#[cfg(test)]
pub(crate) fn thread_slot() -> usize {
    use std::cell::Cell;
    use std::sync::atomic::AtomicUsize;

    static NEXT: AtomicUsize = AtomicUsize::new(OWNED);
    shuttle::thread_local! {
        static MINE: Cell<Option<usize>> = const { Cell::new(None) };
    }
    MINE.with(|mine| {
        let slot = mine.get().unwrap_or_else(|| NEXT.fetch_add(1, Relaxed));
        mine.set(Some(slot));
        slot
    })
}

#[cfg(test)]
#[path = "../model_checks/sync/thread_slot.rs"]
mod model_checks;
