//! The presets, and policies without layers.

use std::time::Duration;

use resilience::{Failure, Policy, State};
use tokio::time::{Instant, sleep};

/// Returns the limit, the attempts of a failing call, and the failures that open the breaker.
async fn limits(policy: &Policy) -> (u64, u32, u32) {
    let start = Instant::now();
    let late = policy
        .call(|| async {
            sleep(Duration::from_secs(3600)).await;
            Ok::<(), ()>(())
        })
        .await;
    assert!(matches!(late, Err(Failure::Policy(_))));
    let waited = start.elapsed();
    let limit = policy.limit().expect("a preset has one");
    assert!(waited >= limit);

    let attempts = attempts_of(policy).await;
    let mut failures = 2;
    while policy.breaker().expect("a preset has one").state() == State::Closed {
        policy.call(|| async { Err::<(), _>(()) }).await.expect_err("down");
        failures += 1;
    }
    (limit.as_secs(), attempts, failures)
}

#[tokio::test(start_paused = true)]
async fn the_presets_have_3_5_10_seconds_2_3_5_attempts_and_3_5_10_failures() {
    assert_eq!(limits(&Policy::critical("critical")).await, (3, 2, 3));
    assert_eq!(limits(&Policy::important("important")).await, (5, 3, 5));
    // There are long delays between the failures: ten of them do not fit into the window of 60 s.
    let non_critical = Policy::non_critical("non-critical");
    assert_eq!(non_critical.limit(), Some(Duration::from_secs(10)));
    assert_eq!(attempts_of(&non_critical).await, 5);
    assert!(non_critical.pool().is_none());
}

async fn attempts_of(policy: &Policy) -> u32 {
    let mut attempts = 0;
    let failed: Result<(), _> = policy
        .call(|| {
            attempts += 1;
            async { Err("down") }
        })
        .await;
    assert_eq!(failed, Err(Failure::Function("down")));
    attempts
}

#[tokio::test(start_paused = true)]
async fn a_policy_without_layers_only_counts() {
    let policy = Policy::new("bare");
    let start = Instant::now();
    assert_eq!(attempts_of(&policy).await, 1);
    let slow = policy.call(|| async {
        sleep(Duration::from_secs(3600)).await;
        Ok::<_, ()>(7)
    });
    assert_eq!(slow.await, Ok(7));
    assert_eq!(start.elapsed(), Duration::from_secs(3600));
    let stats = policy.stats();
    assert_eq!((stats.calls, stats.successes, stats.failures), (2, 1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_leaves_nothing_behind() {
    let policy = Policy::important("dropped").bulkhead(resilience::Bulkhead::new("dropped"));
    let hung = policy.call(std::future::pending::<Result<(), ()>>);
    assert!(tokio::time::timeout(Duration::from_secs(1), hung).await.is_err());
    assert_eq!(policy.pool().expect("declared").snapshot().active, 0);
    assert_eq!(policy.breaker().expect("declared").snapshot().failures, 0);
    assert_eq!(policy.stats().abandoned, 1);
}
