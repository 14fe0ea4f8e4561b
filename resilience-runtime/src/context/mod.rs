//! What a call knows of the policies around it, on its own task.
//!
//! The layers of a task are nested futures, polled from the outside in on one thread at a time. A layer
//! that has something to say to those inside it sets it in a thread-local cell while it polls them, and
//! puts back what was there before, also when the poll panics. So the cells belong to the poll in
//! progress: no other thread can see or change them, a spawned task starts with none, and nothing outlives a
//! future that is dropped. What is polled inline (a member of a set, a local task of a `LocalSet`) sees the layers that poll it.

mod attempt;
mod clock;
mod clocks;
mod deadline;

use std::cell::Cell;
use std::thread::LocalKey;

pub(crate) use attempt::in_attempt;
pub use attempt::{Attempt, AttemptBy};
pub(crate) use clock::Clock;
pub(crate) use clocks::Deadline;
pub(crate) use deadline::is_overdue;
pub use deadline::{deadline, remaining, with_deadline};

thread_local! {
    /// A timeout is dropping its work.
    static TIMING_OUT: Cell<bool> = const { Cell::new(false) };
}

/// Holds a cell at `true`, and puts back what was there before when dropped.
struct Scope {
    cell: &'static LocalKey<Cell<bool>>,
    outer: bool,
}

impl Scope {
    #[inline]
    fn enter(cell: &'static LocalKey<Cell<bool>>) -> Self {
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
