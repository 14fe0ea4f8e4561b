//! The purpose of a bulkhead: a dependency that hangs does not delay the callers of others.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Duration;

use resilience::{Bulkhead, Error, bulkhead};
use tokio::runtime::Builder;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

const CALLS: u32 = 2_000;

static SLOW: Bulkhead =
    Bulkhead::new("slow").max_concurrent(4).max_wait(Duration::from_secs(3600)).max_queue(100);
static FAST: Bulkhead = Bulkhead::new("fast").max_concurrent(4).max_wait(Duration::from_secs(3600));
static GATE: Semaphore = Semaphore::const_new(0);
static SLOW_INSIDE: AtomicU32 = AtomicU32::new(0);
static SLOW_ENDED: AtomicU32 = AtomicU32::new(0);

/// Waits until the gate is opened.
#[bulkhead(SLOW)]
async fn slow() -> Result<(), Error> {
    SLOW_INSIDE.fetch_add(1, SeqCst);
    GATE.acquire().await.expect("never closed").forget();
    SLOW_ENDED.fetch_add(1, SeqCst);
    Ok(())
}

#[bulkhead(FAST)]
async fn fast() -> Result<(), Error> {
    tokio::task::yield_now().await;
    Ok(())
}

/// Returns how many calls entered and how many were rejected.
async fn ended(mut calls: JoinSet<Result<(), Error>>) -> (u32, u32) {
    let (mut entered, mut rejected) = (0, 0);
    while let Some(call) = calls.join_next().await {
        match call.expect("no call panics") {
            Ok(()) => entered += 1,
            Err(Error::BulkheadFull { .. }) => rejected += 1,
            Err(other) => panic!("{other}"),
        }
    }
    (entered, rejected)
}

/// All calls of the fast dependency end while every call of the slow one waits. The test does not
/// depend on the speed of the machine.
#[test]
fn a_slow_dependency_does_not_delay_the_calls_of_another() {
    let runtime =
        Builder::new_multi_thread().worker_threads(2).enable_time().build().expect("a runtime");
    runtime.block_on(async {
        let (mut slow_calls, mut fast_calls) = (JoinSet::new(), JoinSet::new());
        for _ in 0..CALLS {
            slow_calls.spawn(slow());
            fast_calls.spawn(fast());
        }
        assert_eq!(ended(fast_calls).await, (CALLS, 0));
        assert_eq!(SLOW_ENDED.load(SeqCst), 0, "every slow call still waits");

        // The number of calls that the slow dependency keeps is limited: those that run and those
        // in its queue.
        while slow_calls.len() > 104 {
            let rejected =
                slow_calls.join_next().await.expect("there are more").expect("no call panics");
            assert!(
                matches!(rejected, Err(Error::BulkheadFull { name: "slow", active: 4, .. })),
                "{rejected:?}"
            );
        }
        let snapshot = SLOW.snapshot();
        assert_eq!((snapshot.active, snapshot.waiting, SLOW_INSIDE.load(SeqCst)), (4, 100, 4));

        GATE.add_permits(104);
        assert_eq!(ended(slow_calls).await, (104, 0));
        assert_eq!(
            (SLOW.snapshot().active, SLOW.snapshot().waiting, FAST.snapshot().active),
            (0, 0, 0)
        );
    });
}

/// A bulkhead without a name belongs to its function.
#[test]
fn functions_with_their_own_bulkheads_do_not_wait_for_each_other() {
    #[bulkhead(max_concurrent = 1, max_wait = 0s)]
    async fn one(gate: &Semaphore) -> Result<(), Error> {
        gate.acquire().await.expect("never closed").forget();
        Ok(())
    }
    #[bulkhead(max_concurrent = 1, max_wait = 0s)]
    async fn other(gate: &Semaphore) -> Result<(), Error> {
        gate.acquire().await.expect("never closed").forget();
        Ok(())
    }
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let (closed, open) = (Semaphore::new(0), Semaphore::new(1));
        let (first, second, third, ()) =
            tokio::join!(one(&closed), one(&closed), other(&open), async {
                closed.add_permits(1);
            });
        assert_eq!((first, third), (Ok(()), Ok(())));
        let Err(Error::BulkheadFull { name, active: 1, waiting: 0, .. }) = second else {
            panic!("not rejected: {second:?}");
        };
        assert_eq!(name, "bulkhead::isolation::one", "it goes by the function's name");
    });
}
