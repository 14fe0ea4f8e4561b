//! Several calls in one task under one timeout: joined, raced and in a set; and panics.

use std::cell::RefCell;
use std::future::{Future, pending};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Duration;

use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use resilience::{CircuitBreaker, Error, circuit_breaker, deadline, retry, timeout};
use resilience_tests::{ms, timed_out};
use tokio::time::{Instant, sleep};

#[timeout(limit)]
#[circuit_breaker(breaker)]
async fn call(breaker: &CircuitBreaker, limit: Duration, takes: Duration) -> Result<u64, Error> {
    sleep(takes).await;
    Ok(u64::try_from(takes.as_millis()).expect("small"))
}

#[timeout(limit)]
async fn within<F: Future>(limit: Duration, work: F) -> Result<F::Output, Error> {
    Ok(work.await)
}

#[tokio::test(start_paused = true)]
async fn joined_calls_end_at_their_own_limits_or_at_that_of_the_timeout_around() {
    static SHORT: CircuitBreaker = CircuitBreaker::new("short");
    static LONG: CircuitBreaker = CircuitBreaker::new("long");
    static DONE: CircuitBreaker = CircuitBreaker::new("done");
    let (start, mut short_ended) = (Instant::now(), None);
    let late = within(ms(300), async {
        tokio::join!(
            async {
                let late = call(&SHORT, ms(100), ms(1000)).await;
                short_ended = Some((timed_out(late).1, start.elapsed()));
            },
            call(&LONG, ms(500), ms(1000)),
            call(&DONE, ms(500), ms(200)),
        )
    })
    .await;
    assert_eq!(timed_out(late).1, ms(300));
    assert_eq!((short_ended, start.elapsed()), (Some((ms(100), ms(100))), ms(300)));
    let failures = |breaker: &CircuitBreaker| breaker.snapshot().failures;
    assert_eq!((failures(&SHORT), failures(&LONG), failures(&DONE)), (1, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn the_loser_of_a_race_is_abandoned_and_not_timed_out() {
    static LOSER: CircuitBreaker = CircuitBreaker::new("loser");
    let won = within(ms(300), async {
        tokio::select! {
            biased;
            late = call(&LOSER, ms(200), ms(1000)) => late.is_ok(),
            () = sleep(ms(100)) => true,
        }
    })
    .await;
    assert_eq!((won, LOSER.snapshot().failures), (Ok(true), 0));
}

#[tokio::test(start_paused = true)]
async fn each_call_of_a_set_has_its_own_limit_and_that_of_the_timeout_around() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("set").failure_threshold(1000);
    let (start, mut ended) = (Instant::now(), Vec::new());
    let late = within(ms(1000), async {
        // Every second call would take twice its limit; the last would end after the timeout
        // around.
        let mut set: FuturesUnordered<_> = (1..=20_u32)
            .map(|nth| call(&BREAKER, ms(60) * nth, ms(if nth % 2 == 0 { 120 } else { 30 }) * nth))
            .collect();
        while let Some(result) = set.next().await {
            ended.push((result, start.elapsed()));
        }
    })
    .await;
    assert_eq!(timed_out(late).1, ms(1000));
    for (result, at) in &ended {
        match result {
            Ok(took) => assert_eq!(ms(*took), *at),
            Err(_) => assert_eq!(timed_out(result.clone()).1, *at),
        }
    }
    // Ten have ended by 570 ms. Eight of the limits 120, 240, … have passed by 960 ms, and the last
    // two pass at 1 s with the timeout around.
    assert_eq!(ended.iter().filter(|(result, _)| result.is_ok()).count(), 10);
    assert_eq!((ended.len(), BREAKER.snapshot().failures), (18, 10));
}

#[tokio::test(start_paused = true)]
async fn asking_for_the_deadline_starts_the_clocks_around_and_no_others() {
    let deadlines = within(ms(300), async {
        let asked = within(ms(200), async { deadline() }).await;
        // This timeout has not suspended so far: its clock starts now.
        sleep(ms(50)).await;
        let later = within(ms(200), async { deadline() }).await;
        (asked, later, deadline())
    });
    let start = Instant::now();
    let (asked, later, around) = deadlines.await.expect("in time");
    assert_eq!((asked, later), (Ok(Some(start + ms(200))), Ok(Some(start + ms(250)))));
    assert_eq!(around, Some(start + ms(300)));
}

/// After a panic no timeout is dropping its work, there is no deadline, and no attempt is running.
#[tokio::test(start_paused = true)]
async fn a_panic_leaves_no_deadline_or_attempt_behind() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("after the panic");
    static ATTEMPTS: AtomicU32 = AtomicU32::new(0);

    struct PanicsWhenDropped;
    impl Drop for PanicsWhenDropped {
        fn drop(&mut self) {
            resume_unwind(Box::new("dropped"));
        }
    }
    #[retry(max_attempts = 2, base_delay = 0ms)]
    #[timeout(100ms)]
    async fn panics(when_dropped: bool) -> Result<(), Error> {
        let _guard = if when_dropped { Some(PanicsWhenDropped) } else { None };
        sleep(ms(10)).await;
        if when_dropped {
            pending::<()>().await;
        }
        resume_unwind(Box::new("polled"));
    }
    #[retry(max_attempts = 2, base_delay = 0ms)]
    async fn retries() -> Result<(), ()> {
        ATTEMPTS.fetch_add(1, SeqCst);
        Err(())
    }
    for when_dropped in [false, true] {
        let panicked =
            AssertUnwindSafe(panics(when_dropped)).catch_unwind().await.expect_err("panics");
        assert_eq!(
            panicked.downcast_ref(),
            Some(if when_dropped { &"dropped" } else { &"polled" })
        );
        assert_eq!(deadline(), None);
        assert_eq!(
            (retries().await, ATTEMPTS.swap(0, SeqCst)),
            (Err(()), 2),
            "no attempt is around"
        );
        let mut abandoned = Box::pin(call(&BREAKER, ms(100), ms(1000)));
        assert!(abandoned.as_mut().now_or_never().is_none());
        drop(abandoned);
        assert_eq!(BREAKER.snapshot().failures, 0, "no timeout has dropped it");
    }
}

/// A call that began under a timeout and is dropped after that timeout has been abandoned.
#[tokio::test(start_paused = true)]
async fn a_call_that_outlives_the_timeout_around_has_not_timed_out_with_it() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("taken out");
    let mut inside = Box::pin(call(&BREAKER, ms(500), ms(1000)));
    let late = within(ms(100), inside.as_mut()).await;
    assert_eq!(timed_out(late).1, ms(100));
    assert_eq!(BREAKER.snapshot().failures, 0, "it is still on its way");
    drop(inside);
    assert_eq!(BREAKER.snapshot().failures, 0);
}

/// The values of the work are dropped before the error is returned, in the usual order.
#[tokio::test(start_paused = true)]
async fn the_work_is_dropped_before_the_error_is_returned() {
    thread_local! {
        static DROPPED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    }
    struct Named(&'static str);
    impl Drop for Named {
        fn drop(&mut self) {
            DROPPED.with_borrow_mut(|dropped| dropped.push(self.0));
        }
    }
    #[timeout(200ms)]
    async fn outer(_argument: Named) -> Result<(), Error> {
        let _first = Named("outer's first local");
        let _second = Named("outer's second local");
        inner(Named("inner's argument")).await
    }
    #[timeout(100ms)]
    async fn inner(argument: Named) -> Result<(), Error> {
        let _local = Named("inner's local");
        let _argument = argument;
        pending().await
    }
    assert_eq!(timed_out(outer(Named("outer's argument")).await), ("inner", ms(100)));
    let expected = [
        "inner's argument",
        "inner's local",
        "outer's second local",
        "outer's first local",
        "outer's argument",
    ];
    assert_eq!(DROPPED.take(), expected);
}
