//! Tests of this program take turns.

use tokio::sync::{Mutex, MutexGuard};

/// Waits until no other test runs.
///
/// `tracing` looks once at each place that emits an event. If a test without a subscriber reaches
/// it while another test sets its subscriber, nothing is logged from there.
pub(crate) async fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::const_new(());
    TURN.lock().await
}
