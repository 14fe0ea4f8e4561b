//! Limits change while several threads make calls.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::time::Duration;

use resilience::{State, registry};
use resilience_tests::fail;

use crate::file::{alone, configure};
use crate::program::{POOL, STOCK, mail, own};

const ROUNDS: usize = 100;

/// Makes calls from two threads while the configuration changes, and returns their number.
async fn under_load<F: Future<Output = ()> + Send + 'static>(
    call: fn() -> F,
    change: impl Fn(usize),
) -> u64 {
    static STOP: AtomicBool = AtomicBool::new(false);
    static CALLS: AtomicU64 = AtomicU64::new(0);
    STOP.store(false, SeqCst);
    CALLS.store(0, SeqCst);
    let callers: Vec<_> = (0..4)
        .map(|_| {
            tokio::spawn(async move {
                while !STOP.load(SeqCst) {
                    call().await;
                    CALLS.fetch_add(1, SeqCst);
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for round in 0..ROUNDS {
        let before = CALLS.load(SeqCst);
        change(round);
        // Calls continue after every change.
        while CALLS.load(SeqCst) < before + 4 {
            tokio::task::yield_now().await;
        }
    }
    STOP.store(true, SeqCst);
    for caller in callers {
        caller.await.expect("no call panics");
    }
    CALLS.load(SeqCst)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_slot_is_lost_or_given_twice_while_limits_change() {
    static INSIDE: AtomicU64 = AtomicU64::new(0);
    async fn call() {
        let inside = POOL.call(async || {
            let inside = INSIDE.fetch_add(1, SeqCst) + 1;
            tokio::task::yield_now().await;
            INSIDE.fetch_sub(1, SeqCst);
            Ok::<_, ()>(inside)
        });
        if let Ok(inside) = inside.await {
            assert!(inside <= 3, "never more inside than the most that was ever allowed");
        }
    }
    let _alone = alone().await;
    let text = |round: usize| {
        format!(
            "[bulkhead.payment]\nmax_concurrent = {}\nmax_wait = '{}s'\n",
            1 + round % 3,
            round % 2 * 60
        )
    };
    under_load(call, |round| configure(&text(round))).await;
    let left = POOL.snapshot();
    assert_eq!((left.active, left.waiting), (0, 0));
    configure("");
    assert_eq!(POOL.snapshot().available, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_breaker_keeps_its_state_and_counts_while_its_limits_change() {
    async fn call() {
        STOCK
            .call(async || Ok::<_, ()>(()))
            .await
            .expect("nothing fails, so the breaker is closed");
    }
    let _alone = alone().await;
    for _ in 0..2 {
        fail(&STOCK).await;
    }
    let text = |round: usize| {
        format!(
            "[circuit_breaker.stock]\nwindow_calls = {}\nfailure_rate = 0.9\n",
            1_000_000 + round
        )
    };
    configure(&text(0));
    let counted = STOCK.snapshot();
    let calls = under_load(call, |round| configure(&text(round))).await;
    let snapshot = STOCK.snapshot();
    assert_eq!(snapshot.state, State::Closed);
    assert_eq!(snapshot.failures, counted.failures);
    assert_eq!(
        snapshot.calls,
        counted.calls + calls,
        "every call counts once, whichever limits were in force when it ended"
    );
    assert_eq!(snapshot.stale, counted.stale);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_through_all_layers_continue_while_limits_change() {
    async fn call() {
        own(Duration::ZERO).await.expect("within every limit");
        mail(Duration::ZERO).await.expect("within every limit");
    }
    let _alone = alone().await;
    let text = |round: usize| {
        format!(
            "[function.'shop::own']
             timeout = ['{0}s', '1s']
             retry.max_attempts = {0}
             bulkhead.max_concurrent = {0}
             circuit_breaker.failure_threshold = {0}
             [policy.mail]
             timeout = '{0}s'
             retry.max_attempts = {0}
             bulkhead.max_concurrent = {0}
             circuit_breaker.failure_rate = 0.{0}",
            4 + round % 5
        )
    };
    let calls = under_load(call, |round| {
        configure(if round % 7 == 0 { String::new() } else { text(round) }.as_str());
    });
    assert!(calls.await >= 4 * ROUNDS as u64);
    for breaker in registry().circuit_breakers() {
        assert_eq!(breaker.snapshot().failures, 0, "{}", breaker.name());
    }
}
