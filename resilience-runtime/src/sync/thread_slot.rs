//! Slots for threads: a few threads own a slot that no other thread writes.
//!
//! Shared state, who touches it, and in which order: `taken`, with one bit per slot. A thread takes
//! a free slot before its first write there. It returns the slot when it ends, after its last write
//! there. Taking a slot acquires the release of the previous owner, so the new owner sees all
//! writes of the previous owner.

use std::sync::atomic::Ordering::{AcqRel, Relaxed, Release};

use super::primitives::AtomicU64;

/// Number of slots that one thread owns at a time. Slots from this number on are shared.
pub(crate) const OWNED: usize = 8;

/// The first [`OWNED`] slots.
#[derive(Debug)]
struct SlotPool {
    /// Bit set of the slots that a running thread owns.
    taken: AtomicU64,
}

impl SlotPool {
    const fn new() -> Self {
        Self { taken: AtomicU64::new(0) }
    }

    /// Takes the lowest free slot; `None` if no slot is free.
    fn take(&self) -> Option<SlotLease<'_>> {
        let with_lowest =
            |taken: u64| ((taken.trailing_ones() as usize) < OWNED).then_some(taken | (taken + 1));
        let before = self.taken.fetch_update(AcqRel, Relaxed, with_lowest).ok()?;
        Some(SlotLease { pool: self, slot: before.trailing_ones() as usize })
    }
}

/// Guard of a slot that has one owner until the guard is dropped.
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

    /// Slot of a thread before a slot is assigned. Not below [`OWNED`], so that one comparison
    /// finds all threads that own no slot.
    const UNASSIGNED: usize = usize::MAX;

    static POOL: SlotPool = SlotPool::new();
    /// Number of threads that found no free slot.
    static SHARED: AtomicUsize = AtomicUsize::new(0);

    thread_local! {
        /// Slot of the thread. Separate from the lease, because a cell without a destructor is
        /// accessible until the end of the thread, and costs one load.
        static SLOT: Cell<usize> = const { Cell::new(UNASSIGNED) };
        static LEASE: OnceCell<EndsWithThread> = const { OnceCell::new() };
    }

    struct EndsWithThread(Option<SlotLease<'static>>);

    impl Drop for EndsWithThread {
        fn drop(&mut self) {
            // Later destructors of the thread may still count, but must not write to this slot.
            SLOT.set(next_shared());
            self.0 = None;
        }
    }

    /// Returns the slot of this thread if the thread owns it: a number below [`OWNED`].
    #[inline]
    pub(crate) fn owned_slot() -> Option<usize> {
        let slot = SLOT.get();
        (slot < OWNED).then_some(slot)
    }

    /// Returns the slot of this thread, and assigns one on the first call.
    #[inline]
    pub(crate) fn thread_slot() -> usize {
        match SLOT.get() {
            UNASSIGNED => assign_slot(),
            slot => slot,
        }
    }

    #[cold]
    fn assign_slot() -> usize {
        let leased = LEASE.try_with(|lease| {
            let EndsWithThread(lease) = lease.get_or_init(|| EndsWithThread(POOL.take()));
            lease.as_ref().map(|lease| lease.slot)
        });
        let slot = leased.ok().flatten().unwrap_or_else(next_shared);
        SLOT.set(slot);
        slot
    }

    fn next_shared() -> usize {
        OWNED + SHARED.fetch_add(1, Relaxed)
    }
}

/// Returns `None`: the model checks run many threads on one thread, so all their slots are shared.
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
