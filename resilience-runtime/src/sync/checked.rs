//! Primitives of the model checker that also count writes, so that a test can check that an
//! operation writes nothing.

use std::cell::Cell;
use std::sync::atomic::Ordering;

std::thread_local! {
    static WRITES: Cell<u64> = const { Cell::new(0) };
}

/// Returns the number of writes to an [`AtomicU64`] and of locks taken, by all threads of the model
/// check that runs on this thread.
pub(crate) fn writes() -> u64 {
    WRITES.get()
}

pub(super) fn write() {
    WRITES.set(WRITES.get() + 1);
}

/// Lets another thread run between the operations before and after the fence. The model checker
/// executes all operations in one order, so a fence has no other effect in it.
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

    pub(crate) fn fetch_add(&self, value: u64, order: Ordering) -> u64 {
        write();
        self.0.fetch_add(value, order)
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
