//! Durations, clocks and runtimes.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::advance;

use crate::futures::poll_once;

/// One second.
pub const SECOND: Duration = Duration::from_secs(1);

/// Returns this many milliseconds.
#[must_use]
pub const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Lets time pass on a paused clock without suspending the task, as a computation does.
pub fn pass_time(time: Duration) {
    let mut passed = pin!(advance(time));
    while poll_once(&mut passed).is_pending() {}
}

/// Runs `future` on a runtime of its own, whose clock is paused.
///
/// # Panics
///
/// If there can be no runtime.
pub fn with_paused_clock<F: Future>(future: F) -> F::Output {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime").block_on(future)
}

/// Runs `future` on a runtime without timers: code that asks for one panics.
///
/// # Panics
///
/// If there can be no runtime, or `future` panics.
pub fn without_timer<F: Future>(future: F) -> F::Output {
    Builder::new_current_thread().build().expect("a runtime").block_on(future)
}
