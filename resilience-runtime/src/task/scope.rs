//! Thread-local cells that are set while some code runs.

use std::cell::Cell;
use std::thread::LocalKey;

thread_local! {
    /// Set while a timeout is dropping its work.
    static TIMING_OUT: Cell<bool> = const { Cell::new(false) };
}

/// Guard that sets a cell to `true`, and restores the previous value when it is dropped.
pub(super) struct Scope {
    cell: &'static LocalKey<Cell<bool>>,
    outer: bool,
}

impl Scope {
    #[inline]
    pub(super) fn enter(cell: &'static LocalKey<Cell<bool>>) -> Self {
        Self { cell, outer: cell.replace(true) }
    }
}

impl Drop for Scope {
    #[inline]
    fn drop(&mut self) {
        self.cell.set(self.outer);
    }
}

/// Runs `drop_work`. Every guard that it drops sees that a timeout is the reason.
pub(crate) fn while_timing_out(drop_work: impl FnOnce()) {
    let _scope = Scope::enter(&TIMING_OUT);
    drop_work();
}

/// Returns `true` while a timeout of this library is dropping its work.
#[inline]
pub(crate) fn timing_out() -> bool {
    TIMING_OUT.get()
}
