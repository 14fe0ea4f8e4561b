//! The model checker's primitives, where they are not enough as they are.

use std::sync::atomic::Ordering;

/// To the model checker all operations are in one order, fence or not. But what a fence keeps apart another thread may come
/// between, whichever way round it is.
pub(crate) fn fence(_order: Ordering) {
    shuttle::thread::yield_now();
}
