//! Permits of a bulkhead.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use resilience::{Bulkhead, Error, Event, observe};
use tokio::time::{Instant, sleep, timeout};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn a_permit_holds_its_slot_until_it_is_dropped() {
    static POOL: Bulkhead = Bulkhead::new("held").max_concurrent(1);
    let permit = POOL.acquire().await.expect("a slot is free");
    assert_eq!(POOL.snapshot().active, 1);
    assert!(POOL.try_acquire().is_none());
    drop(permit);
    assert!(POOL.try_acquire().is_some());
    assert_eq!(POOL.snapshot().active, 0);
}

#[tokio::test(start_paused = true)]
async fn acquire_is_rejected_after_max_wait() {
    static POOL: Bulkhead = Bulkhead::new("full").max_concurrent(1).max_wait(SECOND);
    let rejections = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&rejections);
    let _guard = observe(move |event| {
        if let Event::BulkheadRejected { name: "full", function, .. } = event {
            seen.lock().expect("no test panics here").push(*function);
        }
    });
    let _permit = POOL.try_acquire();
    let began = Instant::now();
    let rejected = POOL.acquire().await.expect_err("no slot falls free");
    assert_eq!(began.elapsed(), SECOND);
    assert_eq!(rejected, Error::BulkheadFull { name: "full", key: None, active: 1, waiting: 0 });
    assert_eq!(*rejections.lock().expect("no observer panics"), [None]);
}

#[tokio::test(start_paused = true)]
async fn waiting_calls_get_in_first_come_first_served() {
    static POOL: Bulkhead = Bulkhead::new("queue").max_concurrent(1);
    let order = Arc::new(Mutex::new(Vec::new()));
    let first = POOL.acquire().await.expect("a slot is free");
    let callers: Vec<_> = (0..3)
        .map(|caller| {
            let order = Arc::clone(&order);
            tokio::spawn(async move {
                let _permit = POOL.acquire().await.expect("a slot falls free in time");
                order.lock().expect("no caller panics").push(caller);
                sleep(SECOND).await;
            })
        })
        .collect();
    sleep(SECOND).await;
    assert_eq!(POOL.snapshot().waiting, 3);
    drop(first);
    assert!(POOL.try_acquire().is_none(), "the slot was handed to the first in the queue");
    for caller in callers {
        caller.await.expect("no caller panics");
    }
    assert_eq!(*order.lock().expect("no caller panics"), [0, 1, 2]);
}

#[tokio::test(start_paused = true)]
async fn an_acquire_that_is_dropped_while_it_waits_leaves_the_queue() {
    static POOL: Bulkhead = Bulkhead::new("left").max_concurrent(1);
    let permit = POOL.acquire().await.expect("a slot is free");
    assert!(timeout(SECOND, POOL.acquire()).await.is_err(), "it still waited");
    assert_eq!((POOL.snapshot().active, POOL.snapshot().waiting), (1, 0));
    drop(permit);
    assert_eq!(POOL.snapshot().available, 1);
}
