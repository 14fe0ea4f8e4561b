//! Futures that outlive the layer under which they were first polled: deadlines and attempts around
//! are read when they are needed.

use std::future::{pending, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::task::Poll;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use resilience::{Bulkhead, Error, Failure, retry, timeout, with_deadline};
use resilience_tests::{enter, ms, timed_out};
use tokio::time::Instant;

#[timeout(500ms)]
async fn never_answers() -> Result<(), Error> {
    pending().await
}

#[timeout(100ms)]
async fn next<F: Future>(set: &mut FuturesUnordered<F>) -> Result<Option<F::Output>, Error> {
    Ok(set.next().await)
}

/// The set polls a member only if that is woken, so the member's own timer has to wake it.
#[tokio::test(start_paused = true)]
async fn a_timeout_still_ends_a_call_after_the_timeout_around_has_passed() {
    let start = Instant::now();
    let mut set: FuturesUnordered<_> = [never_answers()].into_iter().collect();
    assert_eq!(timed_out(next(&mut set).await), ("next", ms(100)));
    assert_eq!(set.next().await.map(timed_out), Some(("never_answers", ms(500))));
    assert_eq!(start.elapsed(), ms(500));
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
async fn a_retry_acts_as_soon_as_it_has_left_the_retry_around_it() {
    let mut call = pin!(always_fails());
    assert_eq!(poll_once(call.as_mut()).await, Ok(()));
    assert!(call.await.is_err());
    assert_eq!(ATTEMPTS.load(SeqCst), 3);
}

async fn poll_pending<F: Future>(mut future: Pin<&mut F>) {
    poll_fn(|cx| {
        assert!(future.as_mut().poll(cx).is_pending());
        Poll::Ready(())
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_waiter_that_has_left_a_timeout_waits_for_as_long_as_the_bulkhead_says() {
    static POOL: Bulkhead = Bulkhead::new("left").max_wait(Duration::from_secs(2));
    POOL.resize(0);
    let start = Instant::now();
    let mut set: FuturesUnordered<_> = [enter(&POOL)].into_iter().collect();
    assert_eq!(timed_out(next(&mut set).await), ("next", ms(100)));
    assert_eq!(start.elapsed(), ms(100));
    assert!(matches!(set.next().await, Some(Err(Failure::Policy(Error::BulkheadFull { .. })))));
    assert_eq!(start.elapsed(), Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn a_call_moved_under_a_nearer_deadline_ends_at_it() {
    static POOL: Bulkhead = Bulkhead::new("came").max_wait(Duration::from_secs(2));
    POOL.resize(0);
    let start = Instant::now();
    let (mut waiter, mut call) = (pin!(enter(&POOL)), pin!(never_answers()));
    poll_pending(waiter.as_mut()).await;
    poll_pending(call.as_mut()).await;
    let deadline = start + ms(100);
    let full = with_deadline(deadline, waiter).await;
    assert!(matches!(full, Err(Failure::Policy(Error::BulkheadFull { .. }))), "{full:?}");
    let late = with_deadline(deadline, call).await;
    assert_eq!(timed_out(late), ("never_answers", ms(100)));
    assert_eq!(start.elapsed(), ms(100));
}

/// The call is polled under a timeout in one task, and to its end in another.
#[tokio::test(start_paused = true)]
async fn a_call_that_moves_to_another_task_while_it_expires_ends_there() {
    let start = Instant::now();
    let mut call = Box::pin(never_answers());
    #[timeout(500ms)]
    async fn around(
        call: &mut Pin<Box<impl Future<Output = Result<(), Error>>>>,
    ) -> Result<(), Error> {
        call.await
    }
    // Both limits pass at the same moment, and the outer timeout reports.
    assert_eq!(timed_out(around(&mut call).await), ("around", ms(500)));
    let late = tokio::spawn(call).await.expect("no panic");
    assert_eq!(timed_out(late), ("never_answers", ms(500)));
    assert_eq!(start.elapsed(), ms(500));
}
