//! Classes and predicates, states set by hand, and events.

use std::sync::{Arc, Mutex};

use resilience::{
    CircuitBreaker, Error, Event, Failure, ObserverGuard, State, circuit_breaker, observe,
};
use resilience_tests::{ApiError, EventLog, SECOND, fail, rejected, succeed};
use tokio::time::advance;

const fn quick(name: &'static str) -> CircuitBreaker {
    CircuitBreaker::new(name).failure_threshold(1).open_for(SECOND)
}

fn is_rejected<T>(result: &Result<T, ApiError>) -> bool {
    matches!(result, Err(ApiError::Policy(Error::CircuitOpen { .. })))
}

/// The events of one breaker.
fn events_of(breaker: &'static str) -> EventLog<String> {
    EventLog::of(move |event| match *event {
        Event::CircuitBreakerTransition { name, from, to, .. } if name == breaker => {
            Some(format!("{from} -> {to}"))
        }
        Event::CircuitBreakerRejected { name, function, retry_after, .. } if name == breaker => {
            Some(format!("rejected {function:?} {retry_after:?}"))
        }
        Event::StaleResult { name, .. } if name == breaker => Some("stale".to_owned()),
        _ => None,
    })
}

#[tokio::test(start_paused = true)]
async fn all_classes_except_ignored_count_as_failures() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("classes");
    #[circuit_breaker(BREAKER)]
    async fn call(error: ApiError) -> Result<(), ApiError> {
        Err(error)
    }
    let busy = ApiError::Busy(SECOND);
    for (error, failures) in
        [(ApiError::Down, 1), (ApiError::NotFound, 1), (ApiError::Invalid, 2), (busy, 3)]
    {
        assert_eq!(call(error.clone()).await, Err(error.clone()));
        assert_eq!(BREAKER.snapshot().failures, failures, "{error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_ignored_error_of_a_probe_is_neither_failure_nor_success() {
    static BREAKER: CircuitBreaker = quick("ignored probe").success_threshold(1);
    #[circuit_breaker(BREAKER)]
    async fn call(error: ApiError) -> Result<(), ApiError> {
        Err(error)
    }
    assert_eq!(call(ApiError::Down).await, Err(ApiError::Down));
    advance(SECOND).await;
    assert_eq!(call(ApiError::NotFound).await, Err(ApiError::NotFound));
    let snapshot = BREAKER.snapshot();
    assert_eq!((snapshot.state, snapshot.probes, snapshot.successes), (State::HalfOpen, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn when_overrides_the_class() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("when");
    #[circuit_breaker(BREAKER, when = |error| *error == ApiError::NotFound)]
    async fn call(error: ApiError) -> Result<(), ApiError> {
        Err(error)
    }
    assert_eq!(call(ApiError::Down).await, Err(ApiError::Down));
    assert_eq!(BREAKER.snapshot().failures, 0);
    assert_eq!(call(ApiError::NotFound).await, Err(ApiError::NotFound));
    assert_eq!(BREAKER.snapshot().failures, 1);
}

#[tokio::test(start_paused = true)]
async fn when_ok_counts_a_value_as_a_failure_and_still_returns_it() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("when_ok");
    #[circuit_breaker(BREAKER, when_ok = |status| *status >= limit)]
    async fn call(status: u16, limit: u16) -> Result<u16, ApiError> {
        Ok(status)
    }
    assert_eq!((call(200, 500).await, BREAKER.snapshot().failures), (Ok(200), 0));
    assert_eq!((call(503, 500).await, BREAKER.snapshot().failures), (Ok(503), 1));
}

#[tokio::test(start_paused = true)]
async fn when_takes_a_path() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("by path");
    fn never(_: &ApiError) -> bool {
        false
    }
    #[circuit_breaker(BREAKER, when = never)]
    async fn call() -> Result<(), ApiError> {
        Err(ApiError::Down)
    }
    assert_eq!((call().await, BREAKER.snapshot().failures), (Err(ApiError::Down), 0));
}

#[tokio::test(start_paused = true)]
async fn a_rejection_by_an_inner_breaker_is_not_counted_by_the_outer() {
    static OUTER: CircuitBreaker = CircuitBreaker::new("outer");
    static INNER: CircuitBreaker = CircuitBreaker::new("inner");
    #[circuit_breaker(OUTER)]
    #[circuit_breaker(INNER)]
    async fn call() -> Result<(), ApiError> {
        Ok(())
    }
    INNER.force_open();
    assert_eq!((is_rejected(&call().await), OUTER.snapshot().failures), (true, 0));
}

#[tokio::test(start_paused = true)]
async fn a_breaker_forced_open_stays_open_until_reset() {
    static BREAKER: CircuitBreaker = quick("forced");
    BREAKER.force_open();
    advance(SECOND * 1_000_000).await;
    let error = rejected(&BREAKER).await;
    assert!(matches!(error, Error::CircuitOpen { retry_after: None, .. }), "{error}");
    BREAKER.reset();
    succeed(&BREAKER).await;
    assert_eq!(BREAKER.state(), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_disabled_breaker_admits_all_calls_and_counts_none() {
    static BREAKER: CircuitBreaker = quick("disabled");
    fail(&BREAKER).await;
    BREAKER.disable();
    for _ in 0..9 {
        fail(&BREAKER).await;
    }
    assert_eq!((BREAKER.state(), BREAKER.snapshot().failures), (State::Disabled, 0));
    BREAKER.reset();
    assert_eq!((BREAKER.state(), BREAKER.snapshot().failures), (State::Closed, 0));
}

#[tokio::test(start_paused = true)]
async fn reset_forgets_failures_and_makes_running_calls_stale() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("reset").failure_threshold(2);
    fail(&BREAKER).await;
    let late = BREAKER.call(async || {
        BREAKER.reset();
        Err::<(), _>(())
    });
    assert_eq!(late.await, Err(Failure::Function(())));
    assert_eq!(
        (BREAKER.state(), BREAKER.snapshot().failures, BREAKER.snapshot().stale),
        (State::Closed, 0, 1)
    );
}

#[tokio::test(start_paused = true)]
async fn each_transition_rejection_and_stale_result_emits_one_event() {
    static BREAKER: CircuitBreaker = quick("observed once").success_threshold(1);
    let events = events_of("observed once");
    succeed(&BREAKER).await;
    assert_eq!(events.take(), [""; 0], "nothing on success");

    let late = BREAKER.call(async || {
        fail(&BREAKER).await;
        Err::<(), _>(())
    });
    late.await.expect_err("down");
    assert_eq!(events.take(), ["closed -> open", "stale"]);

    rejected(&BREAKER).await;
    assert_eq!(events.take(), ["rejected None Some(1s)"]);

    advance(SECOND).await;
    fail(&BREAKER).await;
    assert_eq!(events.take(), ["open -> half_open", "half_open -> open"]);

    advance(SECOND).await;
    succeed(&BREAKER).await;
    assert_eq!(events.take(), ["open -> half_open", "half_open -> closed"]);

    BREAKER.force_open();
    BREAKER.force_open();
    BREAKER.disable();
    BREAKER.reset();
    BREAKER.reset();
    assert_eq!(
        events.take(),
        ["closed -> forced_open", "forced_open -> disabled", "disabled -> closed"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_rejection_names_the_annotated_function() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("named");
    #[circuit_breaker(BREAKER)]
    async fn call() -> Result<(), ApiError> {
        Ok(())
    }
    let events = events_of("named");
    BREAKER.force_open();
    assert!(is_rejected(&call().await));
    let rejection = "rejected Some(\"circuit_breaker::control::call\") None";
    assert_eq!(events.take(), ["closed -> forced_open", rejection]);
}

#[tokio::test(start_paused = true)]
async fn an_observer_may_use_the_breaker_of_its_event() {
    static BREAKER: CircuitBreaker = quick("observed");
    let seen = Arc::<Mutex<Vec<State>>>::default();
    let to = Arc::clone(&seen);
    let _subscription = observe(move |event| {
        if let Event::CircuitBreakerTransition { name: "observed", .. } = event {
            to.lock().expect("no panic").push(BREAKER.snapshot().state);
        }
    });
    fail(&BREAKER).await;
    assert_eq!(*seen.lock().expect("no panic"), [State::Open]);
}

/// The payload of the panic panics when it is dropped.
#[tokio::test(start_paused = true)]
async fn an_observer_that_panics_twice_does_not_harm_the_call() {
    static BREAKER: CircuitBreaker = quick("panics");
    struct Worse;
    impl Drop for Worse {
        fn drop(&mut self) {
            panic!("and again");
        }
    }
    let _subscription = observe(|event| {
        if let Event::CircuitBreakerTransition { name: "panics", .. }
        | Event::CircuitBreakerRejected { name: "panics", .. } = event
        {
            std::panic::panic_any(Worse);
        }
    });
    fail(&BREAKER).await;
    assert_eq!(BREAKER.state(), State::Open);
    rejected(&BREAKER).await;
}

/// The value that the observer has captured panics when it is dropped.
#[tokio::test(start_paused = true)]
async fn an_observer_may_unsubscribe_while_it_is_notified() {
    static BREAKER: CircuitBreaker = quick("leaves");
    static SUBSCRIPTION: Mutex<Option<ObserverGuard>> = Mutex::new(None);
    struct Captured;
    impl Drop for Captured {
        fn drop(&mut self) {
            panic!("dropped");
        }
    }
    let captured = Captured;
    let subscription = observe(move |event| {
        if let Event::CircuitBreakerTransition { name: "leaves", .. } = event {
            let _ = &captured;
            drop(SUBSCRIPTION.lock().expect("no panic").take());
        }
    });
    *SUBSCRIPTION.lock().expect("no panic") = Some(subscription);
    fail(&BREAKER).await;
    assert_eq!(BREAKER.state(), State::Open);
}

#[tokio::test(start_paused = true)]
async fn an_expression_chooses_the_breaker_of_each_call() {
    struct Client {
        breaker: CircuitBreaker,
    }
    impl Client {
        #[circuit_breaker(self.breaker)]
        async fn call(&self) -> Result<(), ApiError> {
            Err(ApiError::Down)
        }
    }
    let (one, other) = (Client { breaker: quick("one") }, Client { breaker: quick("other") });
    assert_eq!(one.call().await, Err(ApiError::Down));
    assert!(is_rejected(&one.call().await));
    assert_eq!(other.call().await, Err(ApiError::Down));
}
