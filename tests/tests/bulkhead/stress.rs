//! Calls of several threads that wait, run and are dropped in no particular order.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Duration;

use proptest::prelude::*;
use resilience::{Bulkhead, Failure};
use tokio::runtime::Builder;
use tokio::task::{JoinSet, yield_now};

const LIMIT: u32 = 3;

static POOL: Bulkhead =
    Bulkhead::new("stress").max_concurrent(LIMIT).max_wait(Duration::from_millis(1));
static INSIDE: AtomicU32 = AtomicU32::new(0);

/// A call: how often it yields while it runs, and after how many of its polls it is dropped.
type Plan = (u8, Option<u8>);

struct Inside;

impl Inside {
    fn enter() -> Self {
        assert!(INSIDE.fetch_add(1, SeqCst) < LIMIT, "more inside than the limit");
        Self
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.fetch_sub(1, SeqCst);
    }
}

async fn call((yields, patience): Plan) {
    let call = POOL.call(async || {
        let _inside = Inside::enter();
        for _ in 0..yields {
            yield_now().await;
        }
        Ok::<_, ()>(())
    });
    let gone = async {
        match patience {
            Some(polls) => {
                for _ in 0..polls {
                    yield_now().await;
                }
            }
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        biased;
        result = call => assert!(matches!(result, Ok(()) | Err(Failure::Policy(_)))),
        () = gone => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Runs on real threads, and so in real time: some ten milliseconds for each case.
    #[test]
    fn every_slot_is_free_after_calls_of_many_threads(plans: [Plan; 32], rounds in 20_usize..40) {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_time().build()?;
        runtime.block_on(async {
            let mut calls = JoinSet::new();
            for plan in plans.iter().cycle().take(plans.len() * rounds) {
                calls.spawn(call(*plan));
            }
            while let Some(ended) = calls.join_next().await {
                ended.expect("no call panics");
            }
        });
        let snapshot = POOL.snapshot();
        prop_assert_eq!((snapshot.active, snapshot.waiting, snapshot.available), (0, 0, LIMIT));
    }
}
