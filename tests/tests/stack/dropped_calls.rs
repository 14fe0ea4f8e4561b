//! Cancellation under each policy: a call is dropped after every number of polls, and leaves
//! nothing behind except for what the documentation says.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use resilience::{
    Abandon, AdaptiveTimeout, Bulkhead, CircuitBreaker, Failure, Keyed, Policy, RetryPolicy, State,
    Stats,
};
use resilience::{
    bulkhead, circuit_breaker, deadline, fallback, resilient, retry, timeout, with_deadline,
};
use resilience_tests::{Dropped, fail, ms, polled, stats_of, succeed};
use tokio::task::yield_now;
use tokio::time::{advance, sleep};

const MILLISECOND: Duration = Duration::from_millis(1);
const HOUR: Duration = Duration::from_secs(3600);

type Down = Failure<()>;

// A test and all its tasks run on one thread.
thread_local! {
    /// Bodies that have begun and neither ended nor been dropped.
    static ALIVE: Cell<u32> = const { Cell::new(0) };
    /// Bodies that have begun.
    static BEGUN: Cell<u32> = const { Cell::new(0) };
    /// Bodies that have ended.
    static ENDED: Cell<u32> = const { Cell::new(0) };
}

struct Alive;

impl Alive {
    fn new() -> Self {
        BEGUN.set(BEGUN.get() + 1);
        ALIVE.set(ALIVE.get() + 1);
        Self
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        ALIVE.set(ALIVE.get() - 1);
    }
}

/// Suspends three times.
async fn work(fails: bool) -> Result<u32, Down> {
    let _alive = Alive::new();
    yield_now().await;
    sleep(MILLISECOND).await;
    yield_now().await;
    ENDED.set(ENDED.get() + 1);
    if fails { Err(Failure::Function(())) } else { Ok(1) }
}

type Call = Pin<Box<dyn Future<Output = Result<u32, Down>>>>;

/// Drops the call after each number of polls until it ends with an `Ok`, and calls `at_rest` after
/// each drop. Returns the number of dropped calls that had begun.
async fn drop_everywhere(
    call: impl Fn() -> Call,
    full: Option<&'static Bulkhead>,
    mut at_rest: impl FnMut(&str),
) -> u64 {
    let mut begun = 0;
    for dropped in [Dropped::Suspended, Dropped::Woken] {
        for times in 0.. {
            let other = full.map(|pool| {
                tokio::spawn(pool.call(async || {
                    sleep(MILLISECOND).await;
                    Ok::<_, ()>(())
                }))
            });
            yield_now().await;
            let ended = polled(times, dropped, call()).await;
            let at = format!("{dropped:?} after poll {times}");
            assert_eq!(ALIVE.get(), 0, "{at}: the body is gone");
            assert_eq!(deadline(), None, "{at}: nothing is around");
            if let Some(other) = other {
                other.await.expect("no panic").expect("was inside");
            }
            if let Some(result) = ended {
                assert_eq!(result, Ok(1), "{at}");
                assert!(times > 3, "{at}: each suspension was met");
                break;
            }
            at_rest(&at);
            begun += u64::from(times > 0);
        }
    }
    begun
}

fn stats(function: &str) -> Stats {
    stats_of(&format!("{}::{function}", module_path!()))
}

/// Makes the breaker half-open: each call is a probe, and none closes it.
async fn half_open(breaker: &CircuitBreaker) {
    fail(breaker).await;
    advance(MILLISECOND).await;
    succeed(breaker).await;
    assert_eq!(breaker.state(), State::HalfOpen);
}

const fn probed(name: &'static str) -> CircuitBreaker {
    CircuitBreaker::new(name)
        .failure_threshold(1)
        .open_for(MILLISECOND)
        .probe_timeout(HOUR)
        .success_threshold(u32::MAX)
}

/// Returns a breaker that counts every call.
const fn counting(name: &'static str) -> CircuitBreaker {
    CircuitBreaker::new(name).failure_rate(1.0).minimum_calls(1000).window_calls(1000)
}

fn assert_unused(pool: &Bulkhead, at: &str) {
    let snapshot = pool.snapshot();
    assert_eq!((snapshot.active, snapshot.waiting), (0, 0), "{at}");
}

fn assert_probing(breaker: &CircuitBreaker, at: &str) {
    let snapshot = breaker.snapshot();
    assert_eq!((snapshot.state, snapshot.probes), (State::HalfOpen, 0), "{at}");
}

#[tokio::test(start_paused = true)]
async fn a_timeout_has_counted_an_abandoned_call() {
    #[timeout(1s)]
    async fn fixed() -> Result<u32, Down> {
        work(false).await
    }
    let dropped = drop_everywhere(|| Box::pin(fixed()), None, |_| {}).await;
    let stats = stats("fixed");
    assert_eq!((stats.abandoned, stats.successes, stats.timeouts), (dropped, 2, 0));
}

