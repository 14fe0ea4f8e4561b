//! A call that is dropped at any suspension leaves no slot taken, no probe running and nobody
//! waiting for a turn, and the next call works.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use resilience::{
    Bulkhead, CircuitBreaker, Error, RateLimiter, State, bulkhead, circuit_breaker, fallback,
    rate_limiter, retry, timeout,
};
use resilience_tests::{Dropped, fail, polled, stats_of};
use tokio::task::yield_now;
use tokio::time::{advance, sleep};

const MILLISECOND: Duration = Duration::from_millis(1);

#[derive(Debug, PartialEq)]
enum ApiError {
    Down,
    NoAnswer,
    Policy(Error),
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self::Policy(error)
    }
}

/// Suspends twice.
async fn work(fails: bool) -> Result<u32, ApiError> {
    yield_now().await;
    sleep(MILLISECOND).await;
    if fails { Err(ApiError::Down) } else { Ok(1) }
}

async fn no_answer(_fails: bool) -> Result<u32, ApiError> {
    sleep(MILLISECOND).await;
    Err(ApiError::NoAnswer)
}

type Call = Pin<Box<dyn Future<Output = Result<u32, ApiError>>>>;

struct Stack {
    name: &'static str,
    breaker: &'static CircuitBreaker,
    pool: &'static Bulkhead,
    limiter: &'static RateLimiter,
    call: fn(bool) -> Call,
}

async fn drop_after_each_poll(stack: Stack) {
    let Stack { name, breaker, pool, limiter, call } = stack;
    // From here on the breaker is half-open: each call is a probe, and none closes or opens it.
    fail(breaker).await;
    advance(MILLISECOND).await;
    assert!(call(false).await.is_ok());
    assert_eq!(breaker.state(), State::HalfOpen);
    let (mut abandoned, mut suspensions) = (0, [0, 0]);
    for (dropped, suspensions) in
        [Dropped::Suspended, Dropped::Woken].into_iter().zip(&mut suspensions)
    {
        for times in 0.. {
            // Another call uses the only slot, so that this one waits in the queue.
            let other = tokio::spawn(pool.call(async || {
                sleep(MILLISECOND).await;
                Ok::<_, ()>(())
            }));
            yield_now().await;
            assert_eq!(pool.snapshot().active, 1);
            let ended = polled(times, dropped, call(true)).await;
            assert!(other.await.expect("no panic").is_ok());
            let at = format!("{name}, {dropped:?} after poll {times}");
            let (slots, state) = (pool.snapshot(), breaker.snapshot());
            assert_eq!((slots.active, slots.waiting), (0, 0), "{at}");
            assert_eq!((state.state, state.probes), (State::HalfOpen, 0), "{at}");
            assert_eq!(limiter.snapshot().waiting, 0, "{at}");
            assert_eq!(call(false).await, Ok(1), "{at}");
            if let Some(result) = ended {
                assert_eq!(result, Err(ApiError::NoAnswer), "{at}");
                break;
            }
            abandoned += u64::from(times > 0);
            *suspensions = times;
        }
    }
    // Suspensions in the queue, in two attempts and the delay between or in one attempt, and in the
    // fallback.
    assert!(suspensions.iter().all(|suspensions| *suspensions >= 6), "{suspensions:?}");
    assert_eq!(stats_of(name).abandoned, abandoned, "a call never polled has not begun");
}

macro_rules! droppable_anywhere {
    ($($name:ident: $(#$attribute:tt)*;)*) => {$(
        #[tokio::test(start_paused = true)]
        async fn $name() {
            static BREAKER: CircuitBreaker = CircuitBreaker::new(stringify!($name))
                .failure_threshold(1)
                .open_for(MILLISECOND)
                .probe_timeout(Duration::from_secs(3600))
                .success_threshold(u32::MAX);
            static POOL: Bulkhead = Bulkhead::new(stringify!($name)).max_concurrent(1);
            static LIMITER: RateLimiter = RateLimiter::new(stringify!($name)).per_second(500);
            $(#$attribute)*
            async fn $name(fails: bool) -> Result<u32, ApiError> {
                work(fails).await
            }
            drop_after_each_poll(Stack {
                name: concat!(module_path!(), "::", stringify!($name)),
                breaker: &BREAKER,
                pool: &POOL,
                limiter: &LIMITER,
                call: |fails| Box::pin($name(fails)),
            })
            .await;
        }
    )*};
}

droppable_anywhere! {
    the_documented_order_leaves_nothing:
        #[fallback(no_answer)]
        #[bulkhead(POOL)]
        #[circuit_breaker(BREAKER, when = |_| false)]
        #[retry(max_attempts = 2, base_delay = 1ms, jitter = none)]
        #[rate_limiter(LIMITER)]
        #[timeout(800ms)];
    the_order_reversed_leaves_nothing:
        #[timeout(800ms)]
        #[rate_limiter(LIMITER)]
        #[retry(max_attempts = 2, base_delay = 1ms, jitter = none)]
        #[circuit_breaker(BREAKER, when = |_| false)]
        #[bulkhead(POOL)]
        #[fallback(no_answer)];
    the_breaker_around_the_bulkhead_leaves_nothing:
        #[fallback(no_answer)]
        #[timeout(800ms)]
        #[circuit_breaker(BREAKER, when = |_| false)]
        #[rate_limiter(LIMITER)]
        #[bulkhead(POOL)]
        #[retry(max_attempts = 2, base_delay = 1ms, jitter = none)];
}
