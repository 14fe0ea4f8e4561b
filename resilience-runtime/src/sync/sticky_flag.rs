//! What has happened once.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

/// Whether something has ever happened. Written the first time, and only read from then on: no
/// cache line goes to and fro.
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
