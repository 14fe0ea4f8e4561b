//! Resizing while calls run and wait.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Duration;

use resilience::{Bulkhead, Error, Failure, bulkhead};
use resilience_tests::SECOND;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

/// Running calls, waiting calls and available slots.
fn counts(pool: &Bulkhead) -> (u32, u32, u32) {
    let snapshot = pool.snapshot();
    (snapshot.active, snapshot.waiting, snapshot.available)
}

/// Starts calls that run until `end` has a permit for them.
async fn start(pool: &'static Bulkhead, end: &'static Semaphore, calls: usize) -> JoinSet<()> {
    let mut set = JoinSet::new();
    for _ in 0..calls {
        set.spawn(async move {
            let inside = pool.call(async || {
                end.acquire().await.expect("open").forget();
                Ok::<_, ()>(())
            });
            inside.await.expect("gets in");
        });
    }
    settle().await;
    set
}

async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn new_slots_go_to_those_who_wait() {
    static POOL: Bulkhead = Bulkhead::new("grows").max_concurrent(1);
    static END: Semaphore = Semaphore::const_new(0);
    let mut calls = start(&POOL, &END, 5).await;
    assert_eq!(counts(&POOL), (1, 4, 0));
    POOL.resize(3);
    assert_eq!(counts(&POOL), (3, 2, 0), "before it returned");
    POOL.resize(10);
    assert_eq!(counts(&POOL), (5, 0, 5));
    END.add_permits(5);
    while calls.join_next().await.is_some() {}
    assert_eq!(counts(&POOL), (0, 0, 10));
}

#[tokio::test(start_paused = true)]
async fn with_fewer_slots_running_calls_stay_and_nobody_enters_until_enough_have_ended() {
    static POOL: Bulkhead = Bulkhead::new("shrinks").max_concurrent(4);
    static END: Semaphore = Semaphore::const_new(0);
    let mut calls = start(&POOL, &END, 6).await;
    assert_eq!(counts(&POOL), (4, 2, 0));
    POOL.resize(2);
    assert_eq!(counts(&POOL), (4, 2, 0));
    assert!(POOL.snapshot().utilization > 1.9);
    END.add_permits(2);
    settle().await;
    assert_eq!(counts(&POOL), (2, 2, 0), "two slots are gone");
    END.add_permits(1);
    settle().await;
    assert_eq!(counts(&POOL), (2, 1, 0), "the third is handed on");
    END.add_permits(3);
    while calls.join_next().await.is_some() {}
    assert_eq!(counts(&POOL), (0, 0, 2));
}

#[tokio::test(start_paused = true)]
async fn with_no_slots_nobody_enters_until_there_are_some() {
    static POOL: Bulkhead = Bulkhead::new("closed").max_wait(SECOND);
    POOL.resize(0);
    let start = Instant::now();
    let refused = POOL.call(async || Ok::<_, ()>(())).await;
    assert!(matches!(
        refused,
        Err(Failure::Policy(Error::BulkheadFull { name: "closed", active: 0, .. }))
    ));
    assert_eq!(start.elapsed(), SECOND);
    assert!(POOL.snapshot().utilization >= 1.0);
    let (entered, ()) = tokio::join!(POOL.call(async || Ok::<_, ()>(())), async {
        sleep(SECOND / 2).await;
        POOL.resize(1);
    });
    entered.expect("there is a slot now");
}

/// One thread resizes while others call, give up, fail and panic: in the end every slot is free.
#[test]
fn no_slot_is_lost_when_resized_under_load() {
    static POOL: Bulkhead =
        Bulkhead::new("load").max_concurrent(4).max_wait(Duration::from_millis(3));
    static CALLS: AtomicU32 = AtomicU32::new(0);

    #[bulkhead(POOL)]
    async fn work(nth: u32) -> Result<(), Error> {
        CALLS.fetch_add(1, SeqCst);
        tokio::task::yield_now().await;
        if nth.is_multiple_of(7) {
            // A panic by `resume_unwind` prints no message.
            std::panic::resume_unwind(Box::new("on purpose"));
        }
        Ok(())
    }

    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let mut calls = JoinSet::new();
        for nth in 0..4_000_u32 {
            calls.spawn(async move {
                if nth.is_multiple_of(5) {
                    // The call is dropped while it waits or runs.
                    let _ = tokio::time::timeout(Duration::from_micros(50), work(nth)).await;
                } else {
                    let _ = work(nth).await;
                }
            });
            if nth.is_multiple_of(3) {
                POOL.resize(nth % 9);
            }
            if nth.is_multiple_of(50) {
                tokio::task::yield_now().await;
            }
        }
        POOL.resize(3);
        while calls.join_next().await.is_some() {}
    });
    assert!(CALLS.load(SeqCst) > 0);
    assert_eq!(counts(&POOL), (0, 0, 3));
}
