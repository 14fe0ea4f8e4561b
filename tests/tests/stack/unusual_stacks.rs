//! Stacks that look wrong and are right: no check refuses them, and they do what they say.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use resilience::{
    Bulkhead, CircuitBreaker, Error, Policy, RetryPolicy, State, bulkhead, circuit_breaker,
    fallback, resilient, retry, timeout,
};
use tokio::time::{Instant, sleep};

const LIMIT: Duration = Duration::from_secs(1);

fn late(function: &'static str) -> Error {
    Error::TimedOut { function, limit: LIMIT }
}

async fn hang() -> Result<u32, Error> {
    sleep(Duration::from_secs(3600)).await;
    Ok(0)
}

/// Returns how long `call` takes, in virtual time.
async fn elapsed(call: impl Future) -> Duration {
    let began = Instant::now();
    call.await;
    began.elapsed()
}

/// Each attempt has its own limit, and there is a timeout between the fallback and the retry.
#[retry(max_attempts = 2, base_delay = 0s)]
#[timeout(1s)]
#[fallback(value = 7)]
async fn timeout_outside_a_value() -> Result<u32, Error> {
    hang().await
}

#[tokio::test(start_paused = true)]
async fn a_retry_acts_on_the_timeout_around_a_value_fallback() {
    assert_eq!(elapsed(timeout_outside_a_value()).await, 2 * LIMIT);
}

#[fallback(value = 8)]
#[bulkhead(max_concurrent = 1, max_wait = 0s)]
#[fallback(value = 7)]
async fn fallback_of_a_fallback() -> Result<u32, Error> {
    hang().await
}

#[tokio::test(start_paused = true)]
async fn a_fallback_answers_for_the_bulkhead_around_another_fallback() {
    let first = tokio::spawn(fallback_of_a_fallback());
    tokio::task::yield_now().await;
    assert_eq!(fallback_of_a_fallback().await.ok(), Some(8));
    first.abort();
}

/// A fallback for some errors leaves the others to the outer layers.
#[retry(max_attempts = 3, base_delay = 0s)]
#[fallback(value = 7, when = |error| error == "gone")]
async fn some_values(calls: &AtomicU32, error: &str) -> Result<u32, String> {
    calls.fetch_add(1, Relaxed);
    Err(error.to_owned())
}

#[tokio::test]
async fn a_retry_acts_on_what_a_fallback_does_not_answer() {
    let calls = AtomicU32::new(0);
    assert_eq!(some_values(&calls, "gone").await, Ok(7));
    assert_eq!(some_values(&calls, "busy").await, Err(String::from("busy")));
    assert_eq!(calls.load(Relaxed), 4);
}

/// The retry repeats values, and not errors.
#[retry(max_attempts = 4, base_delay = 0s, when_ok = |value| *value < 3)]
#[fallback(value = 0)]
async fn polls(calls: &AtomicU32) -> Result<u32, String> {
    match calls.fetch_add(1, Relaxed) {
        0 => Err(String::from("not there yet")),
        calls => Ok(calls),
    }
}

#[tokio::test]
async fn a_retry_may_act_on_values_alone() {
    assert_eq!(polls(&AtomicU32::new(0)).await, Ok(3));
}

/// The inner limit starts again with each attempt; the outer one covers all of them.
#[timeout(1500ms)]
#[retry(max_attempts = 9, base_delay = 0s)]
#[timeout(1s)]
async fn limit_of_each_and_all() -> Result<u32, Error> {
    hang().await
}

#[tokio::test(start_paused = true)]
async fn a_timeout_for_each_attempt_may_be_inside_one_for_all() {
    assert_eq!(elapsed(limit_of_each_and_all()).await, Duration::from_millis(1500));
}

/// A limit that is computed for each call may be shorter than it looks.
#[timeout(limit)]
#[timeout(1h)]
#[bulkhead(max_concurrent = 1, max_wait = 30min)]
#[timeout(LIMIT / 2)]
async fn limits_known_at_the_call(limit: Duration) -> Result<u32, Error> {
    hang().await
}

#[timeout(LIMIT)]
#[retry(max_attempts = ATTEMPTS, base_delay = LIMIT, jitter = none)]
async fn constants() -> Result<u32, Error> {
    Err(late("constants"))
}

const ATTEMPTS: u32 = 9;

/// Detached work is not ended by the limits around it: its own limit may be longer.
#[timeout(1s, cancel = false)]
#[timeout(1min)]
#[retry(max_attempts = 2, base_delay = 30s, jitter = none, max_elapsed = 40s)]
#[bulkhead(max_concurrent = 1, max_wait = 5s)]
async fn goes_on(calls: Arc<AtomicU32>) -> Result<u32, Error> {
    match calls.fetch_add(1, Relaxed) {
        0 => Err(late("server")),
        calls => Ok(calls),
    }
}

#[tokio::test(start_paused = true)]
async fn detached_work_retries_longer_than_its_caller_waits() {
    let calls = Arc::new(AtomicU32::new(0));
    assert_eq!(elapsed(goes_on(Arc::clone(&calls))).await, LIMIT);
    sleep(30 * LIMIT).await;
    assert_eq!(calls.load(Relaxed), 2);
}

/// With full jitter a delay may be zero.
#[timeout(2s)]
#[retry(max_attempts = 9, base_delay = 5s)]
async fn jittered() -> Result<u32, Error> {
    hang().await
}

/// A delay that is just shorter than the limit leaves time for another attempt.
#[timeout(1001ms)]
#[retry(max_attempts = 2, base_delay = 1s, jitter = none)]
async fn just_in_time(calls: &AtomicU32) -> Result<u32, Error> {
    match calls.fetch_add(1, Relaxed) {
        0 => Err(late("server")),
        calls => Ok(calls),
    }
}

