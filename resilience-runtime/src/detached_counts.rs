//! The counts of the work that goes on without its caller.
//!
//! Beside the other counters of a function, and not among them: they are written seldom, and with
//! them the others would need a second cache line for each thread.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

/// Counts of one function.
#[derive(Debug)]
pub(crate) struct DetachedCounts {
    detached: AtomicU64,
    ended: AtomicU64,
    panics: AtomicU64,
}

impl DetachedCounts {
    pub(crate) const fn zero() -> Self {
        Self { detached: AtomicU64::new(0), ended: AtomicU64::new(0), panics: AtomicU64::new(0) }
    }

    /// Counts work whose caller has left.
    pub(crate) fn count_left(&self) {
        self.detached.fetch_add(1, Relaxed);
    }

    /// Counts the end of such work.
    pub(crate) fn count_end(&self) {
        self.ended.fetch_add(1, Relaxed);
    }

    /// Counts a panic that no caller received.
    pub(crate) fn count_panic(&self) {
        self.panics.fetch_add(1, Relaxed);
    }

    pub(crate) fn panics(&self) -> u64 {
        self.panics.load(Relaxed)
    }

    /// Numbers of calls whose callers have left, and of those whose work has ended.
    pub(crate) fn detached_and_ended(&self) -> (u64, u64) {
        let ended = self.ended.load(Relaxed);
        // An end may be counted a moment before its beginning, or after a reset.
        (self.detached.load(Relaxed).max(ended), ended)
    }

    pub(crate) fn reset(&self) {
        for count in [&self.detached, &self.ended, &self.panics] {
            count.store(0, Relaxed);
        }
    }
}
