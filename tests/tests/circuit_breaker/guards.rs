//! `CircuitBreaker::admit`: the guard of a call whose result is recorded by hand.

use std::future::pending;

use resilience::events::TransitionReason;
use resilience::{
    Admission, CircuitBreaker, Class, Error, Event, OnAbandon, State, circuit_breaker, timeout,
};
use resilience_tests::{ApiError, EventLog, SECOND, ms};
use tokio::time::{advance, sleep};

/// A breaker that counts every call and never opens by itself.
const fn counting(name: &'static str) -> CircuitBreaker {
    CircuitBreaker::new(name).failure_rate(1.0).minimum_calls(1_000)
}

/// Calls and failures in the window.
fn counts(breaker: &CircuitBreaker) -> (u64, u64) {
    let snapshot = breaker.snapshot();
    (snapshot.calls, snapshot.failures)
}

/// A breaker that one failure opens for a second, and two successful probes close.
const fn quick(name: &'static str) -> CircuitBreaker {
    CircuitBreaker::new(name).failure_threshold(1).open_for(SECOND).success_threshold(2)
}

/// Opens the breaker and waits until a probe is due.
async fn open(breaker: &CircuitBreaker) {
    breaker.admit().expect("closed").failure();
    assert_eq!(breaker.state(), State::Open);
    advance(SECOND).await;
}

