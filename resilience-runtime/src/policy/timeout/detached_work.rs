//! The public view of the work that goes on without its caller.

use std::future::Future;

use super::running_work::RunningWork;

/// All such work of the program.
pub(super) static RUNNING: RunningWork = RunningWork::new();

/// Returns the detached work of the program: work of a `#[timeout(…, cancel = false)]` that goes on
/// after its caller has received the error of the timeout, or has gone away.
///
/// A runtime that shuts down drops its tasks, and with them the detached work. Wait for it before:
///
/// ```
/// use resilience::{detached_work, timeout};
/// use std::time::Duration;
///
/// #[timeout(10ms, cancel = false)]
/// async fn book() -> Result<(), resilience::Error> {
///     tokio::time::sleep(Duration::from_millis(30)).await;
///     Ok(())
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// assert!(book().await.is_err());
/// assert_eq!(detached_work().running(), 1);
/// let ended = tokio::time::timeout(Duration::from_secs(25), detached_work().ended()).await;
/// assert!(ended.is_ok() && detached_work().running() == 0);
/// # }
/// ```
#[must_use]
pub const fn detached_work() -> DetachedWork {
    DetachedWork(())
}

/// Work that goes on without its caller, returned by [`detached_work`].
#[derive(Clone, Copy, Debug)]
pub struct DetachedWork(());

impl DetachedWork {
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
