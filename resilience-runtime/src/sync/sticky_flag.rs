//! A flag that is set once and never cleared.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

/// Flag that is set if something has ever happened. It is written once and then only read, so that
/// its cache line does not move between processors.
#[derive(Debug)]
pub(crate) struct StickyFlag(AtomicBool);

impl StickyFlag {
    pub(crate) const fn new() -> Self {
        Self(AtomicBool::new(false))
    }

    #[inline]
    pub(crate) fn set(&self) {
        if !self.is_set() {
            self.0.store(true, Relaxed);
        }
    }

    #[inline]
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Relaxed)
    }
}
