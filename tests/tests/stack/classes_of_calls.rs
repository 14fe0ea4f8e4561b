//! `call` and `call_with` of every policy ask for the class of an error.

use std::cell::Cell;
use std::io;
use std::time::Duration;

use resilience::{CircuitBreaker, Class, Classify, Failure, Jitter, Policy, RetryPolicy};
use resilience_tests::{ApiError, SECOND};
use tokio::time::Instant;

const HINT: Duration = Duration::from_secs(5);

fn breaker() -> CircuitBreaker {
    CircuitBreaker::new("asking").failure_rate(1.0).minimum_calls(100)
}

/// Two attempts, a second apart.
fn retry() -> RetryPolicy {
    RetryPolicy::new("asking").max_attempts(2).base_delay(SECOND).jitter(Jitter::None)
}

fn policy() -> Policy {
    Policy::new("asking").circuit_breaker(breaker()).retry(retry())
}

/// An error of each class, whether the breaker counts it, the attempts, and their time.
fn errors() -> [(ApiError, bool, u32, Duration); 4] {
    [
        (ApiError::Down, true, 2, SECOND),
        (ApiError::Busy(HINT), true, 2, HINT + SECOND),
        (ApiError::Invalid, true, 1, Duration::ZERO),
        (ApiError::NotFound, false, 1, Duration::ZERO),
    ]
}

/// An error type without a class.
#[derive(Debug, PartialEq)]
struct Foreign(ApiError);

impl Foreign {
    fn class(&self) -> Class {
        self.0.classify()
    }
}

/// Calls and failures in the window of a breaker.
fn counts(breaker: &CircuitBreaker) -> (u64, u64) {
    let snapshot = breaker.snapshot();
    (snapshot.calls, snapshot.failures)
}

#[tokio::test(start_paused = true)]
async fn a_breaker_counts_no_ignored_error() {
    for (error, is_counted, ..) in errors() {
        let expected = (u64::from(is_counted), u64::from(is_counted));
        let breaker = breaker();
        let answer = breaker.call(async || Err::<(), _>(error.clone())).await;
        assert_eq!(answer, Err(Failure::Function(error.clone())));
        assert_eq!(counts(&breaker), expected, "{error:?}");
        breaker.reset();
        let call = async || Err::<(), _>(Foreign(error.clone()));
        let answer = breaker.call_with(Foreign::class, call).await;
        assert_eq!(answer, Err(Failure::Function(Foreign(error.clone()))));
        assert_eq!(counts(&breaker), expected, "{error:?}, by call_with");
    }
}

#[tokio::test(start_paused = true)]
async fn an_ignored_error_of_a_probe_gives_its_place_back() {
    let breaker = CircuitBreaker::new("asking").failure_threshold(1).open_for(SECOND);
    let _ = breaker.call(async || Err::<(), _>(ApiError::Down)).await;
    tokio::time::advance(SECOND).await;
    for _ in 0..3 {
        let answer = breaker.call(async || Err::<(), _>(ApiError::NotFound)).await;
        assert_eq!(answer, Err(Failure::Function(ApiError::NotFound)));
        assert_eq!((breaker.snapshot().probes, breaker.snapshot().successes), (0, 0));
    }
    assert_eq!(breaker.state(), resilience::State::HalfOpen);
}

#[tokio::test(start_paused = true)]
async fn a_retry_tries_again_only_for_what_may_pass() {
    for (error, _, expected, elapsed) in errors() {
        let (retry, attempts) = (retry(), Cell::new(0));
        let began = Instant::now();
        let answer = retry.call(async || {
            attempts.set(attempts.get() + 1);
            Err::<(), _>(error.clone())
        });
        assert_eq!(answer.await, Err(error.clone()));
        assert_eq!((attempts.take(), began.elapsed()), (expected, elapsed), "{error:?}");
        let began = Instant::now();
        let answer = retry.call_with(Foreign::class, async || {
            attempts.set(attempts.get() + 1);
            Err::<(), _>(Foreign(error.clone()))
        });
        assert_eq!(answer.await, Err(Foreign(error.clone())));
        let found = (attempts.take(), began.elapsed());
        assert_eq!(found, (expected, elapsed), "{error:?}, by call_with");
    }
}

#[tokio::test(start_paused = true)]
async fn the_breaker_and_the_retry_of_a_policy_ask_too() {
    for (error, is_counted, expected, elapsed) in errors() {
        let counted = (u64::from(is_counted), u64::from(is_counted));
        let (policy, attempts) = (policy(), Cell::new(0));
        let began = Instant::now();
        let answer = policy.call(async || {
            attempts.set(attempts.get() + 1);
            Err::<(), _>(error.clone())
        });
        assert_eq!(answer.await, Err(Failure::Function(error.clone())));
        assert_eq!((attempts.take(), began.elapsed()), (expected, elapsed), "{error:?}");
        let breaker = policy.layers().circuit_breaker.expect("declared");
        assert_eq!(counts(breaker), counted, "{error:?}: one result for all attempts");
        breaker.reset();
        let began = Instant::now();
        let answer = policy.call_with(Foreign::class, async || {
            attempts.set(attempts.get() + 1);
            Err::<(), _>(Foreign(error.clone()))
        });
        assert_eq!(answer.await, Err(Failure::Function(Foreign(error.clone()))));
        let found = (attempts.take(), began.elapsed());
        assert_eq!(found, (expected, elapsed), "{error:?}, by call_with");
        assert_eq!(counts(breaker), counted, "{error:?}, by call_with");
    }
}

#[tokio::test(start_paused = true)]
async fn call_with_overrides_the_class_of_the_error() {
    let invalid = async || Err::<(), _>(io::Error::from(io::ErrorKind::InvalidInput));
    let breaker = breaker();
    assert!(breaker.call(invalid).await.is_err());
    assert_eq!(counts(&breaker), (0, 0));
    assert!(breaker.call_with(|_| Class::Permanent, invalid).await.is_err());
    assert_eq!(counts(&breaker), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_timeout_of_a_policy_is_transient_without_being_asked_about() {
    let policy = policy().timeout(SECOND);
    let call = std::future::pending::<Result<(), Foreign>>;
    let began = Instant::now();
    let answer = policy.call_with(|_| unreachable!("the call has no error"), call).await;
    assert!(
        answer.is_err_and(|failure| failure.policy().is_some_and(resilience::Error::is_timeout))
    );
    assert_eq!(began.elapsed(), 3 * SECOND, "two attempts and a delay");
    assert_eq!(counts(policy.layers().circuit_breaker.expect("declared")), (1, 1));
}
