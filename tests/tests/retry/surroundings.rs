//! Deadlines around a retry, observers, and panics.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use resilience::{Error, Event, Suppression, observe, retry, timeout};
use resilience_tests::{ApiError, EventLog, ms};
use tokio::time::Instant;

fn down(calls: &AtomicU32) -> Result<(), ApiError> {
    calls.fetch_add(1, Relaxed);
    Err(ApiError::Down)
}

/// The events of the retry of one function of this module.
fn events_of(function: &'static str) -> EventLog<String> {
    let path = format!("{}::{function}", module_path!());
    EventLog::of(move |event| {
        let (function, line) = match *event {
            Event::RetryScheduled { function, attempt, delay, .. } => {
                (function, format!("{attempt} failed, {delay:?}"))
            }
            Event::RetriesExhausted { function, attempts, .. } => {
                (function, format!("{attempts} failed"))
            }
            Event::RetrySuppressed { function, attempt, reason, .. } => {
                let reason = match reason {
                    Suppression::Deadline => "deadline",
                    Suppression::MaxElapsed => "max_elapsed",
                    _ => "another",
                };
                (function, format!("{attempt} failed, {reason}"))
            }
            _ => return None,
        };
        (function == path).then_some(line)
    })
}

#[retry(base_delay = 0ms)]
async fn inner(calls: &AtomicU32) -> Result<(), ApiError> {
    down(calls)
}

#[tokio::test(start_paused = true)]
async fn a_retry_works_as_before_after_an_attempt_has_panicked() {
    #[retry(base_delay = 0ms)]
    async fn panics() -> Result<(), ApiError> {
        panic!("on purpose")
    }
    assert!(tokio::spawn(panics()).await.expect_err("panics").is_panic());
    let calls = AtomicU32::new(0);
    assert!(inner(&calls).await.is_err());
    assert_eq!(calls.load(Relaxed), 3);
}

#[tokio::test(start_paused = true)]
async fn a_delay_beyond_the_deadline_is_not_slept_and_the_last_error_is_returned_at_once() {
    // As a literal, the compiler would reject it: attempts 4 to 9 can never run.
    const LIMIT: Duration = Duration::from_millis(250);
    #[timeout(LIMIT)]
    #[retry(max_attempts = 9, backoff = constant, base_delay = 100ms, jitter = none)]
    async fn call(calls: &AtomicU32) -> Result<(), ApiError> {
        down(calls)
    }
    let (calls, began) = (AtomicU32::new(0), Instant::now());
    assert_eq!(call(&calls).await, Err(ApiError::Down));
    assert_eq!((calls.load(Relaxed), began.elapsed()), (3, ms(200)));
}

#[tokio::test(start_paused = true)]
async fn the_deadline_of_a_calling_function_counts_too() {
    #[retry(max_attempts = 9, backoff = constant, base_delay = 100ms, jitter = none)]
    async fn within(calls: &AtomicU32) -> Result<(), ApiError> {
        down(calls)
    }
    #[timeout(100ms)]
    async fn around(calls: &AtomicU32) -> Result<(), ApiError> {
        within(calls).await
    }
    let (calls, began) = (AtomicU32::new(0), Instant::now());
    assert_eq!(
        around(&calls).await,
        Err(ApiError::Down),
        "a sleep up to the very deadline is of no use"
    );
    assert_eq!((calls.load(Relaxed), began.elapsed()), (1, ms(0)));
}

#[tokio::test(start_paused = true)]
async fn the_deadline_does_not_reach_spawned_tasks() {
    #[retry(max_attempts = 2, base_delay = 1h, max_delay = 1h, jitter = none)]
    async fn within(calls: &AtomicU32) -> Result<(), ApiError> {
        down(calls)
    }
    #[timeout(1s)]
    async fn around() -> Result<(), ApiError> {
        tokio::spawn(async { within(&AtomicU32::new(0)).await }).await.expect("no panic")
    }
    assert!(matches!(around().await, Err(ApiError::Policy(Error::TimedOut { .. }))));
}

#[tokio::test(start_paused = true)]
async fn a_timeout_per_attempt_does_not_limit_the_delay_after_it() {
    #[retry(max_attempts = 2, base_delay = 1s, jitter = none)]
    #[timeout(10ms)]
    async fn call() -> Result<(), ApiError> {
        std::future::pending().await
    }
    let began = Instant::now();
    assert!(call().await.is_err());
    assert_eq!(began.elapsed(), ms(10 + 1000 + 10));
}

#[tokio::test(start_paused = true)]
async fn each_failed_attempt_emits_an_event_and_a_success_none() {
    #[retry(base_delay = 100ms, jitter = none)]
    async fn observed(calls: &AtomicU32, until: u32) -> Result<(), ApiError> {
        if calls.load(Relaxed) == until { Ok(()) } else { down(calls) }
    }
    let mut events = events_of("observed");
    assert_eq!(observed(&AtomicU32::new(0), 0).await, Ok(()));
    assert_eq!(events.take(), [""; 0]);
    assert_eq!(observed(&AtomicU32::new(0), 1).await, Ok(()));
    assert_eq!(events.take(), ["1 failed, 100ms"]);
    assert!(observed(&AtomicU32::new(0), 9).await.is_err());
    assert_eq!(events.take(), ["1 failed, 100ms", "2 failed, 200ms", "3 failed"]);
    events.stop();
    assert!(observed(&AtomicU32::new(0), 9).await.is_err());
    assert_eq!(events.take(), [""; 0], "nobody observes any more");
}

#[tokio::test(start_paused = true)]
async fn a_retry_that_ends_early_emits_the_reason() {
    #[timeout(limit)]
    #[retry(base_delay = 100ms, jitter = none, max_elapsed = max)]
    async fn short(calls: &AtomicU32, limit: Duration, max: Duration) -> Result<(), ApiError> {
        down(calls)
    }
    let events = events_of("short");
    assert!(short(&AtomicU32::new(0), ms(100), ms(1000)).await.is_err());
    assert_eq!(events.take(), ["1 failed, deadline"]);
    assert!(short(&AtomicU32::new(0), ms(1000), ms(299)).await.is_err());
    assert_eq!(events.take(), ["1 failed, 100ms", "2 failed, max_elapsed"]);
}

#[tokio::test(start_paused = true)]
async fn an_observer_that_panics_does_not_harm_the_call() {
    #[retry(base_delay = 1ms)]
    async fn watched(calls: &AtomicU32) -> Result<(), ApiError> {
        down(calls)
    }
    let _subscription = observe(|event| {
        if let Event::RetryScheduled { function: "retry::surroundings::watched", .. } = event {
            panic!("on purpose")
        }
    });
    let calls = AtomicU32::new(0);
    assert_eq!((watched(&calls).await, calls.load(Relaxed)), (Err(ApiError::Down), 3));
}
