//! The work inside the layers, as little as possible.

use std::cell::Cell;
use std::future::Future;
use std::hint::black_box;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Error of a function with policies. It contains the error of this library, so it has its size.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The service answered with this status.
    #[error("the service answered {0}")]
    Status(u16),
    /// A policy ended the call.
    #[error("{0}")]
    Resilience(#[from] resilience::Error),
}

/// Result of the work.
pub type Result<T> = std::result::Result<T, ApiError>;

/// Succeeds, immediately or after one suspension.
///
/// # Errors
///
/// None.
pub async fn work(suspends: bool) -> Result<u64> {
    if suspends {
        Once::default().await;
    }
    Ok(black_box(7))
}

/// Fails, immediately or after one suspension.
///
/// # Errors
///
/// Always.
pub async fn fails(suspends: bool) -> Result<u64> {
    if suspends {
        Once::default().await;
    }
    Err(black_box(ApiError::Status(503)))
}

/// Succeeds as [`work`] does, but the compiler does not know it, and can't remove the code after a
/// failure.
///
/// # Errors
///
/// None.
pub async fn opaque(suspends: bool) -> Result<u64> {
    if black_box(false) { fails(suspends).await } else { work(suspends).await }
}

thread_local! {
    static FAILED: Cell<u32> = const { Cell::new(0) };
}

/// Fails twice and then succeeds, in turns.
///
/// # Errors
///
/// Two of three calls fail.
pub async fn fails_twice(suspends: bool) -> Result<u64> {
    let failed = FAILED.get();
    if failed == 2 {
        FAILED.set(0);
        return work(suspends).await;
    }
    FAILED.set(failed + 1);
    fails(suspends).await
}

/// Future that is pending once.
#[derive(Default)]
struct Once {
    polled: bool,
}

impl Future for Once {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.polled, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
