//! The states of a circuit breaker, and the results that change them.

use std::future::pending;
use std::time::Duration;

use resilience::{CircuitBreaker, Failure, OnAbandon, State, circuit_breaker, timeout};
use resilience_tests::{ApiError, SECOND, fail, ms, rejected, succeed};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{advance, sleep};

/// Makes a call that is rejected, and returns `retry_after`.
async fn retry_after(breaker: &CircuitBreaker) -> Option<Duration> {
    rejected(breaker).await.retry_after()
}

/// A breaker that opens at the first failure and is half-open after a second.
const fn quick(name: &'static str) -> CircuitBreaker {
    CircuitBreaker::new(name).failure_threshold(1).open_for(SECOND)
}

/// Starts a call that never ends.
async fn hang(breaker: &'static CircuitBreaker) -> JoinHandle<()> {
    let call = tokio::spawn(async {
        let _ = breaker.call(async || pending::<Result<(), ()>>().await).await;
    });
    tokio::task::yield_now().await;
    call
}

/// Starts a call that ends when the sender is used.
async fn started(
    breaker: &'static CircuitBreaker,
    result: Result<(), ()>,
) -> (oneshot::Sender<()>, JoinHandle<Result<(), Failure<()>>>) {
    let (end, ended) = oneshot::channel::<()>();
    let call = tokio::spawn(breaker.call(async move || {
        let _ = ended.await;
        result
    }));
    tokio::task::yield_now().await;
    (end, call)
}

async fn end<T>((end, call): (oneshot::Sender<()>, JoinHandle<T>)) -> T {
    end.send(()).expect("the call is on its way");
    call.await.expect("no panic")
}

#[tokio::test(start_paused = true)]
async fn the_defaults_are_5_failures_in_a_row_open_for_30_s_1_probe_and_3_successes() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("defaults");
    for _ in 0..100 {
        for _ in 0..4 {
            fail(&BREAKER).await;
        }
        succeed(&BREAKER).await;
    }
    for _ in 0..4 {
        fail(&BREAKER).await;
        advance(SECOND * 3600).await;
    }
    let snapshot = BREAKER.snapshot();
    assert_eq!((snapshot.state, snapshot.consecutive_failures), (State::Closed, 4));
    fail(&BREAKER).await;
    assert_eq!((BREAKER.state(), retry_after(&BREAKER).await), (State::Open, Some(SECOND * 30)));
    advance(ms(29_999)).await;
    assert_eq!(retry_after(&BREAKER).await, Some(ms(1)));
    advance(ms(1)).await;
    let probe = started(&BREAKER, Ok(())).await;
    assert_eq!((BREAKER.snapshot().probes, retry_after(&BREAKER).await), (1, Some(SECOND * 30)));
    assert_eq!(end(probe).await, Ok(()));
    succeed(&BREAKER).await;
    assert_eq!((BREAKER.state(), BREAKER.snapshot().successes), (State::HalfOpen, 2));
    succeed(&BREAKER).await;
    assert_eq!(BREAKER.state(), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn the_window_forgets_failures_one_by_one() {
    static BREAKER: CircuitBreaker =
        CircuitBreaker::new("sliding").failure_threshold(3).window(Duration::from_secs(10));
    for _ in 0..4 {
        fail(&BREAKER).await;
        advance(SECOND * 5).await;
    }
    // Failures at 0, 5, 10 and 15 s: never three within ten seconds.
    assert_eq!((BREAKER.state(), BREAKER.snapshot().failures), (State::Closed, 1));
    fail(&BREAKER).await;
    fail(&BREAKER).await;
    assert_eq!(BREAKER.state(), State::Open);
}

#[tokio::test(start_paused = true)]
async fn a_success_does_not_cancel_failures() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("no take back").failure_threshold(2);
    fail(&BREAKER).await;
    succeed(&BREAKER).await;
    fail(&BREAKER).await;
    assert_eq!(BREAKER.state(), State::Open);
}

