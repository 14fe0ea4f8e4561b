//! The deadline, as the user's code and the other policies see it.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::time::Instant;

use super::clocks::{CLOCKS, Clocks, Deadline, DeadlineScope, nearest};

/// When the nearest `#[timeout]` around the running code ends the call, or the nearer deadline that
/// [`with_deadline`] has given; `None` if there is neither on this task.
///
/// To be sent downstream, so that nobody works on an answer that comes too late. A timeout's clock
/// starts when its call is first suspended; asking starts it before that. Spawned tasks have no
/// deadline of those who spawned them.
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

/// How long it is until the [`deadline`]: zero if it has passed, `None` if there is none.
#[must_use]
pub fn remaining() -> Option<Duration> {
    deadline().map(|deadline| deadline.saturating_duration_since(Instant::now()))
}

/// Whether the deadline has passed: that of a clock which has started. Reads the clock only if
/// there is one.
#[inline]
pub(crate) fn is_overdue() -> bool {
    CLOCKS.with(Clocks::nearest).is_some_and(|nearest| Instant::now() >= nearest.at)
}

/// Runs `future` under a deadline that is not a `#[timeout]`'s: one that came with a request, or
/// that a spawned task is to share with the task that spawns it, which it does not by itself.
///
/// Everything inside sees it: a `#[timeout]` ends its call there if its own limit is later, a
/// `#[retry]` does not start a sleep that would outlive it, a `#[bulkhead]` does not wait past it,
/// and [`deadline`] and [`remaining`] give it, unless one that is nearer is around already. It
/// interrupts nothing by itself. `None` changes nothing.
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
