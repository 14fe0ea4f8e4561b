//! The deadline, as the user's code and the other policies see it.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::time::Instant;

use super::clocks::{CLOCKS, Clocks, Deadline, DeadlineScope, nearest};

/// Moment at which the nearest `#[timeout]` around the running code ends the call, or the earlier
/// deadline of a [`with_deadline`]; `None` if there is neither on this task.
///
/// Send it downstream, so that nobody works on an answer that comes too late. A timeout's clock
/// starts when its call is first suspended; this function starts it before that. A spawned task
/// has no deadline of the task that spawned it.
///
/// ```
/// # #[derive(Debug, thiserror::Error)]
/// # enum ApiError { #[error(transparent)] Resilience(#[from] resilience::Error) }
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

/// Time until the [`deadline`]: zero if it has passed, `None` if there is none.
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

/// Returns `true` if the deadline of a clock that has started has passed. Reads the time only if
/// there is such a clock.
#[inline]
pub(crate) fn is_overdue() -> bool {
    CLOCKS.with(Clocks::nearest).is_some_and(|nearest| Instant::now() >= nearest.at)
}

/// Runs `future` under a deadline that is not a `#[timeout]`'s: the deadline of a request, or for a
/// spawned task that of the task that spawns it.
///
/// The deadline applies to everything inside: a `#[timeout]` with a later limit ends its call at
/// the deadline, a `#[retry]` does not start a sleep that would outlive it, a `#[bulkhead]` does
/// not wait past it, and [`deadline`] and [`remaining`] return it, unless an earlier deadline is
/// around already. It interrupts nothing by itself. `None` changes nothing.
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
/// Dropped, it drops `future`, and nothing else happens.
pub fn with_deadline<F: Future>(
    deadline: impl Into<Option<Instant>>,
    future: F,
) -> impl Future<Output = F::Output> {
    WithDeadline { deadline: deadline.into(), future }
}

pin_project! {
    /// Holds the future once, where an `async fn` would hold it twice.
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
        // The clocks around are started: which deadline is the nearer must be known inside.
        let mut deadline = DeadlineScope::default();
        if nearest().is_none_or(|around| at < around.at) {
            deadline.enter_apart(Some(Deadline { at, ends_the_call: false }));
        }
        inside.future.poll(cx)
    }
}
