//! The primitives of shared state. The unit tests of this crate are model checks: they put a model
//! checker's primitives in this place, and run under it.

#[cfg(not(test))]
pub(crate) use std::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicBool, AtomicU64, fence},
};

#[cfg(test)]
pub(crate) use {
    super::checked::{AtomicU64, fence, writes},
    shuttle::sync::{Mutex, MutexGuard, atomic::AtomicBool},
};

/// Locks, also what a panic has poisoned: nothing under these locks is left half done by a panic.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    #[cfg(test)]
    super::checked::write();
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
