//! Primitives of shared state. The unit tests of this crate are model checks: under `cfg(test)`,
//! this module exports the primitives of the model checker instead.

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

/// Locks a mutex, also a poisoned one: a panic leaves nothing half done under these locks.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    #[cfg(test)]
    super::checked::write();
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
