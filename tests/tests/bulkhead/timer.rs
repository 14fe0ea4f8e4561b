//! A bulkhead uses a timer only if it has to.

use std::future::{Future, pending};
use std::pin::pin;
use std::time::Duration;

use resilience::{Bulkhead, Error, Failure, bulkhead};
use resilience_tests::{enter, ms, without_timer};
use tokio::time::Instant;

/// Runs `inside` while a call uses the only slot.
async fn while_full<F: Future>(pool: &Bulkhead, inside: F) -> F::Output {
    let mut held = pin!(pool.call(pending::<Result<(), ()>>));
    let mut inside = pin!(inside);
    std::future::poll_fn(|cx| {
        assert!(held.as_mut().poll(cx).is_pending());
        inside.as_mut().poll(cx)
    })
    .await
}

#[test]
fn a_free_slot_needs_no_timer() {
    static POOL: Bulkhead = Bulkhead::new("free");
    #[bulkhead(POOL)]
    async fn call() -> Result<u32, Error> {
        Ok(1)
    }
    assert_eq!(without_timer(call()), Ok(1));
}

#[test]
fn a_rejection_at_once_needs_no_timer() {
    static NO_WAIT: Bulkhead = Bulkhead::new("no wait").max_concurrent(1).max_wait(Duration::ZERO);
    static NO_QUEUE: Bulkhead = Bulkhead::new("no queue").max_concurrent(1).max_queue(0);
    for pool in [&NO_WAIT, &NO_QUEUE] {
        let full = without_timer(while_full(pool, enter(pool)));
        assert!(
            matches!(full, Err(Failure::Policy(Error::BulkheadFull { active: 1, waiting: 0, .. }))),
            "{full:?}"
        );
    }
}

#[test]
fn an_endless_wait_needs_no_timer() {
    static POOL: Bulkhead = Bulkhead::new("for ever").max_concurrent(1).max_wait(Duration::MAX);
    let entered = without_timer(async {
        let (first, second) = tokio::join!(
            POOL.call(async || {
                tokio::task::yield_now().await;
                Ok::<_, ()>(())
            }),
            enter(&POOL)
        );
        (first, second)
    });
    assert_eq!(entered, (Ok(()), Ok(())));
}

/// Another future of the same task uses up tokio's budget in every poll.
#[tokio::test(start_paused = true)]
async fn the_wait_ends_in_a_task_that_is_always_busy() {
    static POOL: Bulkhead = Bulkhead::new("busy").max_concurrent(1).max_wait(ms(100));
    let start = Instant::now();
    let busy = async {
        loop {
            tokio::time::advance(ms(1)).await;
            while tokio::task::coop::has_budget_remaining() {
                tokio::task::consume_budget().await;
            }
            assert!(start.elapsed() < Duration::from_secs(1), "still waiting");
        }
    };
    let full = while_full(&POOL, async {
        tokio::select! {
            biased;
            () = busy => unreachable!("never ends"),
            full = enter(&POOL) => full,
        }
    })
    .await;
    assert!(matches!(full, Err(Failure::Policy(Error::BulkheadFull { .. }))), "{full:?}");
}
