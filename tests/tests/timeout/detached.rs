//! `cancel = false`: the caller receives the error, and the work continues.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Duration;

use resilience::{
    AdaptiveTimeout, CallStats, CircuitBreaker, Error, Failure, State, circuit_breaker, deadline,
    fallback, registry, retry, timeout,
};
use resilience_tests::{SECOND, poll_once, with_paused_clock};
use tokio::time::{Instant, sleep};

#[derive(Default)]
struct Ledger {
    entries: AtomicU32,
}

#[timeout(1s, cancel = false)]
async fn book(ledger: Arc<Ledger>, takes: Duration) -> Result<u32, Error> {
    sleep(takes).await;
    Ok(ledger.entries.fetch_add(1, SeqCst) + 1)
}

#[tokio::test(start_paused = true)]
async fn a_call_in_time_returns_the_result() {
    let ledger = Arc::new(Ledger::default());
    assert_eq!(book(Arc::clone(&ledger), SECOND / 2).await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn the_work_continues_after_the_timeout() {
    let ledger = Arc::new(Ledger::default());
    let start = Instant::now();
    let late = book(Arc::clone(&ledger), SECOND * 3).await;
    assert!(matches!(late, Err(Error::TimedOut { limit: SECOND, .. })), "{late:?}");
    assert_eq!((start.elapsed(), ledger.entries.load(SeqCst)), (SECOND, 0));
    sleep(SECOND * 3).await;
    assert_eq!(ledger.entries.load(SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn the_work_continues_when_the_caller_is_dropped() {
    let ledger = Arc::new(Ledger::default());
    let call = tokio::spawn(book(Arc::clone(&ledger), SECOND / 2));
    sleep(SECOND / 4).await;
    call.abort();
    sleep(SECOND).await;
    assert_eq!(ledger.entries.load(SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_breaker_inside_sees_the_result_of_the_work_and_one_around_the_timeout() {
    static ABOVE: CircuitBreaker = CircuitBreaker::new("above");
    static BELOW: CircuitBreaker = CircuitBreaker::new("below").failure_threshold(2);

    #[circuit_breaker(ABOVE)]
    #[timeout(1s, cancel = false)]
    #[circuit_breaker(BELOW)]
    async fn call(fails: bool) -> Result<(), Failure<()>> {
        sleep(SECOND * 3).await;
        if fails { Err(Failure::Function(())) } else { Ok(()) }
    }

    call(true).await.expect_err("late");
    call(false).await.expect_err("late");
    assert_eq!(
        (ABOVE.snapshot().failures, BELOW.snapshot().failures),
        (2, 0),
        "the work is not over"
    );
    sleep(SECOND * 3).await;
    assert_eq!(
        (ABOVE.snapshot().failures, BELOW.snapshot().failures),
        (2, 1),
        "one failed, one succeeded"
    );
    call(true).await.expect_err("late");
    sleep(SECOND * 3).await;
    assert_eq!(BELOW.state(), State::Open);
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_the_work_reaches_the_caller() {
    #[timeout(cancel = false)]
    async fn call() -> Result<(), Error> {
        sleep(SECOND).await;
        // A panic by `resume_unwind` prints no message.
        std::panic::resume_unwind(Box::new("the work panicked"));
    }
    let panic = tokio::spawn(call()).await.expect_err("panicked").into_panic();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"the work panicked"));
}

#[tokio::test(start_paused = true)]
async fn the_work_has_no_deadline_and_is_not_nested_in_an_attempt() {
    #[retry(max_attempts = 3, base_delay = 1s, jitter = none)]
    async fn inside(calls: &AtomicU32) -> Result<(), Failure<()>> {
        calls.fetch_add(1, SeqCst);
        Err(Failure::Function(()))
    }
    #[timeout(10s, cancel = false)]
    async fn detached(calls: Arc<AtomicU32>) -> Result<(), Failure<()>> {
        assert_eq!(deadline(), None);
        inside(&calls).await
    }
    #[retry(max_attempts = 2, base_delay = 1s)]
    async fn retried(calls: &Arc<AtomicU32>) -> Result<(), Failure<()>> {
        detached(Arc::clone(calls)).await
    }
    let calls = Arc::new(AtomicU32::new(0));
    retried(&calls).await.expect_err("down");
    assert_eq!(calls.load(SeqCst), 6, "two attempts of three");
}

#[tokio::test(start_paused = true)]
async fn detached_work_may_have_a_fallback_inside_and_be_a_method_of_an_arc() {
    struct Client {
        calls: AtomicU32,
        limit: Duration,
    }
    impl Client {
        #[timeout(self.limit(), cancel = false)]
        #[fallback(value = 7)]
        async fn ask(self: Arc<Self>, fails: bool) -> Result<u32, Failure<()>> {
            sleep(SECOND).await;
            let calls = self.calls.fetch_add(1, SeqCst) + 1;
            if fails { Err(Failure::Function(())) } else { Ok(calls) }
        }
        fn limit(&self) -> Duration {
            self.limit
        }
    }
    let client = Arc::new(Client { calls: AtomicU32::new(0), limit: SECOND * 2 });
    assert_eq!(Arc::clone(&client).ask(false).await, Ok(1));
    assert_eq!(client.ask(true).await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn the_limit_of_detached_work_may_adapt() {
    static LIMIT: AdaptiveTimeout =
        AdaptiveTimeout::new("adapts").minimum_calls(1).multiplier(1.0).max(SECOND);
    static ENDED: AtomicU32 = AtomicU32::new(0);
    #[timeout(LIMIT, cancel = false)]
    async fn call(takes: Duration) -> Result<(), Error> {
        sleep(takes).await;
        ENDED.fetch_add(1, SeqCst);
        Ok(())
    }
    call(SECOND / 10).await.expect("in time");
    let learned = LIMIT.limit();
    assert!(learned >= SECOND / 10 && learned < SECOND / 9, "{learned:?}");
    let late = call(SECOND).await;
    assert!(matches!(late, Err(Error::TimedOut { limit, .. }) if limit == learned), "{late:?}");
    assert!(LIMIT.limit() > learned, "a call that was late counts as such");
    sleep(SECOND).await;
    assert_eq!(ENDED.load(SeqCst), 2);
}

/// Counts of the work that the callers of one function of this module have left behind: left,
/// ended, panicked.
fn left_behind(function: &str) -> (u64, u64, u64) {
    let path = format!("{}::{function}", module_path!());
    let CallStats { detached, detached_ended, detached_panics, .. } =
        registry().function(&path).expect("it is annotated").stats();
    (detached, detached_ended, detached_panics)
}

#[tokio::test(start_paused = true)]
async fn work_without_a_caller_is_counted_and_can_be_waited_for() {
    #[timeout(1s, cancel = false)]
    async fn counted(ledger: Arc<Ledger>, takes: Duration) -> Result<(), Error> {
        sleep(takes).await;
        ledger.entries.fetch_add(1, SeqCst);
        Ok(())
    }
    let ledger = Arc::new(Ledger::default());
    counted(Arc::clone(&ledger), SECOND / 2).await.expect("in time");
    assert_eq!(left_behind("counted"), (0, 0, 0), "the caller has waited for the work");

    counted(Arc::clone(&ledger), SECOND * 3).await.expect_err("late");
    let gone = tokio::time::timeout(SECOND / 2, counted(Arc::clone(&ledger), SECOND * 2)).await;
    assert!(gone.is_err());
    assert_eq!(left_behind("counted"), (2, 0, 0));
    assert!(registry().detached_work().running() >= 2);

    // All works run since before the first poll, so they have ended after the first pause.
    let (start, first, second) =
        (Instant::now(), registry().detached_work(), registry().detached_work());
    let mut given_up = Box::pin(first.ended());
    assert!(poll_once(&mut given_up).is_pending());
    drop(given_up);
    tokio::join!(first.ended(), second.ended());
    assert_eq!((left_behind("counted"), ledger.entries.load(SeqCst)), ((2, 2, 0), 3));
    assert!(start.elapsed() >= SECOND * 3 / 2, "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_panic_without_a_caller_is_contained_and_counted() {
    #[timeout(1s, cancel = false)]
    async fn panics(after: Duration) -> Result<(), Error> {
        sleep(after).await;
        std::panic::resume_unwind(Box::new("the work panicked"));
    }
    panics(SECOND * 2).await.expect_err("late");
    registry().detached_work().ended().await;
    assert_eq!(left_behind("panics"), (1, 1, 1));
    tokio::spawn(panics(SECOND / 2)).await.expect_err("the caller panics");
    assert_eq!(left_behind("panics"), (1, 1, 1), "a caller has received the second panic");
}

#[test]
fn work_that_a_runtime_drops_has_ended() {
    #[timeout(1s, cancel = false)]
    async fn endless() -> Result<(), Error> {
        std::future::pending().await
    }
    with_paused_clock(async {
        endless().await.expect_err("late");
        assert_eq!(left_behind("endless"), (1, 0, 0));
        assert!(poll_once(&mut pin!(registry().detached_work().ended())).is_pending());
    });
    assert_eq!(left_behind("endless"), (1, 1, 0));
}
