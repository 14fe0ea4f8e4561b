//! Retries without a delay, whose attempts never suspend.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use resilience::{Event, RetryPolicy, SuppressionReason, retry, timeout};
use resilience_tests::{ApiError, EventLog, ms, pass_time, without_timer};
use tokio::time::Instant;

/// Steps of a task's cooperative budget, with some to spare for a change in tokio.
const COOPERATIVE: u32 = 1_000;

fn down(calls: &Cell<u32>) -> Result<(), ApiError> {
    calls.set(calls.get() + 1);
    Err(ApiError::Down)
}

#[tokio::test(start_paused = true)]
async fn attempts_without_a_delay_end_at_the_deadline() {
    #[timeout(20ms)]
    #[retry(max_attempts = 3_000_000, base_delay = 0s, name = "without_delay::deadline")]
    async fn call(calls: &Cell<u32>) -> Result<(), ApiError> {
        pass_time(ms(1));
        down(calls)
    }
    let reasons = EventLog::of(|event| match *event {
        Event::RetrySuppressed { function: "without_delay::deadline", reason, .. } => Some(reason),
        _ => None,
    });
    let calls = Cell::new(0);
    assert_eq!(call(&calls).await, Err(ApiError::Down), "the real error");
    // The first failure starts the clock of the timeout.
    assert_eq!((calls.get(), reasons.take()), (21, vec![SuppressionReason::Deadline]));
}

#[tokio::test]
async fn attempts_without_a_delay_end_at_the_deadline_in_real_time() {
    #[timeout(20ms)]
    #[retry(max_attempts = 2_000_000_000, base_delay = 0s)]
    async fn call(calls: &Cell<u32>) -> Result<(), ApiError> {
        down(calls)
    }
    let (start, calls) = (Instant::now(), Cell::new(0));
    call(&calls).await.expect_err("down");
    assert!(start.elapsed() >= ms(20), "{:?}", start.elapsed());
    assert!(calls.get() < 2_000_000_000);
}

/// Set by another task of the thread.
static HAS_RUN: AtomicBool = AtomicBool::new(false);
static POLICY: RetryPolicy =
    RetryPolicy::new("without delay").max_attempts(u32::MAX).base_delay(Duration::ZERO);

/// Fails until another task has run, or for long enough that none ever will.
fn until_another_task_has_run(calls: &Cell<u32>) -> Result<(), ApiError> {
    let failed = down(calls);
    if HAS_RUN.load(Relaxed) || calls.get() > COOPERATIVE { Ok(()) } else { failed }
}

#[test]
fn another_task_of_the_thread_runs_between_attempts_without_a_delay() {
    #[retry(max_attempts = u32::MAX, base_delay = 0s)]
    async fn by_attribute(calls: &Cell<u32>) -> Result<(), ApiError> {
        until_another_task_has_run(calls)
    }
    async fn by_policy(calls: &Cell<u32>) -> Result<(), ApiError> {
        POLICY.call(async || until_another_task_has_run(calls)).await
    }

    let calls = Cell::new(0);
    let spawn = || {
        calls.set(0);
        HAS_RUN.store(false, Relaxed);
        tokio::spawn(async { HAS_RUN.store(true, Relaxed) })
    };
    without_timer(async {
        drop(spawn());
        by_attribute(&calls).await.expect("the other task runs");
        assert!(calls.get() <= COOPERATIVE, "{} calls", calls.get());

        drop(spawn());
        by_policy(&calls).await.expect("the other task runs");
        assert!(calls.get() <= COOPERATIVE, "{} calls", calls.get());
    });
}
