//! The public view of the work that goes on without its caller.

use std::future::Future;

use super::running_work::RunningWork;

/// All such work of the program.
pub(super) static RUNNING: RunningWork = RunningWork::new();

/// Work that goes on without its caller:
/// [`Registry::detached_work`](crate::Registry::detached_work).
#[derive(Clone, Copy, Debug)]
pub struct DetachedWork(());

impl DetachedWork {
    /// The detached work of the program.
    pub(crate) const ALL: Self = Self(());

    /// Returns the number of calls whose work goes on without a caller now. Work whose caller still
    /// waits for it is not counted.
    ///
    /// The counts of each function are in [`CallStats`](crate::CallStats): `detached`,
    /// `detached_ended` and `detached_panics`.
    #[must_use]
    pub fn running(&self) -> usize {
        RUNNING.running()
    }

    /// Waits until no detached work runs. Returns at once if none runs, and otherwise at the first
    /// moment at which none does. Calls that are still made may leave work behind after that
    /// moment: stop them first.
    ///
    /// # Cancellation
    ///
    /// Dropping the future has no effect on the work.
    pub fn ended(&self) -> impl Future<Output = ()> + Send + use<> {
        RUNNING.pause()
    }
}