#[tokio::test(start_paused = true)]
async fn half_open_probes_limits_concurrent_calls_and_not_their_total() {
    static BREAKER: CircuitBreaker = quick("probes").half_open_probes(2).success_threshold(4);
    fail(&BREAKER).await;
    advance(SECOND).await;
    let first = started(&BREAKER, Ok(())).await;
    advance(ms(200)).await;
    let second = started(&BREAKER, Ok(())).await;
    assert_eq!(retry_after(&BREAKER).await, Some(ms(800)), "the first probe's place");
    assert_eq!(end(first).await, Ok(()));
    let third = started(&BREAKER, Ok(())).await;
    assert_eq!(BREAKER.snapshot().probes, 2);
    assert_eq!((end(second).await, end(third).await), (Ok(()), Ok(())));
    assert_eq!((BREAKER.snapshot().probes, BREAKER.state()), (0, State::HalfOpen));
    succeed(&BREAKER).await;
    assert_eq!(BREAKER.state(), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn one_failed_probe_opens_again_for_all_of_open_for() {
    static BREAKER: CircuitBreaker = quick("reopen");
    fail(&BREAKER).await;
    advance(SECOND).await;
    succeed(&BREAKER).await;
    succeed(&BREAKER).await;
    fail(&BREAKER).await;
    assert_eq!((BREAKER.state(), retry_after(&BREAKER).await), (State::Open, Some(SECOND)));
    advance(SECOND).await;
    succeed(&BREAKER).await;
    assert_eq!(BREAKER.snapshot().successes, 1, "counted again");
}

#[tokio::test(start_paused = true)]
async fn closing_forgets_earlier_failures() {
    static BREAKER: CircuitBreaker =
        CircuitBreaker::new("forget").failure_threshold(2).open_for(SECOND).success_threshold(1);
    fail(&BREAKER).await;
    fail(&BREAKER).await;
    advance(SECOND).await;
    succeed(&BREAKER).await;
    fail(&BREAKER).await;
    assert_eq!((BREAKER.state(), BREAKER.snapshot().failures), (State::Closed, 1));
}

#[tokio::test(start_paused = true)]
async fn results_of_an_earlier_state_are_stale_and_change_nothing() {
    static BREAKER: CircuitBreaker = quick("stale").success_threshold(1);
    let (late_failure, late_success) =
        (started(&BREAKER, Err(())).await, started(&BREAKER, Ok(())).await);
    let last = started(&BREAKER, Err(())).await;
    fail(&BREAKER).await;
    assert_eq!(end(late_failure).await, Err(Failure::Function(())));
    assert_eq!((BREAKER.state(), BREAKER.snapshot().stale), (State::Open, 1));
    advance(SECOND).await;
    let probe = started(&BREAKER, Ok(())).await;
    assert_eq!(end(late_success).await, Ok(()));
    assert_eq!(
        (BREAKER.state(), BREAKER.snapshot().probes, BREAKER.snapshot().stale),
        (State::HalfOpen, 1, 2)
    );
    assert_eq!(end(last).await, Err(Failure::Function(())));
    assert_eq!((BREAKER.state(), BREAKER.snapshot().stale), (State::HalfOpen, 3));
    assert_eq!(end(probe).await, Ok(()));
    assert_eq!((BREAKER.state(), BREAKER.snapshot().stale), (State::Closed, 3));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_probe_makes_room_for_another_and_counts_as_nothing() {
    static BREAKER: CircuitBreaker = quick("dropped probe");
    fail(&BREAKER).await;
    advance(SECOND).await;
    let probe = hang(&BREAKER).await;
    assert_eq!(BREAKER.snapshot().probes, 1);
    probe.abort();
    assert!(probe.await.expect_err("aborted").is_cancelled());
    let snapshot = BREAKER.snapshot();
    assert_eq!((snapshot.state, snapshot.probes, snapshot.successes), (State::HalfOpen, 0, 0));
    succeed(&BREAKER).await;
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_never_polled_is_no_probe() {
    static BREAKER: CircuitBreaker = quick("never polled");
    fail(&BREAKER).await;
    advance(SECOND).await;
    drop(BREAKER.call(async || Ok::<_, ()>(())));
    assert_eq!((BREAKER.state(), BREAKER.snapshot().probes), (State::Open, 0));
}

#[tokio::test(start_paused = true)]
async fn another_probe_replaces_a_hung_one_after_probe_timeout() {
    static BREAKER: CircuitBreaker =
        quick("hung").probe_timeout(Duration::from_secs(7)).success_threshold(1);
    fail(&BREAKER).await;
    advance(SECOND).await;
    let hung = started(&BREAKER, Err(())).await;
    advance(ms(6_999)).await;
    assert_eq!(retry_after(&BREAKER).await, Some(ms(1)));
    advance(ms(1)).await;
    let probe = started(&BREAKER, Ok(())).await;
    assert_eq!(end(hung).await, Err(Failure::Function(())));
    assert_eq!((BREAKER.state(), BREAKER.snapshot().stale), (State::Open, 0), "it still counts");
    assert_eq!(end(probe).await, Ok(()));
    assert_eq!((BREAKER.state(), BREAKER.snapshot().stale), (State::Open, 1), "too late");
}

#[tokio::test(start_paused = true)]
async fn probe_timeout_is_open_for_by_default() {
    static BREAKER: CircuitBreaker = quick("hung by default");
    fail(&BREAKER).await;
    advance(SECOND).await;
    let _hung = hang(&BREAKER).await;
    advance(ms(999)).await;
    assert_eq!(retry_after(&BREAKER).await, Some(ms(1)));
    advance(ms(1)).await;
    succeed(&BREAKER).await;
}

#[tokio::test(start_paused = true)]
async fn a_timeout_around_the_breaker_counts_as_a_failure() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("inside");
    #[timeout(1s)]
    #[circuit_breaker(BREAKER)]
    async fn call() -> Result<(), ApiError> {
        pending().await
    }
    assert!(call().await.is_err());
    assert_eq!(BREAKER.snapshot().failures, 1);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_inside_the_breaker_counts_as_a_failure() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("outside");
    #[circuit_breaker(BREAKER)]
    #[timeout(1s)]
    async fn call() -> Result<(), ApiError> {
        pending().await
    }
    assert!(call().await.is_err());
    assert_eq!(BREAKER.snapshot().failures, 1);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_of_a_calling_function_counts_as_a_failure() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("further out");
    #[timeout(1s)]
    async fn outer() -> Result<(), ApiError> {
        Box::pin(BREAKER.call(async || pending::<Result<(), ApiError>>().await))
            .await
            .map_err(Failure::into_error)
    }
    assert!(outer().await.is_err());
    assert_eq!(BREAKER.snapshot().failures, 1);
}

#[tokio::test(start_paused = true)]
async fn a_panic_counts_as_a_failure() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("panic");
    #[circuit_breaker(BREAKER)]
    async fn call() -> Result<(), ApiError> {
        sleep(SECOND).await;
        panic!("on purpose")
    }
    assert!(tokio::spawn(call()).await.expect_err("panicked").is_panic());
    assert_eq!(BREAKER.snapshot().failures, 1);
}

#[tokio::test(start_paused = true)]
async fn an_abandoned_call_counts_as_nothing() {
    static BREAKER: CircuitBreaker = quick("abandoned");
    assert!(
        tokio::time::timeout(SECOND, BREAKER.call(async || pending::<Result<(), ()>>().await))
            .await
            .is_err()
    );
    assert_eq!((BREAKER.state(), BREAKER.snapshot().failures), (State::Closed, 0));
}

#[tokio::test(start_paused = true)]
async fn an_abandoned_call_counts_as_a_failure_if_on_abandon_says_so() {
    static BREAKER: CircuitBreaker = quick("abandoned failure").on_abandon(OnAbandon::Failure);
    assert!(
        tokio::time::timeout(SECOND, BREAKER.call(async || pending::<Result<(), ()>>().await))
            .await
            .is_err()
    );
    assert_eq!(BREAKER.state(), State::Open);
}
