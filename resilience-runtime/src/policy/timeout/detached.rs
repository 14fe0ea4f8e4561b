//! `cancel = false`: work that goes on when nobody waits for it any more.

use std::future::pending;
use std::panic::resume_unwind;

/// The work, in a task of its own from the first poll on. Dropping this leaves it running.
///
/// A panic of the work is the caller's, if it still waits.
///
/// # Panics
///
/// If the work does, and outside a tokio runtime.
pub async fn run_detached<F>(work: F) -> F::Output
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    match tokio::spawn(work).await {
        Ok(output) => output,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The runtime is shutting down: nobody is polled to an end any more.
            Err(_) => pending().await,
        },
    }
}
