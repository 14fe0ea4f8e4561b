//! `RetryPolicy::call`.

use std::io;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use resilience::{Class, Event, RetryBudget, RetryPolicy, SuppressionReason, observe, timeout};
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

fn refused() -> io::Error {
    io::ErrorKind::ConnectionRefused.into()
}

/// The events about this policy, as text.
fn log(policy: &'static str) -> (resilience::ObserverGuard, Arc<Mutex<Vec<String>>>) {
    let log = Arc::new(Mutex::new(Vec::new()));
    let events = Arc::clone(&log);
    let guard = observe(move |event| {
        let line = match event {
            Event::RetryScheduled { function, attempt, delay, .. } if *function == policy => {
                format!("{attempt} failed, next in {delay:?}")
            }
            Event::RetriesExhausted { function, attempts, .. } if *function == policy => {
                format!("{attempts} failed, no more")
            }
            Event::RetrySuppressed { function, reason, .. } if *function == policy => {
                format!("suppressed: {reason}")
            }
            _ => return,
        };
        events.lock().expect("no test panics here").push(line);
    });
    (guard, log)
}

#[tokio::test(start_paused = true)]
async fn the_policy_makes_the_attempts_and_is_named_in_events_and_counts() {
    static STANDARD: RetryPolicy = RetryPolicy::new("standard")
        .max_attempts(3)
        .base_delay(SECOND)
        .jitter(resilience::Jitter::None);
    let (_guard, log) = log("standard");
    let attempts = AtomicU32::new(0);
    let began = Instant::now();
    let answer = STANDARD
        .call(async || if attempts.fetch_add(1, Relaxed) < 2 { Err(refused()) } else { Ok("done") })
        .await;
    assert_eq!(answer.ok(), Some("done"));
    assert_eq!((attempts.load(Relaxed), began.elapsed()), (3, 3 * SECOND));
    let answer = STANDARD.call(async || Err::<(), _>(refused())).await;
    assert!(answer.is_err());
    let stats = STANDARD.stats();
    assert_eq!((stats.calls, stats.successes, stats.failures, stats.retries), (2, 1, 1, 4));
    let expected = [
        "1 failed, next in 1s",
        "2 failed, next in 2s",
        "1 failed, next in 1s",
        "2 failed, next in 2s",
        "3 failed, no more",
    ];
    assert_eq!(*log.lock().expect("no observer panics"), expected);
}

#[tokio::test(start_paused = true)]
async fn the_class_of_an_error_decides() {
    static POLICY: RetryPolicy = RetryPolicy::new("classes").base_delay(Duration::ZERO);
    let attempts = AtomicU32::new(0);
    let call = async || {
        attempts.fetch_add(1, Relaxed);
        Err::<(), _>(io::Error::from(io::ErrorKind::NotFound))
    };
    assert!(POLICY.call(call).await.is_err());
    assert_eq!(attempts.swap(0, Relaxed), 1, "not found is not retried");
    assert!(POLICY.call_with(|_| Class::Transient, call).await.is_err());
    assert_eq!(attempts.swap(0, Relaxed), 3);
}

#[tokio::test(start_paused = true)]
async fn a_call_inside_an_attempt_of_another_retry_makes_one_attempt() {
    static OUTER: RetryPolicy = RetryPolicy::new("outer").base_delay(Duration::ZERO);
    static INNER: RetryPolicy = RetryPolicy::new("inner").base_delay(Duration::ZERO);
    let attempts = AtomicU32::new(0);
    let answer = OUTER.call(|| {
        INNER.call(async || {
            attempts.fetch_add(1, Relaxed);
            Err::<(), _>(refused())
        })
    });
    assert!(answer.await.is_err());
    assert_eq!(attempts.load(Relaxed), 3);
    assert_eq!((INNER.stats().calls, INNER.stats().nested_retries), (3, 3));
}

#[tokio::test(start_paused = true)]
async fn the_budget_pays_for_retries() {
    static BUDGET: RetryBudget = RetryBudget::new("spent").ratio(0.0).min_per_sec(1);
    static POLICY: RetryPolicy =
        RetryPolicy::new("paid").base_delay(Duration::ZERO).budget(&BUDGET);
    let (_guard, log) = log("paid");
    assert!(POLICY.call(async || Err::<(), _>(refused())).await.is_err());
    let expected = ["1 failed, next in 0ns", "suppressed: budget"];
    assert_eq!(*log.lock().expect("no observer panics"), expected);
    assert_eq!(SuppressionReason::Budget.to_string(), "budget");
}

#[timeout(1s)]
async fn limited(policy: &RetryPolicy) -> io::Result<()> {
    policy.call(async || Err(refused())).await
}

#[tokio::test(start_paused = true)]
async fn no_sleep_outlives_the_deadline_around() {
    static POLICY: RetryPolicy = RetryPolicy::new("late")
        .base_delay(Duration::from_secs(2))
        .jitter(resilience::Jitter::None);
    let (_guard, log) = log("late");
    let began = Instant::now();
    let error = limited(&POLICY).await.expect_err("the only attempt failed");
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert_eq!(*log.lock().expect("no observer panics"), ["suppressed: deadline"]);
}