#[tokio::test(start_paused = true)]
async fn an_adaptive_timeout_has_learned_nothing() {
    static LIMIT: AdaptiveTimeout = AdaptiveTimeout::new("adapts").minimum_calls(3);
    #[timeout(LIMIT)]
    async fn adapts() -> Result<u32, Down> {
        work(false).await
    }
    let unchanged = |at: &str| {
        assert_eq!(LIMIT.limit(), Duration::from_secs(5), "{at}: it has learned something");
    };
    drop_everywhere(|| Box::pin(adapts()), None, unchanged).await;
    unchanged("two calls have ended");
    assert_eq!(adapts().await, Ok(1));
    assert_eq!(LIMIT.limit(), ms(10), "the third has");
}

/// A detached timeout is the exception: its work continues.
#[tokio::test(start_paused = true)]
async fn a_detached_timeout_finishes_its_work() {
    #[timeout(1s, cancel = false)]
    async fn runs_on() -> Result<u32, Down> {
        work(false).await
    }
    for dropped in [Dropped::Suspended, Dropped::Woken] {
        for times in 0.. {
            let ended = polled(times, dropped, runs_on()).await;
            sleep(ms(5)).await;
            let polled = u32::from(times > 0);
            assert_eq!(
                (BEGUN.take(), ENDED.take(), ALIVE.get()),
                (polled, polled, 0),
                "{dropped:?}: {times}"
            );
            if ended.is_some() {
                assert!(times > 1, "it was dropped while the work ran");
                break;
            }
        }
    }
    assert_eq!(stats("runs_on").timeouts, 0);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_set_by_the_caller_is_gone() {
    let call = || -> Call {
        Box::pin(async {
            let soon = tokio::time::Instant::now() + HOUR;
            with_deadline(soon, async move {
                assert_eq!(deadline(), Some(soon));
                work(false).await
            })
            .await
        })
    };
    drop_everywhere(call, None, |at| assert_eq!(deadline(), None, "{at}")).await;
}

#[tokio::test(start_paused = true)]
async fn a_retry_makes_no_further_attempt() {
    thread_local! {
        static ATTEMPT: Cell<u32> = const { Cell::new(0) };
    }
    #[retry(max_attempts = 3, base_delay = 1ms, jitter = none)]
    async fn retried() -> Result<u32, Down> {
        let attempt = ATTEMPT.replace(ATTEMPT.get() + 1);
        work(attempt < 2).await
    }
    let call = || -> Call {
        ATTEMPT.set(0);
        Box::pin(retried())
    };
    let mut attempts = Vec::new();
    let dropped = drop_everywhere(call, None, |_| attempts.push(ATTEMPT.get())).await;
    // Each attempt suspends three times, and each of the two delays once; no attempt begins after
    // the drop.
    assert_eq!(attempts[..12], [0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3]);
    assert_eq!(stats("retried").abandoned, dropped);
}

#[tokio::test(start_paused = true)]
async fn a_closed_circuit_breaker_has_counted_nothing() {
    static BREAKER: CircuitBreaker = counting("closed");
    #[circuit_breaker(BREAKER)]
    async fn closed() -> Result<u32, Down> {
        work(false).await
    }
    let before =
        |at: &str| assert!(BREAKER.snapshot().calls <= 1, "{at}: an abandoned call was counted");
    let dropped = drop_everywhere(|| Box::pin(closed()), None, before).await;
    assert_eq!(
        (BREAKER.snapshot().calls, BREAKER.snapshot().failures),
        (2, 0),
        "the two that ended"
    );
    assert_eq!(stats("closed").abandoned, dropped);
}

#[tokio::test(start_paused = true)]
async fn a_circuit_breaker_with_on_abandon_failure_counts_each_dropped_call() {
    static BREAKER: CircuitBreaker = counting("abandoned").on_abandon(Abandon::Failure);
    #[circuit_breaker(BREAKER)]
    async fn counted() -> Result<u32, Down> {
        work(false).await
    }
    let dropped = drop_everywhere(|| Box::pin(counted()), None, |_| {}).await;
    assert_eq!((BREAKER.snapshot().calls, BREAKER.snapshot().failures), (dropped + 2, dropped));
}

#[tokio::test(start_paused = true)]
async fn a_half_open_circuit_breaker_has_no_probe() {
    static BREAKER: CircuitBreaker = probed("probe");
    #[circuit_breaker(BREAKER)]
    async fn probe() -> Result<u32, Down> {
        work(false).await
    }
    half_open(&BREAKER).await;
    drop_everywhere(|| Box::pin(probe()), None, |at| assert_probing(&BREAKER, at)).await;
    assert_eq!(BREAKER.snapshot().successes, 1 + 2, "the two that ended");
}

#[tokio::test(start_paused = true)]
async fn a_circuit_breaker_called_by_hand_has_no_probe() {
    static BREAKER: CircuitBreaker = probed("by call");
    half_open(&BREAKER).await;
    let call = || -> Call {
        Box::pin(async { BREAKER.call(|| work(false)).await.map_err(Failure::into_error) })
    };
    drop_everywhere(call, None, |at| assert_probing(&BREAKER, at)).await;
}

#[tokio::test(start_paused = true)]
async fn a_circuit_breaker_of_a_key_can_be_evicted() {
    static KEYED: Keyed<CircuitBreaker> = Keyed::new(counting("keyed")).capacity(1);
    #[circuit_breaker(KEYED.get("a"))]
    async fn keyed() -> Result<u32, Down> {
        work(false).await
    }
    let let_go = |at: &str| {
        KEYED.get("a");
        KEYED.get("b");
        KEYED.get("b");
        assert!(KEYED.peek("a").is_none(), "{at}: `a` is still in use");
    };
    drop_everywhere(|| Box::pin(keyed()), None, let_go).await;
}

#[tokio::test(start_paused = true)]
async fn a_bulkhead_is_free_and_its_queue_empty() {
    static POOL: Bulkhead = Bulkhead::new("pool").max_concurrent(1);
    #[bulkhead(POOL)]
    async fn pooled() -> Result<u32, Down> {
        work(false).await
    }
    let free = drop_everywhere(|| Box::pin(pooled()), None, |at| assert_unused(&POOL, at)).await;
    let full =
        drop_everywhere(|| Box::pin(pooled()), Some(&POOL), |at| assert_unused(&POOL, at)).await;
    assert_eq!(full, free + 2, "one suspension more: the queue");
    assert_eq!(stats("pooled").abandoned, free + full);
}

#[tokio::test(start_paused = true)]
async fn a_bulkhead_called_by_hand_is_free() {
    static POOL: Bulkhead = Bulkhead::new("pool by call").max_concurrent(1);
    let call = || -> Call {
        Box::pin(async { POOL.call(|| work(false)).await.map_err(Failure::into_error) })
    };
    drop_everywhere(call, None, |at| assert_unused(&POOL, at)).await;
    drop_everywhere(call, Some(&POOL), |at| assert_unused(&POOL, at)).await;
}

#[tokio::test(start_paused = true)]
async fn a_bulkhead_of_a_key_is_free() {
    static KEYED: Keyed<Bulkhead> = Keyed::new(Bulkhead::new("keyed").max_concurrent(1));
    #[bulkhead(KEYED.get("a"))]
    async fn keyed() -> Result<u32, Down> {
        work(false).await
    }
    let unused = |at: &str| KEYED.peek("a").iter().for_each(|pool| assert_unused(pool, at));
    drop_everywhere(|| Box::pin(keyed()), None, unused).await;
    assert_eq!(keyed().await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn a_fallback_drops_the_body_or_the_answer() {
    async fn answer() -> Result<u32, Down> {
        work(false).await
    }
    #[fallback(answer)]
    async fn answered() -> Result<u32, Down> {
        work(true).await
    }
    let mut begun = Vec::new();
    let dropped =
        drop_everywhere(|| Box::pin(answered()), None, |_| begun.push(BEGUN.take())).await;
    assert_eq!(begun[..7], [0, 1, 1, 1, 2, 2, 2], "the body, then the answer as well");
    let stats = stats("answered");
    // Used by the calls that were dropped in the answer, and by the two that ended.
    assert_eq!((stats.abandoned, stats.fallbacks), (dropped, 3 + 3 + 2));
}

static POLICY: Policy = Policy::new("all")
    .bulkhead(Bulkhead::new("all").max_concurrent(1))
    .circuit_breaker(probed("all"))
    .retry(RetryPolicy::new("all").max_attempts(2).base_delay(MILLISECOND))
    .timeout(HOUR);
static BY_CALL: Policy = Policy::new("all by call")
    .bulkhead(Bulkhead::new("all by call").max_concurrent(1))
    .circuit_breaker(probed("all by call"))
    .retry(RetryPolicy::new("all by call").max_attempts(2).base_delay(MILLISECOND))
    .timeout(HOUR);

async fn drop_a_policy_everywhere(policy: &'static Policy, call: impl Fn() -> Call) {
    let (Some(pool), Some(breaker)) = (policy.pool(), policy.breaker()) else {
        panic!("it has both")
    };
    half_open(breaker).await;
    let at_rest = |at: &str| {
        assert_unused(pool, at);
        assert_probing(breaker, at);
    };
    let free = drop_everywhere(&call, None, at_rest).await;
    let full = drop_everywhere(&call, Some(pool), at_rest).await;
    let stats = policy.stats();
    assert_eq!((stats.abandoned, stats.successes, stats.timeouts), (free + full, 4, 0));
}

#[tokio::test(start_paused = true)]
async fn a_combined_policy_leaves_nothing() {
    #[resilient(POLICY)]
    async fn all() -> Result<u32, Down> {
        work(false).await
    }
    drop_a_policy_everywhere(&POLICY, || Box::pin(all())).await;
}

#[tokio::test(start_paused = true)]
async fn a_combined_policy_called_by_hand_leaves_nothing() {
    let call = || -> Call {
        Box::pin(async { BY_CALL.call(|| work(false)).await.map_err(Failure::into_error) })
    };
    drop_a_policy_everywhere(&BY_CALL, call).await;
}
