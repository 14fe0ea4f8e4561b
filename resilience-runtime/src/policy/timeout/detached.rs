//! `cancel = false`: work that continues after its caller has stopped waiting.

use std::future::pending;
use std::panic::resume_unwind;

use crate::task::body;

/// Runs the work in a task of its own, which starts at the first poll.
///
/// # Cancellation
///
/// Dropping the future after the first poll leaves the work running.
///
/// # Panics
///
/// Panics if the work panics, and outside a tokio runtime.
pub async fn run_detached<F>(work: F) -> F::Output
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    match body(tokio::spawn(work)).await {
        Ok(output) => output,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The runtime is shutting down: no future is completed any more.
            Err(_) => pending().await,
        },
    }
}
