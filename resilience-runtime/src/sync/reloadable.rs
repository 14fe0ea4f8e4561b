//! Limits that are declared in the code, and may be overridden while the program runs.
//!
//! Shared state, who touches it, and in which order: a call that needs the value reads
//! `is_overridden`. If it is false, the call uses `declared`, at the cost of one load. If it is
//! true, the call reads `overridden`, without a lock. Both are written by one thread at a time,
//! which holds the lock of the configuration. A reader that sees only one of the two writes gets
//! the old value or the new value, never a mixture.

use std::fmt;
#[cfg(feature = "toml")]
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Acquire;
#[cfg(feature = "toml")]
use std::sync::atomic::Ordering::Release;

use arc_swap::ArcSwapOption;

/// A value that is declared in the code, and the value that overrides it.
pub(crate) struct Reloadable<T> {
    /// Value in the code.
    pub(crate) declared: T,
    is_overridden: AtomicBool,
    overridden: ArcSwapOption<T>,
}

impl<T: Copy> Reloadable<T> {
    pub(crate) const fn new(declared: T) -> Self {
        Self {
            declared,
            is_overridden: AtomicBool::new(false),
            overridden: ArcSwapOption::const_empty(),
        }
    }

    /// Calls `read` with the value in force.
    #[inline]
    pub(crate) fn with<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        if self.is_overridden.load(Acquire) {
            return read(&self.load());
        }
        read(&self.declared)
    }

    /// Returns a reference to the value in force. A value that overrides the code is copied to
    /// `storage` first.
    #[inline]
    pub(crate) fn read<'a>(&'a self, storage: &'a mut Option<T>) -> &'a T {
        if self.is_overridden.load(Acquire) {
            return storage.insert(self.load());
        }
        &self.declared
    }

    /// Returns the value in force.
    #[inline]
    pub(crate) fn get(&self) -> T {
        self.with(|value| *value)
    }

    #[cold]
    fn load(&self) -> T {
        self.overridden.load().as_deref().copied().unwrap_or(self.declared)
    }

    /// Returns a separate copy with the same values.
    pub(crate) fn fresh(&self) -> Self {
        Self {
            declared: self.declared,
            is_overridden: AtomicBool::new(self.is_overridden.load(Acquire)),
            overridden: ArcSwapOption::new(self.overridden.load_full()),
        }
    }

    /// Overrides the value; `None` restores the value in the code.
    #[cfg(feature = "toml")]
    pub(crate) fn replace(&self, value: Option<T>) {
        let is_overridden = value.is_some();
        self.overridden.store(value.map(Arc::new));
        self.is_overridden.store(is_overridden, Release);
    }
}

impl<T: fmt::Debug + Copy> fmt::Debug for Reloadable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

#[cfg(all(test, feature = "toml"))]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn a_reader_never_gets_a_mixture_of_two_values() {
        const ROUNDS: u64 = 20_000;
        let value = Reloadable::new([0; 8]);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    for _ in 0..ROUNDS {
                        let seen = value.with(|whole| *whole);
                        assert!(seen.iter().all(|part| *part == seen[0]), "a mixture: {seen:?}");
                    }
                });
            }
            for round in 1..ROUNDS {
                value.replace((round % 3 > 0).then_some([round; 8]));
            }
        });
        value.replace(Some([7; 8]));
        assert_eq!(value.get(), [7; 8]);
        value.replace(None);
        assert_eq!(value.get(), [0; 8]);
    }
}
