//! A panic of the call itself is a failure. A panic beside it, on the same task, only abandons it.

use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;

use resilience::{
    Bulkhead, CallStats, CircuitBreaker, Failure, Policy, RetryPolicy, bulkhead, circuit_breaker,
    fallback, retry, timeout,
};
use resilience_tests::{ApiError, ms, poll_once, stats_of, without_timer};
use tokio::task::yield_now;

/// Panics without a message.
fn stop<T>() -> T {
    resume_unwind(Box::new("on purpose"))
}

/// Awaits a call beside a panic, in a task of their own.
async fn in_a_task_that_panics<F: Future + Send + 'static>(call: F)
where
    F::Output: Send,
{
    let task = tokio::spawn(async move {
        tokio::join!(call, async {
            yield_now().await;
            stop::<()>();
        });
    });
    assert!(task.await.expect_err("it panics").is_panic());
}

fn failed_and_abandoned(path: &str) -> (u64, u64) {
    let CallStats { failures, abandoned, .. } = stats_of(path);
    (failures, abandoned)
}

macro_rules! layers {
    ($($name:ident: [$($attribute:tt)*] by $breaker:ident;)*) => {$(
        mod $name {
            use super::*;

            $($attribute)*
            async fn hangs() -> Result<(), ApiError> {
                pending().await
            }

            $($attribute)*
            async fn panics() -> Result<(), ApiError> {
                yield_now().await;
                stop()
            }

            #[tokio::test(start_paused = true)]
            async fn only_a_panic_of_the_call_itself_is_a_failure() {
                let path = |name: &str| format!("{}::{name}", module_path!());
                in_a_task_that_panics(hangs()).await;
                assert_eq!(failed_and_abandoned(&path("hangs")), (0, 1));
                assert_eq!($breaker.snapshot().consecutive_failures, 0);
                assert!(tokio::spawn(panics()).await.expect_err("it panics").is_panic());
                assert_eq!(failed_and_abandoned(&path("panics")), (1, 0));
                assert_eq!($breaker.snapshot().consecutive_failures, 1);
                assert_eq!($breaker.snapshot().last_failure, None, "not open");
            }
        }
    )*};
}

static OWN: CircuitBreaker = CircuitBreaker::new("panics beside");
static OUTER: CircuitBreaker = CircuitBreaker::new("panics beside, outer");
static INNER: CircuitBreaker = CircuitBreaker::new("panics beside, inner");
static LIMITED: CircuitBreaker = CircuitBreaker::new("panics beside, limited");
static DETACHED: CircuitBreaker = CircuitBreaker::new("panics beside, detached");