#[tokio::test(start_paused = true)]
async fn the_last_attempt_may_begin_just_before_the_limit() {
    assert_eq!(just_in_time(&AtomicU32::new(0)).await.ok(), Some(1));
}

/// Makes as many attempts as the time allows.
#[retry(max_attempts = 1000, base_delay = 1s, backoff = constant, jitter = none, max_elapsed = 10s)]
async fn as_many_as_fit(calls: &AtomicU32) -> Result<u32, String> {
    calls.fetch_add(1, Relaxed);
    Err(String::from("down"))
}

#[tokio::test(start_paused = true)]
async fn max_elapsed_may_end_what_max_attempts_would_not() {
    let calls = AtomicU32::new(0);
    assert_eq!(elapsed(as_many_as_fit(&calls)).await, 10 * LIMIT);
    assert_eq!(calls.load(Relaxed), 11);
}

/// A bulkhead without `max_wait` waits as long as the timeout around allows.
#[timeout(2s)]
#[bulkhead(max_concurrent = 1)]
async fn waits_by_default() -> Result<u32, Error> {
    hang().await
}

#[tokio::test(start_paused = true)]
async fn a_bulkhead_without_a_wait_of_its_own_is_bounded_by_the_timeout_around() {
    let first = tokio::spawn(waits_by_default());
    tokio::task::yield_now().await;
    assert_eq!(elapsed(waits_by_default()).await, 2 * LIMIT);
    assert!(matches!(first.await, Ok(Err(Error::TimedOut { .. }))));
}

static OUTER: CircuitBreaker = CircuitBreaker::new("outer").failure_threshold(1);
static INNER: CircuitBreaker = CircuitBreaker::new("inner").failure_threshold(1);
static POOL: Bulkhead = Bulkhead::new("pool").max_concurrent(1);
static STANDARD: RetryPolicy = RetryPolicy::new("standard").base_delay(Duration::ZERO);
static POLICY: Policy = Policy::new("policy");

/// Several breakers and bulkheads, with a fallback between them, in an unlikely order.
#[timeout(10s)]
#[circuit_breaker(OUTER)]
#[bulkhead(POOL)]
#[bulkhead(max_concurrent = 2)]
#[fallback(|failure| Err(failure.into_error()))]
#[circuit_breaker(INNER)]
#[retry(STANDARD)]
#[fallback(again)]
#[timeout(5s)]
#[circuit_breaker(failure_threshold = 9)]
async fn everything(calls: &AtomicU32) -> Result<u32, Error> {
    calls.fetch_add(1, Relaxed);
    Err(late("server"))
}

async fn again(calls: &AtomicU32) -> Result<u32, Error> {
    sleep(LIMIT).await;
    calls.fetch_add(100, Relaxed);
    Err(late("replica"))
}

#[tokio::test(start_paused = true)]
async fn a_stack_may_have_several_layers_of_one_kind() {
    let calls = AtomicU32::new(0);
    assert!(everything(&calls).await.is_err());
    assert_eq!(calls.load(Relaxed), 303);
    assert_eq!((OUTER.state(), INNER.state()), (State::Open, State::Open));
}

/// The macro can not see whether a policy has a retry and a timeout.
#[timeout(1ms)]
#[resilient(POLICY)]
#[fallback(value = 5)]
async fn around_a_policy() -> Result<u32, Error> {
    Err(late("server"))
}

/// The value belongs to the attribute itself, and there is no other layer inside.
#[resilient(POLICY, fallback = again, value = 6)]
async fn answers_of_a_policy(calls: &AtomicU32) -> Result<u32, Error> {
    calls.fetch_add(1, Relaxed);
    Err(late("server"))
}

#[tokio::test(start_paused = true)]
async fn a_policy_may_be_around_a_fallback_value_and_have_one() {
    assert_eq!(around_a_policy().await.ok(), Some(5));
    assert_eq!(answers_of_a_policy(&AtomicU32::new(0)).await.ok(), Some(6));
}

/// An expression may give another bulkhead each time.
struct Client {
    pools: [Bulkhead; 2],
}

impl Client {
    #[bulkhead(self.pools[0])]
    #[bulkhead(self.pools[1])]
    async fn both(&self) -> Result<u32, Error> {
        Ok(1)
    }
}

/// A function that returns a future may clone its local variables.
#[retry(max_attempts = 2, base_delay = 0s, clone(owned))]
fn with_a_local(word: &str) -> impl Future<Output = Result<String, String>> {
    let owned = word.to_owned();
    async move { Ok(owned) }
}

/// Numbers and durations in all notations of Rust.
#[timeout(1_000ms)]
#[retry(max_attempts = 0x2, base_delay = 0.000_1s, max_delay = 1e3ms, factor = 1.0)]
#[circuit_breaker(
    failure_rate = 1.0,
    minimum_calls = 0b11,
    window_calls = 0o17,
    on_abandon = failure,
)]
#[bulkhead(max_concurrent = u32::MAX, max_queue = 0, max_wait = Duration::from_millis(250))]
async fn notations() -> Result<u32, Error> {
    Ok(1)
}

#[tokio::test(start_paused = true)]
async fn unusual_arguments_compile_and_run() {
    assert_eq!(elapsed(limits_known_at_the_call(LIMIT / 4)).await, LIMIT / 4);
    assert_eq!(elapsed(constants()).await, Duration::ZERO);
    assert_eq!(elapsed(jittered()).await, 2 * LIMIT);
    let client = Client { pools: [Bulkhead::new("first"), Bulkhead::new("second")] };
    assert_eq!(client.both().await.ok(), Some(1));
    assert_eq!(with_a_local("word").await.as_deref(), Ok("word"));
    assert_eq!(notations().await.ok(), Some(1));
}
