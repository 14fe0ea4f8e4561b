//! Futures that outlive the layer under which they were polled first: what surrounds them is asked when it matters.

use std::future::{pending, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::task::Poll;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use resilience::{Error, retry, timeout};
use tokio::time::Instant;

#[timeout(500ms)]
async fn never_answers() -> Result<(), Error> {
    pending().await
}

#[timeout(100ms)]
async fn next<F: Future>(set: &mut FuturesUnordered<F>) -> Result<Option<F::Output>, Error> {
    Ok(set.next().await)
}

/// The set polls a member only when it is woken: the member's own timer must do that.
#[tokio::test(start_paused = true)]
async fn a_timeout_passes_also_after_the_one_around_it_has() {
    let start = Instant::now();
    let mut set: FuturesUnordered<_> = [never_answers()].into_iter().collect();
    assert!(
        matches!(next(&mut set).await, Err(Error::TimedOut { limit, .. }) if limit == Duration::from_millis(100))
    );
    assert!(
        matches!(set.next().await, Some(Err(Error::TimedOut { limit, .. })) if limit == Duration::from_millis(500))
    );
    assert_eq!(start.elapsed(), Duration::from_millis(500));
}

static ATTEMPTS: AtomicU32 = AtomicU32::new(0);

#[retry(max_attempts = 3, base_delay = 0ms)]
async fn always_fails() -> Result<(), Error> {
    ATTEMPTS.fetch_add(1, SeqCst);
    tokio::task::yield_now().await;
    never_answers().await
}

#[retry]
async fn poll_once<F: Future>(mut future: Pin<&mut F>) -> Result<(), Error> {
    poll_fn(|cx| {
        assert!(future.as_mut().poll(cx).is_pending());
        Poll::Ready(Ok(()))
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn a_retry_retries_once_it_has_left_the_retry_around_it() {
    let mut call = pin!(always_fails());
    assert_eq!(poll_once(call.as_mut()).await, Ok(()));
    assert!(call.await.is_err());
    assert_eq!(ATTEMPTS.load(SeqCst), 3);
}
