//! `RetryPolicy::call` and `call_with`: limits, hints and other retries.

use std::cell::Cell;
use std::time::Duration;

use resilience::{
    Class, Event, Jitter, NestedRetry, RetryBudget, RetryPolicy, SuppressionReason, retry, timeout,
    with_deadline,
};
use resilience_tests::{ApiError, EventLog, SECOND, ms};
use tokio::time::Instant;

use crate::server::Server;

/// Three attempts, a second apart.
const fn steady(name: &'static str) -> RetryPolicy {
    RetryPolicy::new(name).max_attempts(3).base_delay(SECOND).factor(1.0).jitter(Jitter::None)
}

const fn at_once(name: &'static str) -> RetryPolicy {
    RetryPolicy::new(name).max_attempts(3).base_delay(Duration::ZERO)
}

fn request(server: &Server) -> Result<u32, ApiError> {
    server.request().map_err(|_| ApiError::Down)
}

/// A log of the reasons against a retry of the policy of this name.
fn suppressed(policy: &'static str) -> EventLog<SuppressionReason> {
    EventLog::of(move |event| match *event {
        Event::RetrySuppressed { function, reason, .. } if function == policy => Some(reason),
        _ => None,
    })
}

#[tokio::test(start_paused = true)]
async fn a_hint_is_waited_for_before_the_delay_of_the_policy() {
    for (hint, expected) in [(3 * SECOND, 8 * SECOND), (ms(10), ms(2020))] {
        let policy = steady("hinted");
        let began = Instant::now();
        let busy = || Err::<(), _>(ApiError::Busy(hint));
        assert_eq!(policy.call(async || busy()).await, Err(ApiError::Busy(hint)));
        assert_eq!(began.elapsed(), expected, "the error has a hint of {hint:?}");
        let began = Instant::now();
        let answer =
            policy.call_with(|_| Class::RetryAfter(hint), async || Err::<(), _>("busy")).await;
        assert_eq!((answer, began.elapsed()), (Err("busy"), expected), "{hint:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_delay_outlives_a_deadline_that_the_caller_has_set() {
    static POLICY: RetryPolicy = steady("before a deadline");
    let reasons = suppressed("before a deadline");
    let server = Server::down();
    let began = Instant::now();
    let call = POLICY.call(async || request(&server));
    assert_eq!(with_deadline(began + ms(1_500), call).await, Err(ApiError::Down));
    assert_eq!(
        (server.requests(), began.elapsed()),
        (2, SECOND),
        "the second delay would end too late"
    );
    assert_eq!(reasons.take(), [SuppressionReason::Deadline]);
}

#[tokio::test(start_paused = true)]
async fn a_hint_beyond_the_deadline_ends_the_call() {
    static POLICY: RetryPolicy = at_once("hinted beyond");
    #[timeout(1s)]
    async fn limited(attempts: &Cell<u32>) -> Result<(), ApiError> {
        POLICY
            .call(async || {
                attempts.set(attempts.get() + 1);
                Err(ApiError::Busy(2 * SECOND))
            })
            .await
    }
    let reasons = suppressed("hinted beyond");
    let (attempts, began) = (Cell::new(0), Instant::now());
    assert_eq!(limited(&attempts).await, Err(ApiError::Busy(2 * SECOND)));
    assert_eq!((attempts.get(), began.elapsed()), (1, Duration::ZERO));
    assert_eq!(reasons.take(), [SuppressionReason::Deadline]);
}

#[tokio::test(start_paused = true)]
async fn max_elapsed_ends_the_call() {
    static POLICY: RetryPolicy = steady("elapsed").max_elapsed(ms(1_500));
    let reasons = suppressed("elapsed");
    let (server, began) = (Server::down(), Instant::now());
    assert_eq!(POLICY.call(async || request(&server)).await, Err(ApiError::Down));
    assert_eq!(server.requests(), 2);
    assert_eq!((began.elapsed(), reasons.take()), (SECOND, vec![SuppressionReason::MaxElapsed]));
}

#[tokio::test(start_paused = true)]
async fn a_call_pays_into_its_budget_and_out_of_it() {
    static BUDGET: RetryBudget = RetryBudget::new("of calls").ratio(1.0).min_per_sec(0);
    static POLICY: RetryPolicy = at_once("paying").budget(&BUDGET);
    let reasons = suppressed("paying");
    let (up, down) = (Server::up(), Server::down());
    assert!(POLICY.call(async || request(&down)).await.is_err());
    assert_eq!(down.requests(), 2, "its own deposit pays for one");
    assert_eq!(reasons.take(), [SuppressionReason::Budget]);
    for paid in 1..=3 {
        assert_eq!(POLICY.call_with(|_| Class::Transient, async || request(&up)).await, Ok(paid));
    }
    let down = Server::down();
    assert!(POLICY.call(async || request(&down)).await.is_err());
    assert_eq!(down.requests(), 3, "others have paid too");
    assert_eq!(reasons.take(), []);
}

#[tokio::test(start_paused = true)]
async fn only_the_outermost_of_calls_and_attributes_retries() {
    static INNER: RetryPolicy = at_once("called inside");
    static OUTER: RetryPolicy = at_once("called outside");
    #[retry(max_attempts = 3, base_delay = 0ms)]
    async fn around(server: &Server) -> Result<u32, ApiError> {
        INNER.call(async || request(server)).await
    }
    #[retry(max_attempts = 3, base_delay = 0ms)]
    async fn within(server: &Server) -> Result<u32, ApiError> {
        request(server)
    }
    let reasons = suppressed("called inside");
    let server = Server::down();
    assert_eq!((around(&server).await, server.requests()), (Err(ApiError::Down), 3));
    assert_eq!(reasons.take(), [SuppressionReason::Nested; 3]);
    assert_eq!((INNER.stats().calls, INNER.stats().nested_retries), (3, 3));
    let server = Server::down();
    let outer = OUTER.call(async || within(&server).await);
    assert_eq!((outer.await, server.requests()), (Err(ApiError::Down), 3));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_allows_nesting_multiplies_the_attempts() {
    static INNER: RetryPolicy = at_once("allowed inside").nested(NestedRetry::Allow);
    static OUTER: RetryPolicy = at_once("allowed outside");
    let server = Server::down();
    let outer = OUTER.call(|| INNER.call(async || request(&server)));
    assert_eq!((outer.await, server.requests()), (Err(ApiError::Down), 9));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_makes_no_further_attempt() {
    static POLICY: RetryPolicy = steady("dropped call");
    let server = Server::down();
    let call = POLICY.call(async || request(&server));
    assert!(tokio::time::timeout(ms(1_500), call).await.is_err());
    tokio::time::sleep(10 * SECOND).await;
    assert_eq!(server.requests(), 2);
    assert_eq!((POLICY.stats().calls, POLICY.stats().abandoned), (1, 1));
}
