//! The model checker's primitives, where they are not enough as they are: these count the writes,
//! so that what claims to write nothing can be held to it.

use std::cell::Cell;
use std::sync::atomic::Ordering;

std::thread_local! {
    static WRITES: Cell<u64> = const { Cell::new(0) };
}

/// How often this thread and those that its model checker runs have written to an [`AtomicU64`] or
/// taken a lock.
pub(crate) fn writes() -> u64 {
    WRITES.get()
}

pub(super) fn write() {
    WRITES.set(WRITES.get() + 1);
}

/// To the model checker all operations are in one order, fence or not. But what a fence keeps apart
/// another thread may come between, whichever way round it is.
pub(crate) fn fence(_order: Ordering) {
    shuttle::thread::yield_now();
}

#[derive(Debug)]
pub(crate) struct AtomicU64(shuttle::sync::atomic::AtomicU64);

impl AtomicU64 {
    pub(crate) const fn new(value: u64) -> Self {
        Self(shuttle::sync::atomic::AtomicU64::new(value))
    }

    pub(crate) fn load(&self, order: Ordering) -> u64 {
        self.0.load(order)
    }

    pub(crate) fn store(&self, value: u64, order: Ordering) {
        write();
        self.0.store(value, order);
    }

    pub(crate) fn fetch_sub(&self, value: u64, order: Ordering) -> u64 {
        write();
        self.0.fetch_sub(value, order)
    }

    pub(crate) fn fetch_and(&self, value: u64, order: Ordering) -> u64 {
        write();
        self.0.fetch_and(value, order)
    }

    pub(crate) fn fetch_update(
        &self,
        set: Ordering,
        fetch: Ordering,
        update: impl FnMut(u64) -> Option<u64>,
    ) -> Result<u64, u64> {
        write();
        self.0.fetch_update(set, fetch, update)
    }

    pub(crate) fn compare_exchange_weak(
        &self,
        current: u64,
        new: u64,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u64, u64> {
        write();
        self.0.compare_exchange_weak(current, new, success, failure)
    }
}
