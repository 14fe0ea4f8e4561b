//! The deadline for the user's code and for the other policies.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::time::Instant;

use super::clocks::{Deadline, DeadlineScope, nearest};

/// Returns the moment at which the nearest outer `#[timeout]` ends the call, or the deadline of
/// [`with_deadline`] if it is nearer. `None` if this task has neither.
///
/// Send the deadline downstream, so that no service works on an answer that comes too late.
///
/// The clock of a timeout starts when its call is first suspended, or at the first call of this
/// function, whichever is earlier. A spawned task does not inherit the deadline of the task that
/// spawned it.
///
/// ```
/// # #[derive(Debug, thiserror::Error)]
/// # enum ApiError { #[error("{0}")] Resilience(#[from] resilience::Error) }
/// # async fn send(_: &str, _: String) -> Result<(), ApiError> { Ok(()) }
/// #[resilience::timeout(800ms)]
/// async fn charge() -> Result<(), ApiError> {
///     let left = resilience::remaining().unwrap_or_default();
///     send("x-timeout-ms", left.as_millis().to_string()).await
/// }
/// ```
#[must_use]
pub fn deadline() -> Option<Instant> {
    nearest().map(|nearest| nearest.at)
}

/// Returns the time until the [`deadline`]: zero if it has passed, `None` if there is no deadline.
///
/// ```
/// use resilience::{remaining, timeout};
/// use std::time::Duration;
///
/// #[timeout(800ms)]
/// async fn left() -> Result<Option<Duration>, resilience::Error> {
///     Ok(remaining())
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// assert_eq!(remaining(), None);
/// let left = left().await;
/// assert!(matches!(left, Ok(Some(time)) if time <= Duration::from_millis(800)));
/// # }
/// ```
#[must_use]
pub fn remaining() -> Option<Duration> {
    deadline().map(|deadline| deadline.saturating_duration_since(Instant::now()))
}

/// Runs `future` under a deadline that does not come from a `#[timeout]`: a deadline that came with
/// a request, or the deadline of the task that spawns this future.
///
/// All layers inside `future` see the deadline. A `#[timeout]` ends its call at the deadline if its
/// own limit passes later. A limit of `Duration::MAX` is no limit, and ends nothing. A `#[retry]`
/// starts no sleep that would end after the deadline. A `#[bulkhead]` does not wait longer.
/// [`deadline`] and [`remaining`] return it. A nearer outer deadline takes precedence.
///
/// The deadline does not interrupt `future` itself. `None` changes nothing.
///
/// ```
/// # async fn audit(_: u64) {}
/// # #[resilience::timeout(1s)]
/// # async fn charge(amount: u64) -> Result<(), resilience::Error> {
/// let deadline = resilience::deadline();
/// tokio::spawn(resilience::with_deadline(deadline, audit(amount)));
/// # Ok(()) }
/// ```
///
/// # Cancellation
///
/// Dropping the returned future drops `future` and has no other effect.
pub fn with_deadline<F: Future>(
    deadline: impl Into<Option<Instant>>,
    future: F,
) -> impl Future<Output = F::Output> {
    WithDeadline { deadline: deadline.into(), future }
}

pin_project! {
    /// Future of [`with_deadline`]. Not an `async fn`, which would store `future` twice.
    struct WithDeadline<F> {
        deadline: Option<Instant>,
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for WithDeadline<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let inside = self.project();
        let Some(at) = *inside.deadline else { return inside.future.poll(cx) };
        let mut deadline = DeadlineScope::default();
        // `nearest` starts the outer clocks, so that the nearer deadline is known.
        if nearest().is_none_or(|around| at < around.at) {
            deadline.enter_replacing(Some(Deadline { at, ends_the_call: false }));
        }
        inside.future.poll(cx)
    }
}