#[track_caller]
fn admit(breaker: &CircuitBreaker) -> Admission<'_> {
    breaker.admit().unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn each_result_counts_once() {
    type End = fn(Admission<'_>);
    let ends: [(&str, End, (u64, u64)); 7] = [
        ("success", |admission| admission.success(), (1, 0)),
        ("failure", |admission| admission.failure(), (1, 1)),
        ("ignore", |admission| admission.ignore(), (0, 0)),
        ("transient", |admission| admission.record(Class::Transient), (1, 1)),
        ("retry after", |admission| admission.record(Class::RetryAfter(SECOND)), (1, 1)),
        ("permanent", |admission| admission.record(Class::Permanent), (1, 1)),
        ("ignored", |admission| admission.record(Class::Ignored), (0, 0)),
    ];
    for (name, end, expected) in ends {
        let breaker = counting("ended by hand");
        let admission = admit(&breaker);
        assert_eq!(counts(&breaker), (0, 0), "{name}: nothing counts before the result");
        end(admission);
        assert_eq!(counts(&breaker), expected, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_rejected_admission_has_the_error_and_the_event_of_a_call() {
    static BREAKER: CircuitBreaker = quick("rejecting admissions");
    let rejections = EventLog::of(|event| match *event {
        Event::CircuitBreakerRejected {
            name: "rejecting admissions",
            function,
            retry_after,
            ..
        } => Some((function, retry_after)),
        _ => None,
    });
    admit(&BREAKER).failure();
    advance(ms(400)).await;
    let error = BREAKER.admit().expect_err("open");
    let retry_after = Some(ms(600));
    let expected = Error::CircuitOpen {
        name: "rejecting admissions",
        key: None,
        retry_after,
        reason: TransitionReason::FailureThreshold,
        last_failure: None,
    };
    assert_eq!(error, expected);
    assert_eq!(rejections.take(), [(None, retry_after)]);
}

#[tokio::test(start_paused = true)]
async fn an_admission_to_a_half_open_breaker_is_a_probe() {
    static BREAKER: CircuitBreaker = quick("probing by hand");
    open(&BREAKER).await;
    let probe = admit(&BREAKER);
    assert_eq!((BREAKER.state(), BREAKER.snapshot().probes), (State::HalfOpen, 1));
    let error = BREAKER.admit().expect_err("the only probe is under way");
    assert_eq!(error.retry_after(), Some(SECOND), "the rest of the probe's time");
    probe.ignore();
    assert_eq!((BREAKER.snapshot().probes, BREAKER.snapshot().successes), (0, 0), "given back");
    admit(&BREAKER).success();
    assert_eq!((BREAKER.snapshot().probes, BREAKER.snapshot().successes), (0, 1));
    admit(&BREAKER).success();
    assert_eq!(BREAKER.state(), State::Closed);
    open(&BREAKER).await;
    admit(&BREAKER).record(Class::Permanent);
    assert_eq!(BREAKER.state(), State::Open, "a failed probe opens again");
}

#[tokio::test(start_paused = true)]
async fn a_dropped_admission_counts_as_on_abandon_says() {
    let ignoring = counting("dropped and ignored");
    drop(admit(&ignoring));
    assert_eq!(counts(&ignoring), (0, 0));
    let failing = counting("dropped and failed").on_abandon(OnAbandon::Failure);
    drop(admit(&failing));
    assert_eq!(counts(&failing), (1, 1));

    let probed = quick("dropped probe");
    open(&probed).await;
    drop(admit(&probed));
    assert_eq!((probed.state(), probed.snapshot().probes), (State::HalfOpen, 0));
    admit(&probed).success();
    assert_eq!(probed.snapshot().successes, 1, "the place was given back");

    let strict = quick("dropped and strict").on_abandon(OnAbandon::Failure);
    open(&strict).await;
    drop(admit(&strict));
    assert_eq!(strict.state(), State::Open, "a dropped probe has failed");
}

#[tokio::test(start_paused = true)]
async fn a_timeout_that_drops_an_admission_counts_as_a_failure() {
    static BREAKER: CircuitBreaker = counting("timed out by hand");

    async fn work() -> Result<(), ApiError> {
        let _admission = BREAKER.admit()?;
        pending().await
    }
    #[timeout(1s)]
    async fn limited() -> Result<(), ApiError> {
        work().await
    }
    assert!(limited().await.is_err());
    assert_eq!(counts(&BREAKER), (1, 1));
    assert!(tokio::time::timeout(SECOND, work()).await.is_err());
    assert_eq!(counts(&BREAKER), (1, 1), "another's timeout abandons the call");
    let abandoned = tokio::spawn(work());
    sleep(SECOND).await;
    abandoned.abort();
    assert!(abandoned.await.expect_err("aborted").is_cancelled());
    assert_eq!(counts(&BREAKER), (1, 1), "and so does an abort");
}

#[tokio::test(start_paused = true)]
async fn an_admission_of_the_clean_up_after_a_timeout_did_not_time_out() {
    static BREAKER: CircuitBreaker = counting("cleaned up");

    /// Closes a session when it is dropped.
    struct Session;

    impl Drop for Session {
        fn drop(&mut self) {
            drop(BREAKER.admit());
        }
    }
    #[timeout(1s)]
    async fn limited() -> Result<(), ApiError> {
        let _session = Session;
        pending().await
    }
    assert!(limited().await.is_err());
    assert_eq!(counts(&BREAKER), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_panic_that_drops_an_admission_counts_as_a_failure() {
    static BREAKER: CircuitBreaker = counting("panicking by hand");
    let panicked = tokio::spawn(async {
        let _admission = BREAKER.admit();
        sleep(SECOND).await;
        panic!("on purpose")
    });
    assert!(panicked.await.expect_err("panics").is_panic());
    assert_eq!(counts(&BREAKER), (1, 1));
    let ended = tokio::spawn(async {
        let admission = BREAKER.admit();
        let _ends = admission.map(Admission::success);
        panic!("on purpose")
    });
    assert!(ended.await.expect_err("panics").is_panic());
    assert_eq!(counts(&BREAKER), (2, 1), "the result was recorded before the panic");
}

#[tokio::test(start_paused = true)]
async fn a_result_after_the_state_has_changed_is_stale() {
    static BREAKER: CircuitBreaker = quick("stale by hand").probe_timeout(SECOND);
    let stale = EventLog::of(|event| match event {
        Event::StaleResult { name: "stale by hand", key, .. } => Some(key.clone()),
        _ => None,
    });
    let [success, failure, ignored, dropped] = [(); 4].map(|()| admit(&BREAKER));
    open(&BREAKER).await;
    success.success();
    failure.failure();
    ignored.ignore();
    drop(dropped);
    assert_eq!((BREAKER.state(), BREAKER.snapshot().failures), (State::Open, 0));
    assert_eq!((BREAKER.snapshot().stale, stale.take()), (4, vec![None; 4]));

    let hung = admit(&BREAKER);
    advance(SECOND).await;
    let next = admit(&BREAKER);
    hung.success();
    assert_eq!(BREAKER.snapshot().successes, 1, "without its place it still counts");
    next.failure();
    assert_eq!((BREAKER.state(), BREAKER.snapshot().stale), (State::Open, 4));
}

#[tokio::test]
async fn an_admission_may_end_in_another_thread() {
    static BREAKER: CircuitBreaker = counting("moved");
    let admissions: Vec<_> = (0..4).map(|_| admit(&BREAKER)).collect();
    let threads = admissions.into_iter().enumerate().map(|(index, admission)| {
        std::thread::spawn(
            move || {
                if index == 0 { admission.failure() } else { admission.success() }
            },
        )
    });
    for thread in threads.collect::<Vec<_>>() {
        thread.join().expect("no thread panics");
    }
    assert_eq!(counts(&BREAKER), (4, 1));
}

#[tokio::test(start_paused = true)]
async fn an_admission_that_lasts_as_long_as_slow_call_is_slow() {
    static BREAKER: CircuitBreaker =
        CircuitBreaker::new("slow by hand").slow_call(SECOND).minimum_calls(100);
    let (slow, quick) = (admit(&BREAKER), admit(&BREAKER));
    advance(ms(999)).await;
    quick.success();
    advance(ms(1)).await;
    slow.success();
    assert_eq!((BREAKER.snapshot().calls, BREAKER.snapshot().slow_calls), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn admissions_calls_and_attributes_share_one_breaker() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("shared by all").failure_threshold(3);
    #[circuit_breaker(BREAKER)]
    async fn down() -> Result<(), ApiError> {
        Err(ApiError::Down)
    }
    assert!(down().await.is_err());
    assert!(BREAKER.call(async || Err::<(), _>(ApiError::Down)).await.is_err());
    assert_eq!(BREAKER.state(), State::Closed);
    admit(&BREAKER).failure();
    assert_eq!(BREAKER.state(), State::Open);
    assert!(matches!(down().await, Err(ApiError::Policy(Error::CircuitOpen { .. }))));
}

#[test]
fn an_admission_shows_its_breaker() {
    let breaker = counting("shown");
    let shown = format!("{:?}", admit(&breaker));
    let expected = "Admission { circuit_breaker: CircuitBreaker { name: \"shown\", ";
    assert!(shown.starts_with(expected), "{shown}");
}
