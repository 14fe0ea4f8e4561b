//! The dependency's own word: an error that says when to come back pauses the limiter.

use std::future::{Ready, ready};
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Duration;

use resilience::{Error, Event, Failure, RateLimiter, observe};
use resilience_tests::{ApiError, SECOND, ms};
use tokio::time::{Instant, sleep};

const MINUTE: Duration = Duration::from_secs(60);

/// A dependency that answers "too many requests" to its first caller.
struct Dependency {
    calls: AtomicU32,
}

impl Dependency {
    fn answer(&self) -> Ready<Result<u32, ApiError>> {
        ready(match self.calls.fetch_add(1, SeqCst) + 1 {
            1 => Err(ApiError::Busy(MINUTE)),
            number => Ok(number),
        })
    }
}

#[tokio::test(start_paused = true)]
async fn of_a_hundred_callers_one_gets_the_answer_and_no_other_is_sent() {
    static LIMITED: RateLimiter = RateLimiter::new("a hundred").per_second(100);
    static BUSY: Dependency = Dependency { calls: AtomicU32::new(0) };
    let start = Instant::now();
    let calls: Vec<_> = (0..100).map(|_| tokio::spawn(LIMITED.call(|| BUSY.answer()))).collect();
    let mut rejected = 0;
    for call in calls {
        match call.await.expect("no panic") {
            Err(Failure::Function(ApiError::Busy(_))) => {}
            Err(Failure::Policy(Error::RateLimited { retry_after: Some(wait), .. })) => {
                assert!(wait > ms(58_000) && wait <= MINUTE + SECOND, "{wait:?}");
                rejected += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((BUSY.calls.load(SeqCst), rejected), (1, 99));
    assert!(start.elapsed() <= SECOND, "each was rejected by the time of its turn");
    sleep(MINUTE).await;
    assert!(LIMITED.call(|| BUSY.answer()).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn calls_that_may_wait_so_long_follow_in_their_order_and_at_the_rate() {
    static PATIENT: RateLimiter =
        RateLimiter::new("patient").per_second(10).max_wait(Duration::from_secs(300));
    let start = Instant::now();
    let call = |number: u32| async move {
        let call = PATIENT.call(async || match number {
            0 => Err(ApiError::Busy(MINUTE)),
            _ => Ok(start.elapsed()),
        });
        call.await.ok()
    };
    let waiting = futures_util::future::join_all((0..5).map(call));
    let made: Vec<_> = waiting.await.into_iter().flatten().collect();
    let expected: Vec<_> = (1..5).map(|number| MINUTE + ms(100 * number)).collect();
    assert_eq!(made, expected);
}

#[tokio::test(start_paused = true)]
async fn a_pause_is_one_event_and_the_longest_word_counts() {
    static PAUSED: RateLimiter = RateLimiter::new("paused").per_second(10).burst(10);
    let (sender, events) = std::sync::mpsc::channel();
    let _observer = observe(move |event| {
        if let Event::RateLimiterPaused { name: "paused", length, .. } = event {
            let _ = sender.send(*length);
        }
    });
    let busy = async |seconds| {
        let call = PAUSED.call(async || {
            tokio::task::yield_now().await;
            Err::<(), _>(ApiError::Busy(seconds))
        });
        call.await
    };
    let calls = [3, 9, 5].map(|seconds| busy(seconds * SECOND));
    assert!(futures_util::future::join_all(calls).await.iter().all(Result::is_err));
    let snapshot = PAUSED.snapshot();
    assert_eq!(snapshot.paused_for, Some(9 * SECOND));
    assert_eq!((snapshot.tokens, snapshot.next_free), (7, 9 * SECOND));
    assert_eq!(events.try_iter().collect::<Vec<_>>(), [3 * SECOND]);
    sleep(9 * SECOND).await;
    assert!(PAUSED.try_acquire(7).is_ok(), "a pause makes no tokens, and takes none");
    assert!(PAUSED.try_acquire(1).is_err());
}

#[tokio::test(start_paused = true)]
async fn other_errors_and_a_limiter_that_does_not_obey_pause_nothing() {
    static OBEYS: RateLimiter = RateLimiter::new("obeys").burst(10);
    static DEAF: RateLimiter = RateLimiter::new("deaf").obey_retry_after(false);
    for error in [ApiError::Down, ApiError::Invalid, ApiError::Declined, ApiError::NotFound] {
        assert!(OBEYS.call(async || Err::<(), _>(error)).await.is_err());
    }
    assert_eq!(OBEYS.snapshot().paused_for, None);
    assert!(DEAF.call(async || Err::<(), _>(ApiError::Busy(MINUTE))).await.is_err());
    assert_eq!(DEAF.snapshot().paused_for, None);
}
