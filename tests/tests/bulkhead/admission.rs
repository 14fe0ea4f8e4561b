//! Calls enter a bulkhead in order, and every slot is freed.

use std::cell::RefCell;
use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use std::task::{Context, Poll, Wake};
use std::time::Duration;

use resilience::{Bulkhead, Error, Event, Failure, bulkhead, timeout};
use resilience_tests::{ApiError, EventLog, SECOND, enter, ms, poll_once};
use tokio::sync::oneshot;
use tokio::task::yield_now;
use tokio::time::{Instant, advance, sleep};

/// Takes one slot until the sender is used or dropped.
fn hold(bulkhead: &'static Bulkhead) -> oneshot::Sender<()> {
    let (end, ended) = oneshot::channel();
    let mut call = Box::pin(bulkhead.call(async move || ended.await));
    assert!(poll_once(&mut call).is_pending(), "inside");
    tokio::spawn(call);
    end
}

/// Running calls and waiting calls.
fn count(bulkhead: &Bulkhead) -> (u32, u32) {
    let snapshot = bulkhead.snapshot();
    (snapshot.active, snapshot.waiting)
}

fn is_full<T: std::fmt::Debug, E: std::fmt::Debug>(result: Result<T, Failure<E>>) -> (u32, u32) {
    match result {
        Err(Failure::Policy(Error::BulkheadFull { active, waiting, .. })) => (active, waiting),
        other => panic!("not rejected: {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn exactly_max_concurrent_calls_run_while_others_wait() {
    static POOL: Bulkhead = Bulkhead::new("limit").max_concurrent(3).max_wait(SECOND);
    static INSIDE: AtomicU32 = AtomicU32::new(0);
    static MOST: AtomicU32 = AtomicU32::new(0);
    #[bulkhead(POOL)]
    async fn call() -> Result<(), ApiError> {
        MOST.fetch_max(INSIDE.fetch_add(1, SeqCst) + 1, SeqCst);
        sleep(ms(10)).await;
        INSIDE.fetch_sub(1, SeqCst);
        Ok(())
    }
    let began = Instant::now();
    let calls: Vec<_> = (0..30).map(|_| tokio::spawn(call())).collect();
    for call in calls {
        assert_eq!(call.await.expect("no panic"), Ok(()));
    }
    assert_eq!((MOST.load(SeqCst), began.elapsed()), (3, ms(100)));
}

#[tokio::test(start_paused = true)]
async fn the_defaults_are_10_slots_and_5_s_of_waiting() {
    static POOL: Bulkhead = Bulkhead::new("defaults");
    let _held: Vec<_> = (0..10).map(|_| hold(&POOL)).collect();
    let began = Instant::now();
    assert_eq!(is_full(enter(&POOL).await), (10, 0));
    assert_eq!(began.elapsed(), SECOND * 5);
}

#[tokio::test(start_paused = true)]
async fn calls_enter_in_the_order_in_which_they_came() {
    static POOL: Bulkhead = Bulkhead::new("fifo").max_concurrent(1);
    let order = RefCell::new(Vec::new());
    let call = |number: u32| {
        let order = &order;
        POOL.call(async move || {
            order.borrow_mut().push(number);
            yield_now().await;
            Ok::<_, ()>(())
        })
    };
    let held = hold(&POOL);
    let mut waiting: Vec<_> = (0..5).map(|number| Box::pin(call(number))).collect();
    for call in &mut waiting {
        assert!(poll_once(call).is_pending());
    }
    held.send(()).expect("inside");
    yield_now().await;
    // The slot is given to the first waiter, even if that has not been polled since.
    let mut late = Box::pin(call(9));
    assert!(poll_once(&mut late).is_pending());
    waiting.push(late);
    // The wrong order, as a runtime may poll them.
    while !waiting.is_empty() {
        for at in (0..waiting.len()).rev() {
            if poll_once(&mut waiting[at]).is_ready() {
                drop(waiting.remove(at));
            }
        }
    }
    assert_eq!(order.take(), [0, 1, 2, 3, 4, 9]);
    assert_eq!(count(&POOL), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_call_is_rejected_exactly_at_max_wait() {
    static POOL: Bulkhead = Bulkhead::new("wait").max_concurrent(1).max_wait(ms(200));
    let held = hold(&POOL);
    let began = Instant::now();
    let mut call = pin!(enter(&POOL));
    tokio::select! {
        biased;
        result = &mut call => panic!("{result:?} too early"),
        () = sleep(ms(199)) => {}
    }
    assert_eq!(is_full(call.await), (1, 0));
    assert_eq!((began.elapsed(), count(&POOL)), (ms(200), (1, 0)));
    drop(held);
    yield_now().await;
    assert_eq!(enter(&POOL).await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_waiter_takes_a_slot_that_is_freed_within_max_wait() {
    static POOL: Bulkhead = Bulkhead::new("in time").max_concurrent(1).max_wait(SECOND);
    let held = hold(&POOL);
    tokio::spawn(async {
        sleep(ms(999)).await;
        drop(held);
    });
    let began = Instant::now();
    assert_eq!((enter(&POOL).await, began.elapsed()), (Ok(()), ms(999)));
}

#[tokio::test(start_paused = true)]
async fn a_max_wait_of_zero_rejects_at_once() {
    static POOL: Bulkhead = Bulkhead::new("zero").max_concurrent(1).max_wait(Duration::ZERO);
    let _held = hold(&POOL);
    let mut call = Box::pin(enter(&POOL));
    match poll_once(&mut call) {
        Poll::Ready(result) => assert_eq!(is_full(result), (1, 0)),
        Poll::Pending => panic!("waits"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_rejects_the_next_call_at_once() {
    static POOL: Bulkhead = Bulkhead::new("queue").max_concurrent(1).max_queue(2);
    let held = hold(&POOL);
    let mut waiting = [Box::pin(enter(&POOL)), Box::pin(enter(&POOL))];
    for call in &mut waiting {
        assert!(poll_once(call).is_pending());
    }
    let began = Instant::now();
    assert_eq!(is_full(enter(&POOL).await), (1, 2));
    assert_eq!(began.elapsed(), Duration::ZERO);
    let [first, second] = waiting;
    drop(second);
    let mut next = Box::pin(enter(&POOL));
    assert!(poll_once(&mut next).is_pending(), "there is room in the queue");
    drop(held);
    assert_eq!((first.await, next.await), (Ok(()), Ok(())));
}

#[tokio::test(start_paused = true)]
async fn the_slot_is_freed_after_success_error_cancellation_and_panic() {
    static POOL: Bulkhead = Bulkhead::new("back").max_concurrent(1);
    #[bulkhead(POOL)]
    async fn call(end: u32) -> Result<(), ApiError> {
        assert_eq!(count(&POOL), (1, 0));
        yield_now().await;
        match end {
            0 => Ok(()),
            1 => Err(ApiError::Down),
            2 => panic!("on purpose"),
            _ => pending().await,
        }
    }
    assert_eq!((call(0).await, count(&POOL)), (Ok(()), (0, 0)));
    assert_eq!((call(1).await, count(&POOL)), (Err(ApiError::Down), (0, 0)));
    assert!(tokio::spawn(call(2)).await.expect_err("panics").is_panic());
    assert_eq!(count(&POOL), (0, 0));
    let mut cancelled = Box::pin(call(3));
    assert!(poll_once(&mut cancelled).is_pending());
    assert_eq!(count(&POOL), (1, 0));
    drop(cancelled);
    assert_eq!(count(&POOL), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn the_slot_is_freed_when_a_timeout_drops_the_call() {
    static POOL: Bulkhead = Bulkhead::new("timed out").max_concurrent(1);
    #[timeout(1s)]
    #[bulkhead(POOL)]
    async fn call() -> Result<(), ApiError> {
        pending().await
    }
    let (inside, waiting) = tokio::join!(call(), call());
    assert!(matches!(inside, Err(ApiError::Policy(Error::TimedOut { .. }))));
    assert!(
        matches!(waiting, Err(ApiError::Policy(Error::TimedOut { .. }))),
        "does not wait past the deadline"
    );
    assert_eq!(count(&POOL), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_waiter_that_is_dropped_leaves_the_queue() {
    static POOL: Bulkhead = Bulkhead::new("dropped").max_concurrent(1);
    for dropped in 0..3 {
        let held = hold(&POOL);
        let mut waiting: Vec<_> = (0..3).map(|_| Box::pin(enter(&POOL))).collect();
        for call in &mut waiting {
            assert!(poll_once(call).is_pending());
        }
        drop(waiting.remove(dropped));
        assert_eq!(count(&POOL), (1, 2));
        drop(held);
        for call in waiting {
            assert_eq!(call.await, Ok(()), "without waiter {dropped}");
        }
        assert_eq!(count(&POOL), (0, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn a_waiter_that_is_dropped_after_it_was_given_a_slot_passes_the_slot_on() {
    static POOL: Bulkhead = Bulkhead::new("handed over").max_concurrent(1);
    let held = hold(&POOL);
    let (mut first, mut second) = (Box::pin(enter(&POOL)), Box::pin(enter(&POOL)));
    assert!(poll_once(&mut first).is_pending());
    assert!(poll_once(&mut second).is_pending());
    held.send(()).expect("inside");
    yield_now().await;
    assert_eq!(count(&POOL), (1, 1), "the slot is the first waiter's");
    drop(first);
    assert_eq!(count(&POOL), (1, 0), "and now the second's");
    assert_eq!(second.await, Ok(()));
    assert_eq!(count(&POOL), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_never_polled_takes_no_slot() {
    static POOL: Bulkhead = Bulkhead::new("never polled").max_concurrent(1);
    let call = enter(&POOL);
    assert_eq!(count(&POOL), (0, 0));
    drop(call);
    assert_eq!(count(&POOL), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_shows_active_waiting_available_and_utilization() {
    static POOL: Bulkhead = Bulkhead::new("snapshot").max_concurrent(4);
    let _held = [hold(&POOL), hold(&POOL), hold(&POOL)];
    let snapshot = POOL.snapshot();
    assert_eq!((snapshot.active, snapshot.waiting, snapshot.available), (3, 0, 1));
    assert!((snapshot.utilization - 0.75).abs() < f64::EPSILON);
    let _fourth = hold(&POOL);
    let mut waiter = Box::pin(enter(&POOL));
    assert!(poll_once(&mut waiter).is_pending());
    let snapshot = POOL.snapshot();
    assert_eq!((snapshot.active, snapshot.waiting, snapshot.available), (4, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_rejection_emits_an_event_with_the_function_and_the_counts() {
    static POOL: Bulkhead = Bulkhead::new("rejecting").max_concurrent(1).max_wait(SECOND);
    #[bulkhead(POOL)]
    async fn call() -> Result<(), ApiError> {
        Ok(())
    }
    let rejections = EventLog::of(|event| match *event {
        Event::BulkheadRejected { name: "rejecting", function, active, waiting, .. } => {
            Some((function, active, waiting))
        }
        _ => None,
    });
    assert_eq!((call().await, rejections.take()), (Ok(()), vec![]), "nothing on success");
    let _held = hold(&POOL);
    assert!(matches!(
        call().await,
        Err(ApiError::Policy(Error::BulkheadFull { name: "rejecting", .. }))
    ));
    assert_eq!(rejections.take(), [(Some("bulkhead::admission::call"), 1, 0)]);
    advance(SECOND).await;
}

/// Waker that panics when it is woken.
struct Panics;

impl Wake for Panics {
    fn wake(self: Arc<Self>) {
        panic!("the waker panics");
    }
}

/// Waker that notes that it was woken.
#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, SeqCst);
    }
}

#[tokio::test]
async fn a_panic_of_a_waker_does_not_end_the_call_that_frees_the_slot() {
    static POOL: Bulkhead = Bulkhead::new("wakers").max_concurrent(1);
    let first = POOL.try_acquire();
    let mut waits = pin!(POOL.acquire());
    let waker = Arc::new(Panics).into();
    assert!(waits.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    drop(first);
    assert_eq!(count(&POOL), (1, 0), "handed over");
    assert!(waits.await.is_ok());
}

#[tokio::test]
async fn a_resize_wakes_every_call_although_a_waker_panics() {
    static POOL: Bulkhead = Bulkhead::new("wakers of a resize").max_concurrent(1);
    let first = POOL.try_acquire();
    let (mut panics, mut waits) = (pin!(POOL.acquire()), pin!(POOL.acquire()));
    let (panicking, woken) = (Arc::new(Panics).into(), Arc::new(Woken::default()));
    assert!(panics.as_mut().poll(&mut Context::from_waker(&panicking)).is_pending());
    let waker = Arc::clone(&woken).into();
    assert!(waits.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    POOL.resize(3);
    assert!(woken.0.load(SeqCst), "after the call whose waker panics");
    assert_eq!(count(&POOL), (3, 0));
    drop(first);
}
