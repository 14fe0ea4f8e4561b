//! Errors that are no failure of the dependency: proper answers, and the caller's own mistakes.

use std::io;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use resilience::{CircuitBreaker, Class, Classify, Error, Event, Failure, Policy, State};
use resilience::{circuit_breaker, fallback, resilient, retry, timeout};
use resilience_tests::{ApiError, EventLog, SECOND};
use tokio::time::advance;

/// Errors that no fallback replaces.
const PASSED_ON: [ApiError; 2] = [ApiError::Declined, ApiError::NotFound];

/// Errors that every fallback replaces.
fn replaced() -> [ApiError; 3] {
    [ApiError::Down, ApiError::Busy(SECOND), ApiError::Invalid]
}

static POLICY: Policy = Policy::new("proper answers").timeout(SECOND);

async fn cached(_: ApiError) -> Result<u32, ApiError> {
    std::future::ready(Ok(1)).await
}

#[fallback(cached)]
async fn by_function(error: ApiError) -> Result<u32, ApiError> {
    Err(error.clone())
}

#[fallback(value = 1)]
async fn by_value(error: ApiError) -> Result<u32, ApiError> {
    Err(error)
}

#[fallback(|_| Ok(1))]
#[timeout(1s)]
async fn by_closure(error: ApiError) -> Result<u32, ApiError> {
    Err(error)
}

#[fallback(|_| cached(ApiError::Down).await)]
async fn by_waiting_closure(error: ApiError) -> Result<u32, ApiError> {
    Err(error)
}

#[resilient(POLICY, fallback = cached)]
async fn by_policy(error: ApiError) -> Result<u32, ApiError> {
    Err(error.clone())
}

#[resilient(POLICY, value = 1)]
async fn by_value_of_policy(error: ApiError) -> Result<u32, ApiError> {
    Err(error.clone())
}

macro_rules! every_form {
    ($check:ident) => {
        $check!(
            by_function,
            by_value,
            by_closure,
            by_waiting_closure,
            by_policy,
            by_value_of_policy
        )
    };
}

#[tokio::test(start_paused = true)]
async fn every_form_of_fallback_passes_proper_answers_on() {
    macro_rules! check {
        ($($call:ident),*) => {$(
            for error in PASSED_ON {
                assert_eq!($call(error.clone()).await, Err(error), stringify!($call));
            }
            for error in replaced() {
                assert_eq!($call(error.clone()).await, Ok(1), "{error:?} {}", stringify!($call));
            }
        )*};
    }
    every_form!(check);
}

#[tokio::test(start_paused = true)]
async fn an_error_that_is_passed_on_is_no_use_of_the_fallback() {
    let uses = EventLog::of(|event| match *event {
        Event::FallbackUsed { function: "stack::proper_answers::by_value", .. } => Some(()),
        _ => None,
    });
    assert_eq!(by_value(ApiError::Declined).await, Err(ApiError::Declined));
    assert_eq!(uses.take().len(), 0);
    assert_eq!((by_value(ApiError::Down).await, uses.take().len()), (Ok(1), 1));
}

