//! `Bulkhead::acquire` and `try_acquire`: permits, and waits for permits that are given up.

use std::future::pending;
use std::time::Duration;

use resilience::{Bulkhead, Error, Event, Permit, bulkhead, timeout};
use resilience_tests::{ApiError, EventLog, SECOND, poll_once, timed_out};
use tokio::time::{Instant, sleep};

/// Calls inside and waiting.
fn count(pool: &Bulkhead) -> (u32, u32) {
    let snapshot = pool.snapshot();
    (snapshot.active, snapshot.waiting)
}

#[track_caller]
fn take(pool: &Bulkhead) -> Permit<'_> {
    pool.try_acquire().expect("a slot is free")
}

/// A log of the rejections by the bulkhead of this name.
fn rejections(of: &'static str) -> EventLog<Option<&'static str>> {
    EventLog::of(move |event| match *event {
        Event::BulkheadRejected { name, function, .. } if name == of => Some(function),
        _ => None,
    })
}

#[tokio::test(start_paused = true)]
async fn try_acquire_rejects_nobody() {
    static POOL: Bulkhead = Bulkhead::new("tried").max_concurrent(1);
    let rejections = rejections("tried");
    let permit = take(&POOL);
    assert!(POOL.try_acquire().is_none());
    assert_eq!(rejections.take(), [], "nothing was rejected");
    let mut waiting = Box::pin(POOL.acquire());
    assert!(poll_once(&mut waiting).is_pending());
    POOL.resize(2);
    assert_eq!(count(&POOL), (2, 0), "the new slot is the waiting call's");
    assert!(POOL.try_acquire().is_none());
    drop((permit, waiting));
    assert_eq!(count(&POOL), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn acquire_is_rejected_at_once_if_too_many_wait() {
    static POOL: Bulkhead = Bulkhead::new("short queue").max_concurrent(1).max_queue(1);
    let rejections = rejections("short queue");
    let permit = take(&POOL);
    let mut waiting = Box::pin(POOL.acquire());
    assert!(poll_once(&mut waiting).is_pending());
    let began = Instant::now();
    let error = POOL.acquire().await.expect_err("one waits already");
    assert_eq!(
        error,
        Error::BulkheadFull { name: "short queue", key: None, active: 1, waiting: 1 }
    );
    assert_eq!((began.elapsed(), rejections.take()), (Duration::ZERO, vec![None]));
    drop(permit);
    assert!(waiting.await.is_ok(), "the rejected call did not take its turn");
}

#[tokio::test(start_paused = true)]
async fn a_permit_is_given_back_however_its_owner_ends() {
    static POOL: Bulkhead = Bulkhead::new("given back").max_concurrent(1);

    async fn work() -> Result<(), ApiError> {
        let _permit = POOL.acquire().await?;
        pending().await
    }
    #[timeout(1s)]
    async fn limited() -> Result<(), ApiError> {
        work().await
    }
    assert_eq!(timed_out(limited().await), ("limited", SECOND));
    assert_eq!(count(&POOL), (0, 0), "timed out");
    assert!(tokio::time::timeout(SECOND, work()).await.is_err());
    assert_eq!(count(&POOL), (0, 0), "dropped");
    let panicked = tokio::spawn(async {
        let _permit = POOL.acquire().await;
        sleep(SECOND).await;
        panic!("on purpose")
    });
    sleep(SECOND / 2).await;
    assert_eq!(count(&POOL), (1, 0));
    assert!(panicked.await.expect_err("panics").is_panic());
    assert_eq!(count(&POOL), (0, 0), "panicked");
    let permit = take(&POOL);
    std::thread::spawn(move || drop(permit)).join().expect("no thread panics");
    assert_eq!(count(&POOL), (0, 0), "dropped in another thread");
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_a_timeout_ends_takes_nobodys_turn() {
    static POOL: Bulkhead = Bulkhead::new("waited in vain").max_concurrent(1);
    #[timeout(1s)]
    async fn limited() -> Result<(), ApiError> {
        let _permit = POOL.acquire().await?;
        Ok(())
    }
    let rejections = rejections("waited in vain");
    let permit = take(&POOL);
    let began = Instant::now();
    assert_eq!(timed_out(limited().await), ("limited", SECOND));
    assert_eq!((began.elapsed(), count(&POOL)), (SECOND, (1, 0)));
    assert_eq!(rejections.take(), [], "the bulkhead has not rejected it");
    drop(permit);
    assert_eq!((limited().await, count(&POOL)), (Ok(()), (0, 0)));
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_dropped_leaves_the_queue_wherever_it_was() {
    static POOL: Bulkhead = Bulkhead::new("left queue").max_concurrent(1);
    let rejections = rejections("left queue");
    for dropped in 0..3 {
        let permit = take(&POOL);
        let mut waiting: Vec<_> = (0..3).map(|_| Box::pin(POOL.acquire())).collect();
        for wait in &mut waiting {
            assert!(poll_once(wait).is_pending());
        }
        drop(waiting.remove(dropped));
        assert_eq!(count(&POOL), (1, 2));
        drop(permit);
        for wait in waiting {
            assert!(wait.await.is_ok(), "without the wait {dropped}");
        }
        assert_eq!(count(&POOL), (0, 0));
    }
    drop(POOL.acquire());
    assert_eq!((count(&POOL), rejections.take()), ((0, 0), vec![]));
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_dropped_with_its_slot_passes_the_slot_on() {
    static POOL: Bulkhead = Bulkhead::new("passed on").max_concurrent(1);
    let permit = take(&POOL);
    let (mut first, mut second) = (Box::pin(POOL.acquire()), Box::pin(POOL.acquire()));
    assert!(poll_once(&mut first).is_pending());
    assert!(poll_once(&mut second).is_pending());
    drop(permit);
    assert_eq!(count(&POOL), (1, 1), "the slot is the first one's");
    drop(first);
    assert_eq!(count(&POOL), (1, 0), "the slot is the second one's");
    let permit = second.await.expect("handed over");
    assert!(POOL.try_acquire().is_none());
    drop(permit);
    assert_eq!(count(&POOL), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn permits_outlive_a_resize() {
    static POOL: Bulkhead = Bulkhead::new("resized").max_concurrent(2);
    let (first, second) = (take(&POOL), take(&POOL));
    POOL.resize(1);
    assert_eq!((count(&POOL), POOL.snapshot().available), ((2, 0), 0));
    drop(first);
    assert!(POOL.try_acquire().is_none(), "the only slot is taken");
    drop(second);
    drop(take(&POOL));
    POOL.undo_resize();
    let permits = [take(&POOL), take(&POOL)];
    assert!(POOL.try_acquire().is_none());
    drop(permits);
    assert_eq!(count(&POOL), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn permits_calls_and_attributes_share_the_slots_and_the_queue() {
    static POOL: Bulkhead = Bulkhead::new("shared slots").max_concurrent(1).max_wait(SECOND);
    #[bulkhead(POOL)]
    async fn call() -> Result<(), ApiError> {
        Ok(())
    }
    let permit = take(&POOL);
    assert!(matches!(call().await, Err(ApiError::Policy(Error::BulkheadFull { active: 1, .. }))));
    let mut by_attribute = Box::pin(call());
    let mut by_permit = Box::pin(POOL.acquire());
    let mut by_call = Box::pin(POOL.call(async || Ok::<_, ()>(())));
    assert!(poll_once(&mut by_attribute).is_pending());
    assert!(poll_once(&mut by_permit).is_pending());
    assert!(poll_once(&mut by_call).is_pending());
    assert_eq!(count(&POOL), (1, 3));
    drop(permit);
    assert_eq!(by_attribute.await, Ok(()));
    let permit = by_permit.await.expect("next");
    assert!(poll_once(&mut by_call).is_pending());
    drop(permit);
    assert_eq!((by_call.await, count(&POOL)), (Ok(()), (0, 0)));
}