layers! {
    alone: [#[circuit_breaker(OWN)]] by OWN;
    above_a_retry: [#[circuit_breaker(OUTER)] #[retry(max_attempts = 2, base_delay = 1ms)]]
        by OUTER;
    below_a_retry: [#[retry(max_attempts = 2, base_delay = 1ms)] #[circuit_breaker(INNER)]]
        by INNER;
    with_limits: [#[bulkhead(max_concurrent = 5)] #[circuit_breaker(LIMITED)] #[timeout(1h)]]
        by LIMITED;
    detached: [#[circuit_breaker(DETACHED)] #[timeout(1h, cancel = false)]] by DETACHED;
}

#[tokio::test(start_paused = true)]
async fn a_call_that_sleeps_between_attempts_is_abandoned() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("panics beside a sleep");

    #[circuit_breaker(BREAKER)]
    #[retry(max_attempts = 2, base_delay = 1h, jitter = none, max_delay = 1h)]
    async fn sleeps() -> Result<(), ApiError> {
        Err(ApiError::Down)
    }

    in_a_task_that_panics(sleeps()).await;
    assert_eq!(BREAKER.snapshot().consecutive_failures, 0);
    assert_eq!(failed_and_abandoned(concat!(module_path!(), "::sleeps")), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_fallback_waits_is_abandoned() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("panics beside a fallback");

    async fn slow() -> Result<(), ApiError> {
        pending().await
    }

    #[circuit_breaker(BREAKER)]
    #[fallback(slow)]
    async fn falls_back() -> Result<(), ApiError> {
        Err(ApiError::Down)
    }

    in_a_task_that_panics(falls_back()).await;
    assert_eq!(BREAKER.snapshot().consecutive_failures, 0);
    assert_eq!(failed_and_abandoned(concat!(module_path!(), "::falls_back")), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_for_a_slot_is_abandoned() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("panics beside a wait");
    static POOL: Bulkhead = Bulkhead::new("panics beside a wait").max_concurrent(1);

    #[circuit_breaker(BREAKER)]
    #[bulkhead(POOL)]
    async fn waits() -> Result<(), ApiError> {
        Ok(())
    }

    let _permit = POOL.try_acquire().expect("free");
    in_a_task_that_panics(waits()).await;
    assert_eq!(BREAKER.snapshot().consecutive_failures, 0);
    assert_eq!(failed_and_abandoned(concat!(module_path!(), "::waits")), (0, 1));
    assert_eq!(POOL.snapshot().waiting, 0);
}

/// The mark that a panic leaves in the thread is gone when the call is.
#[tokio::test(start_paused = true)]
async fn a_panic_beside_one_call_does_not_hide_the_panic_of_the_next() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("panics after a panic");
    static POLICY: Policy = Policy::new("panics after a panic")
        .circuit_breaker(CircuitBreaker::new("panics after a panic, policy"));
    static RETRY: RetryPolicy = RetryPolicy::new("panics after a panic");
    static POOL: Bulkhead = Bulkhead::new("panics after a panic").max_concurrent(1);
    let _permit = POOL.try_acquire().expect("free");
    let hang = async || pending::<Result<(), ()>>().await;
    in_a_task_that_panics(BREAKER.call(hang)).await;
    in_a_task_that_panics(POLICY.call(hang)).await;
    in_a_task_that_panics(RETRY.call(hang)).await;
    in_a_task_that_panics(POOL.call(hang)).await;
    in_a_task_that_panics(POOL.acquire()).await;
    assert_eq!(BREAKER.snapshot().consecutive_failures, 0);
    let stats = POLICY.stats();
    assert_eq!((stats.failures, stats.abandoned), (0, 1));

    let own = catch_unwind(AssertUnwindSafe(|| {
        let mut call = pin!(BREAKER.call(async || stop::<Result<(), ()>>()));
        poll_once(&mut call)
    }));
    assert!(own.is_err());
    assert_eq!(BREAKER.snapshot().consecutive_failures, 1);
    let own = catch_unwind(AssertUnwindSafe(|| {
        let mut call = pin!(POLICY.call(async || stop::<Result<(), ()>>()));
        poll_once(&mut call)
    }));
    assert!(own.is_err());
    assert_eq!(POLICY.stats().failures, 1);
}

/// A call inside a call: a panic beside the outer one abandons both, a panic of the inner one fails
/// both, and a panic that is caught in the body of the outer one fails the inner one only.
#[tokio::test(start_paused = true)]
async fn calls_inside_calls_are_distinguished() {
    static OUTSIDE: CircuitBreaker = CircuitBreaker::new("panics, outside");
    static INSIDE: CircuitBreaker = CircuitBreaker::new("panics, inside");

    #[circuit_breaker(INSIDE)]
    async fn inner(hangs: bool) -> Result<(), ApiError> {
        if hangs { pending().await } else { stop() }
    }

    #[circuit_breaker(OUTSIDE)]
    async fn outer(hangs: bool) -> Result<(), ApiError> {
        inner(hangs).await
    }

    #[circuit_breaker(OUTSIDE)]
    async fn catches() -> Result<(), ApiError> {
        let caught = catch_unwind(AssertUnwindSafe(|| poll_once(&mut pin!(inner(false)))));
        assert!(caught.is_err());
        Ok(())
    }

    let failures =
        || (OUTSIDE.snapshot().consecutive_failures, INSIDE.snapshot().consecutive_failures);
    in_a_task_that_panics(outer(true)).await;
    assert_eq!(failures(), (0, 0));
    assert!(tokio::spawn(outer(false)).await.expect_err("it panics").is_panic());
    assert_eq!(failures(), (1, 1));
    catches().await.expect("the panic is caught");
    assert_eq!(failures(), (0, 2));
}

#[tokio::test(start_paused = true)]
async fn an_admission_by_hand_that_a_panic_drops_is_a_failure() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("panics, by hand");
    let task = tokio::spawn(async {
        let _admission = BREAKER.admit().expect("closed");
        tokio::time::sleep(ms(1)).await;
        stop::<()>();
    });
    assert!(task.await.expect_err("it panics").is_panic());
    assert_eq!(BREAKER.snapshot().consecutive_failures, 1);
    let failed = BREAKER.call(async || Err::<(), _>("down")).await;
    assert_eq!(failed, Err(Failure::Function("down")));
    assert_eq!(BREAKER.snapshot().consecutive_failures, 2);
}

/// The body is suspended when the timer panics: still it is a panic of the call's own poll.
#[test]
fn a_timer_that_panics_is_a_failure_of_the_call() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("panics, timer");

    #[circuit_breaker(BREAKER)]
    #[timeout(1s)]
    async fn hangs_without_a_timer() -> Result<(), ApiError> {
        pending().await
    }

    let panicked = catch_unwind(|| without_timer(hangs_without_a_timer()));
    assert!(panicked.is_err());
    assert_eq!(BREAKER.snapshot().consecutive_failures, 1);
    let path = concat!(module_path!(), "::hangs_without_a_timer");
    assert_eq!(failed_and_abandoned(path), (1, 0));
}
