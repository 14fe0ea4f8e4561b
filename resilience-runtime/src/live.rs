//! Limits that are declared once, and may be replaced while the program runs.
//!
//! Shared state, who touches it, and in which order: `replaced` is read by every call, without a lock, once `is_replaced` says
//! that there is something to read; it is written first. Until then a reader finds what was declared, at the cost of one load.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{Acquire, Release};

use arc_swap::ArcSwapOption;

/// A value that was declared in the code, and what has replaced it.
pub(crate) struct Live<T> {
    pub(crate) declared: T,
    is_replaced: AtomicBool,
    replaced: ArcSwapOption<T>,
}

impl<T: Copy> Live<T> {
    pub(crate) const fn new(declared: T) -> Self {
        Self { declared, is_replaced: AtomicBool::new(false), replaced: ArcSwapOption::const_empty() }
    }

    /// Looks at the value that holds now.
    pub(crate) fn with<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        if self.is_replaced.load(Acquire) {
            return look(&self.get());
        }
        look(&self.declared)
    }

    /// The value that holds now.
    pub(crate) fn get(&self) -> T {
        self.replaced.load().as_deref().copied().unwrap_or(self.declared)
    }

    pub(crate) fn replace(&self, by: T) {
        self.replaced.store(Some(Arc::new(by)));
        self.is_replaced.store(true, Release);
    }
}

impl<T: fmt::Debug + Copy> fmt::Debug for Live<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}
