//! Cells that are set while something runs.

use std::cell::Cell;
use std::thread::LocalKey;

thread_local! {
    /// A timeout is dropping its work.
    static TIMING_OUT: Cell<bool> = const { Cell::new(false) };
}

/// Holds a cell at `true`, and puts back what was there before when dropped.
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

/// Runs `drop_work`, and lets every guard dropped by it know that a timeout is the reason.
pub(crate) fn while_timing_out(drop_work: impl FnOnce()) {
    let _scope = Scope::enter(&TIMING_OUT);
    drop_work();
}

/// Whether what is being dropped now is dropped by a timeout of ours.
#[inline]
pub(crate) fn timing_out() -> bool {
    TIMING_OUT.get()
}
