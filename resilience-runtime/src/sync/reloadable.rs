//! Limits that are declared once, and may be overridden while the program runs.
//!
//! Shared state, who touches it, and in which order: `overridden` is read by every call, without a
//! lock, once `is_overridden` says that there is something to read. Until then a reader finds what
//! was declared, at the cost of one load. Both are written by one thread at a time, which holds the
//! lock of the configuration. A reader that sees one of them new and the other old finds the value
//! before or the value after, never a mixture.

use std::fmt;
#[cfg(feature = "toml")]
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Acquire;
#[cfg(feature = "toml")]
use std::sync::atomic::Ordering::Release;

use arc_swap::ArcSwapOption;

/// A value that was declared in the code, and what has overridden it.
pub(crate) struct Reloadable<T> {
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

    /// Looks at the value that holds now.
    #[inline]
    pub(crate) fn with<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        if self.is_overridden.load(Acquire) {
            return look(&self.load());
        }
        look(&self.declared)
    }

    /// The value that holds now, where it stands, or in this place if it has been overridden.
    #[inline]
    pub(crate) fn read<'a>(&'a self, place: &'a mut Option<T>) -> &'a T {
        if self.is_overridden.load(Acquire) {
            return place.insert(self.load());
        }
        &self.declared
    }

    /// The value in the code.
    #[inline]
    pub(crate) const fn declared(&self) -> &T {
        &self.declared
    }

    /// The value that holds now.
    #[inline]
    pub(crate) fn get(&self) -> T {
        self.with(|value| *value)
    }

    #[cold]
    fn load(&self) -> T {
        self.overridden.load().as_deref().copied().unwrap_or(self.declared)
    }

    /// Another one, that was declared alike and overridden alike.
    pub(crate) fn fresh(&self) -> Self {
        Self {
            declared: self.declared,
            is_overridden: AtomicBool::new(self.is_overridden.load(Acquire)),
            overridden: ArcSwapOption::new(self.overridden.load_full()),
        }
    }

    /// `None` brings what was declared back.
    #[cfg(feature = "toml")]
    pub(crate) fn replace(&self, by: Option<T>) {
        let is_overridden = by.is_some();
        self.overridden.store(by.map(Arc::new));
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
    fn a_reader_finds_one_of_the_values_whole() {
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