#[tokio::test(start_paused = true)]
async fn a_chain_ends_with_the_first_proper_answer() {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    async fn replica(_: ApiError, second: ApiError) -> Result<u32, ApiError> {
        ASKED.fetch_add(1, Relaxed);
        std::future::ready(Err(second)).await
    }
    #[fallback(replica, value = 9)]
    async fn call(first: ApiError, second: ApiError) -> Result<u32, ApiError> {
        let _ = &second;
        Err(first.clone())
    }
    assert_eq!(call(ApiError::Declined, ApiError::Down).await, Err(ApiError::Declined));
    assert_eq!(ASKED.load(Relaxed), 0);
    assert_eq!(call(ApiError::Down, ApiError::Declined).await, Err(ApiError::Declined));
    assert_eq!(call(ApiError::Down, ApiError::Down).await, Ok(9));
    assert_eq!(ASKED.load(Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn when_alone_decides_where_it_is_written() {
    #[fallback(value = 1, when = |error| *error == ApiError::Declined)]
    async fn call(error: ApiError) -> Result<u32, ApiError> {
        Err(error)
    }
    assert_eq!(call(ApiError::Declined).await, Ok(1));
    assert_eq!(call(ApiError::NotFound).await, Err(ApiError::NotFound));
    assert_eq!(call(ApiError::Down).await, Err(ApiError::Down));
}

#[tokio::test(start_paused = true)]
async fn an_outer_layer_with_when_may_act_on_what_is_passed_on() {
    #[fallback(value = 2, when = |error| *error == ApiError::Declined)]
    #[fallback(value = 1)]
    async fn call(error: ApiError) -> Result<u32, ApiError> {
        Err(error)
    }
    assert_eq!(call(ApiError::Declined).await, Ok(2));
    assert_eq!(call(ApiError::NotFound).await, Err(ApiError::NotFound));
    assert_eq!(call(ApiError::Down).await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn a_policys_error_is_answered_although_its_class_is_ignored() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("answered");
    #[fallback(|failure| Ok(failure.is_policy()))]
    #[circuit_breaker(BREAKER)]
    async fn call() -> Result<bool, ApiError> {
        Ok(false)
    }
    BREAKER.force_open();
    assert_eq!(call().await, Ok(true));
}

#[tokio::test(start_paused = true)]
async fn a_rejection_of_an_inner_function_is_answered_by_the_outer() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("inside");
    #[derive(Debug, thiserror::Error, Classify)]
    enum Transparent {
        #[error(transparent)]
        Resilience(#[from] Error),
    }
    #[derive(Debug, thiserror::Error, Classify)]
    enum Said {
        #[error("{0}")]
        Resilience(#[from] Error),
    }
    #[derive(Debug, thiserror::Error, Classify)]
    enum Twice {
        #[error(transparent)]
        Inner(#[from] Transparent),
        #[error("{0}")]
        #[classify(ignored)]
        Resilience(#[from] Error),
    }
    struct Unknown;
    macro_rules! answered_with {
        ($($error:ty),* $(,)?) => {$({
            #[circuit_breaker(BREAKER)]
            async fn inner() -> Result<u32, $error> {
                Ok(0)
            }
            #[fallback(value = 1)]
            async fn outer() -> Result<u32, $error> {
                inner().await
            }
            assert!(matches!(outer().await, Ok(1)), stringify!($error));
        })*};
    }
    BREAKER.force_open();
    answered_with!(
        ApiError,
        Transparent,
        Said,
        Twice,
        hiding::Named,
        hiding::Marked,
        hiding::ByFunction,
        hiding::Whole,
        hiding::Wrapped,
        Failure<ApiError>,
        Failure<Unknown>,
        Failure<anyhow::Error>,
        io::Error,
        Box<dyn std::error::Error>,
        Box<dyn std::error::Error + Send + Sync>,
        anyhow::Error,
        eyre::Report,
    );

    #[circuit_breaker(BREAKER)]
    async fn transparent() -> Result<u32, Transparent> {
        Ok(0)
    }
    #[fallback(value = 1)]
    async fn converted() -> Result<u32, Twice> {
        Ok(transparent().await?)
    }
    #[fallback(value = 1)]
    async fn shared() -> Result<u32, Rc<Twice>> {
        converted_without_fallback().await.map_err(Rc::new)
    }
    async fn converted_without_fallback() -> Result<u32, Twice> {
        Ok(transparent().await?)
    }
    assert!(matches!((converted().await, shared().await), (Ok(1), Ok(1))));
}

/// Each gives its own class, and converts a policy's error by hand into a field that is not marked.
mod hiding {
    use resilience::{Class, Classify, Error};

    fn by_function(_: &Error) -> Class {
        Class::Expected
    }

    #[derive(Debug, thiserror::Error, Classify)]
    pub(super) enum Named {
        #[error("no stock")]
        #[classify(ignored)]
        Inventory { item: u32, source: Error },
    }

    #[derive(Debug, thiserror::Error, Classify)]
    pub(super) enum Marked {
        #[error("no stock of {0}")]
        #[classify(expected)]
        Inventory(u32, #[source] Named),
    }

    #[derive(Debug, Classify)]
    pub(super) enum ByFunction {
        #[classify(with = by_function)]
        Resilience(Error),
    }

    #[derive(Debug, Classify)]
    #[classify(ignored)]
    pub(super) enum Whole {
        Resilience(Error),
    }

    #[derive(Debug, Classify)]
    #[classify(ignored)]
    pub(super) struct Wrapped {
        pub(super) inner: Whole,
    }

    #[derive(Debug, Classify)]
    #[classify(ignored)]
    pub(super) struct Borrowed<'a>(pub(super) &'a dyn std::error::Error);

    impl From<Error> for Named {
        fn from(source: Error) -> Self {
            Self::Inventory { item: 1, source }
        }
    }

    impl From<Error> for Marked {
        fn from(error: Error) -> Self {
            Self::Inventory(1, error.into())
        }
    }

    impl From<Error> for ByFunction {
        fn from(error: Error) -> Self {
            Self::Resilience(error)
        }
    }

    impl From<Error> for Whole {
        fn from(error: Error) -> Self {
            Self::Resilience(error)
        }
    }

    impl From<Error> for Wrapped {
        fn from(error: Error) -> Self {
            Self { inner: error.into() }
        }
    }
}

#[test]
fn a_borrowed_trait_object_is_not_asked() {
    let error = io::Error::other("unknown");
    let borrowed = hiding::Borrowed(&error);
    assert_eq!((borrowed.classify(), borrowed.policy_error()), (Class::Ignored, None));
    assert_eq!(borrowed.0.to_string(), "unknown");
}

#[tokio::test(start_paused = true)]
async fn an_error_without_a_class_is_answered() {
    struct Bare;
    #[fallback(value = 1)]
    async fn call() -> Result<u32, Bare> {
        Err(Bare)
    }
    #[fallback(value = 1)]
    async fn generic<E>(error: E) -> Result<u32, E> {
        Err(error)
    }
    assert!(matches!(call().await, Ok(1)));
    assert!(matches!(generic(ApiError::Declined).await, Ok(1)), "the bound is not written");
}

/// Calls, failures and successes that a breaker has counted.
fn counts(breaker: &CircuitBreaker) -> (u64, u64) {
    let snapshot = breaker.snapshot();
    (snapshot.calls, snapshot.failures)
}

#[tokio::test(start_paused = true)]
async fn an_error_that_a_breakers_when_refuses_is_a_success_unless_it_is_ignored() {
    static BREAKER: CircuitBreaker =
        CircuitBreaker::new("refused").failure_rate(1.0).minimum_calls(100);
    #[circuit_breaker(BREAKER, when = |error| *error == ApiError::Invalid)]
    async fn call(error: ApiError) -> Result<(), ApiError> {
        Err(error)
    }
    for (error, counted) in [
        (ApiError::Down, (1, 0)),
        (ApiError::Declined, (2, 0)),
        (ApiError::NotFound, (2, 0)),
        (ApiError::Invalid, (3, 1)),
    ] {
        assert_eq!(call(error.clone()).await, Err(error.clone()));
        assert_eq!(counts(&BREAKER), counted, "{error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn proper_answers_close_a_half_open_breaker() {
    static BY_CLASS: CircuitBreaker =
        CircuitBreaker::new("by class").failure_threshold(1).open_for(SECOND).success_threshold(2);
    static BY_WHEN: CircuitBreaker =
        CircuitBreaker::new("by when").failure_threshold(1).open_for(SECOND).success_threshold(2);
    #[circuit_breaker(BY_CLASS)]
    #[circuit_breaker(BY_WHEN, when = |error| *error == ApiError::Down)]
    #[retry(max_attempts = 3)]
    async fn call(error: ApiError, calls: &AtomicU32) -> Result<(), ApiError> {
        calls.fetch_add(1, Relaxed);
        Err(error.clone())
    }
    let calls = AtomicU32::new(0);
    assert_eq!(call(ApiError::Down, &calls).await, Err(ApiError::Down));
    assert_eq!((BY_CLASS.state(), BY_WHEN.state()), (State::Open, State::Open));
    advance(SECOND).await;
    calls.store(0, Relaxed);
    for _ in 0..2 {
        assert_eq!(call(ApiError::Declined, &calls).await, Err(ApiError::Declined));
    }
    assert_eq!(calls.load(Relaxed), 2, "not retried");
    assert_eq!((BY_CLASS.state(), BY_WHEN.state()), (State::Closed, State::Closed));
}

#[test]
fn a_proper_answer_holds_no_policys_error() {
    assert_eq!(ApiError::Declined.classify(), Class::Expected);
    assert_eq!(ApiError::Declined.policy_error(), None);
}
