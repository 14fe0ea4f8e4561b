//! Fixed limits: a call ends exactly at its limit, and its work is dropped.

use std::future::{Future, pending, ready};
use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use resilience::{CircuitBreaker, Event, circuit_breaker, retry, timeout};
use resilience_tests::{ApiError, EventLog, ms, pass_time, timed_out, without_timer};
use tokio::task::consume_budget;
use tokio::time::{Instant, sleep};

#[tokio::test(start_paused = true)]
async fn a_call_ends_exactly_at_its_limit() {
    #[timeout(800ms)]
    async fn call(takes: Duration) -> Result<u32, ApiError> {
        sleep(takes).await;
        Ok(1)
    }
    let began = Instant::now();
    assert_eq!((call(ms(799)).await, began.elapsed()), (Ok(1), ms(799)));
    let began = Instant::now();
    assert_eq!((timed_out(call(ms(801)).await), began.elapsed()), (("call", ms(800)), ms(800)));
}

#[tokio::test(start_paused = true)]
async fn a_result_exactly_at_the_limit_is_returned() {
    #[timeout(800ms)]
    async fn call() -> Result<u32, ApiError> {
        sleep(ms(800)).await;
        Ok(1)
    }
    assert_eq!(call().await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn the_default_limit_is_5_s() {
    #[timeout]
    async fn call() -> Result<(), ApiError> {
        pending().await
    }
    let began = Instant::now();
    assert_eq!((timed_out(call().await), began.elapsed()), (("call", ms(5000)), ms(5000)));
}

#[tokio::test(start_paused = true)]
async fn an_error_of_the_function_is_returned() {
    #[timeout(1s)]
    async fn call() -> Result<(), ApiError> {
        sleep(ms(1)).await;
        Err(ApiError::Down)
    }
    assert_eq!(call().await, Err(ApiError::Down));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_suspends_succeeds_whatever_the_limit() {
    #[timeout(1ns)]
    async fn call() -> Result<u32, ApiError> {
        pass_time(ms(1000));
        ready(Ok(1)).await
    }
    assert_eq!(call().await, Ok(1));
}

#[test]
fn a_body_that_never_suspends_needs_no_timer() {
    #[timeout(1s)]
    async fn call() -> Result<u32, ApiError> {
        ready(Ok(1)).await
    }
    assert_eq!(without_timer(call()), Ok(1));
}

#[timeout(300ms)]
async fn inner(takes: Duration) -> Result<u32, ApiError> {
    sleep(takes).await;
    Ok(1)
}

#[tokio::test(start_paused = true)]
async fn the_limit_that_passes_first_is_reported() {
    #[timeout(200ms)]
    async fn shorter_around() -> Result<u32, ApiError> {
        inner(ms(1000)).await
    }
    #[timeout(400ms)]
    async fn longer_around() -> Result<u32, ApiError> {
        inner(ms(1000)).await
    }
    #[timeout(400ms)]
    async fn part_of_it_spent() -> Result<u32, ApiError> {
        sleep(ms(101)).await;
        inner(ms(1000)).await
    }
    let began = Instant::now();
    assert_eq!(timed_out(shorter_around().await), ("shorter_around", ms(200)));
    assert_eq!(timed_out(longer_around().await), ("inner", ms(300)));
    assert_eq!(timed_out(part_of_it_spent().await), ("part_of_it_spent", ms(400)));
    assert_eq!(began.elapsed(), ms(200 + 300 + 400));
}

#[tokio::test(start_paused = true)]
async fn the_outer_of_two_limits_that_pass_together_is_reported() {
    #[timeout(300ms)]
    async fn around() -> Result<u32, ApiError> {
        inner(ms(1000)).await
    }
    assert_eq!(timed_out(around().await), ("around", ms(300)));
}

#[tokio::test(start_paused = true)]
async fn a_retry_that_asks_for_the_deadline_starts_the_clocks_of_all_timeouts_around() {
    #[retry(max_attempts = 2, base_delay = 1h, max_delay = 1h, jitter = none)]
    async fn asks() -> Result<u32, ApiError> {
        Err(ApiError::Down)
    }
    #[timeout(300ms)]
    async fn within() -> Result<u32, ApiError> {
        assert_eq!(asks().await, Err(ApiError::Down));
        pass_time(ms(150));
        pending().await
    }
    #[timeout(200ms)]
    async fn around() -> Result<u32, ApiError> {
        within().await
    }
    let began = Instant::now();
    assert_eq!((timed_out(around().await).0, began.elapsed()), ("around", ms(200)));
}

#[tokio::test(start_paused = true)]
async fn the_inner_limit_may_pass_several_times_within_the_outer() {
    #[timeout(700ms)]
    async fn twice() -> Result<u32, ApiError> {
        for _ in 0..2 {
            assert_eq!(timed_out(inner(ms(1000)).await).0, "inner");
        }
        inner(ms(1000)).await
    }
    let began = Instant::now();
    assert_eq!((timed_out(twice().await), began.elapsed()), (("twice", ms(700)), ms(700)));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_outlives_the_timeout_around_keeps_its_own_limit() {
    let mut call = Box::pin(inner(ms(1000)));
    #[timeout(100ms)]
    async fn around<F: Future<Output = Result<u32, ApiError>> + Unpin>(
        call: &mut F,
    ) -> Result<u32, ApiError> {
        call.await
    }
    let began = Instant::now();
    assert_eq!(timed_out(around(&mut call).await).0, "around");
    assert_eq!((timed_out(call.await), began.elapsed()), (("inner", ms(300)), ms(300)));
}

#[tokio::test(start_paused = true)]
async fn the_work_is_dropped_at_the_limit() {
    struct Drops<'a>(&'a AtomicU32);
    impl Drop for Drops<'_> {
        fn drop(&mut self) {
            self.0.fetch_add(1, Relaxed);
        }
    }
    #[retry(max_attempts = 2, base_delay = 1s, jitter = none)]
    #[timeout(100ms)]
    async fn call(dropped: &AtomicU32) -> Result<(), ApiError> {
        let _drops = Drops(dropped);
        pending().await
    }
    let dropped = AtomicU32::new(0);
    let mut call = pin!(call(&dropped));
    tokio::select! {
        _ = &mut call => panic!("there is another attempt"),
        () = sleep(ms(101)) => assert_eq!(dropped.load(Relaxed), 1, "before the delay"),
    }
    assert!(call.await.is_err());
    assert_eq!(dropped.load(Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn the_error_and_the_event_name_the_function_and_the_limit() {
    #[timeout(100ms)]
    async fn named() -> Result<(), ApiError> {
        pending().await
    }
    let limits = EventLog::of(|event| match *event {
        Event::TimedOut { function: "timeout::limit::named", limit, .. } => Some(limit),
        _ => None,
    });
    let Err(ApiError::Policy(error)) = named().await else { panic!("no timeout") };
    assert_eq!(error.to_string(), "`timeout::limit::named` timed out after 100ms");
    assert_eq!(limits.take(), [ms(100)]);
}

#[tokio::test(start_paused = true)]
async fn a_breaker_counts_a_timeout_around_it_and_inside_it() {
    static OUTSIDE: CircuitBreaker = CircuitBreaker::new("outside");
    static INSIDE: CircuitBreaker = CircuitBreaker::new("inside");
    #[circuit_breaker(OUTSIDE)]
    #[timeout(100ms)]
    #[circuit_breaker(INSIDE)]
    async fn call() -> Result<(), ApiError> {
        pending().await
    }
    assert!(call().await.is_err());
    assert_eq!((OUTSIDE.snapshot().failures, INSIDE.snapshot().failures), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn the_duration_may_come_from_parameters_self_and_constants() {
    const FIXED: Duration = ms(50);
    struct Client {
        limit: Duration,
    }
    impl Client {
        #[timeout(self.limit * factor)]
        async fn call(&self, factor: u32) -> Result<(), ApiError> {
            pending().await
        }
    }
    #[timeout(FIXED)]
    async fn fixed() -> Result<(), ApiError> {
        pending().await
    }
    assert_eq!(timed_out(Client { limit: ms(20) }.call(3).await).1, ms(60));
    assert_eq!(timed_out(fixed().await).1, ms(50));
}

#[tokio::test(start_paused = true)]
async fn the_longest_limit_never_passes() {
    #[timeout(Duration::MAX)]
    async fn call() -> Result<u32, ApiError> {
        sleep(ms(1_000_000_000)).await;
        Ok(1)
    }
    assert_eq!(call().await, Ok(1));
    let cut = resilience::with_deadline(Instant::now() + ms(100), call());
    assert_eq!(cut.await, Ok(1), "nothing is there to be cut");
}

#[tokio::test(start_paused = true)]
async fn work_that_is_always_busy_is_ended_at_the_limit() {
    #[timeout(100ms)]
    async fn call() -> Result<(), ApiError> {
        // Uses up the budget of tokio's cooperative scheduling in every poll.
        for _ in 0..10_000 {
            consume_budget().await;
            pass_time(ms(1));
        }
        Ok(())
    }
    assert_eq!(timed_out(call().await).1, ms(100));
}
