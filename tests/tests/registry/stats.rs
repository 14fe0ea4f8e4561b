//! The counts of a function's calls.

use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use resilience::{
    Bulkhead, CallStats, CircuitBreaker, Class, Classify, Error, Policy, RetryPolicy, bulkhead,
    circuit_breaker, fallback, retry, timeout,
};
use resilience_tests::{ApiError, SECOND, poll_once, stats_of};
use tokio::time::sleep;

fn stats(name: &str) -> CallStats {
    stats_of(&format!("{}::{name}", module_path!()))
}

async fn ends(how: &str) -> Result<u32, ApiError> {
    match how {
        "ok" => Ok(1),
        "err" => Err(ApiError::Down),
        "panic" => panic!("on purpose"),
        _ => std::future::pending().await,
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_is_a_success_a_failure_or_abandoned() {
    #[bulkhead]
    async fn plain(how: &str) -> Result<u32, ApiError> {
        ends(how).await
    }
    assert_eq!(stats("plain"), CallStats::default());
    assert!(plain("ok").await.is_ok());
    assert!(plain("err").await.is_err());
    assert!(tokio::spawn(plain("panic")).await.is_err());
    assert!(tokio::time::timeout(Duration::from_secs(1), plain("hang")).await.is_err());
    drop(plain("never polled"));
    let stats = stats("plain");
    assert_eq!((stats.calls, stats.successes, stats.failures, stats.abandoned), (4, 1, 2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_a_fallback_answered_is_no_success() {
    #[fallback(value = 0)]
    async fn answered(how: &str) -> Result<u32, ApiError> {
        ends(how).await
    }
    assert!(answered("ok").await.is_ok());
    for _ in 0..3 {
        assert!(answered("err").await.is_ok());
    }
    let stats = stats("answered");
    assert_eq!((stats.calls, stats.successes, stats.failures, stats.fallbacks), (4, 1, 0, 3));
    assert_eq!((stats.answered_by_fallback, stats.failures_behind_fallbacks), (3, 3));
    assert_eq!((stats.success_rate(), stats.fallback_rate()), (Some(0.25), Some(0.75)));
}

#[tokio::test(start_paused = true)]
async fn a_fallback_in_place_of_a_rejection_says_nothing_about_the_dependency() {
    static SHUT: CircuitBreaker = CircuitBreaker::new("shut behind a fallback");
    #[fallback(value = 0)]
    #[circuit_breaker(SHUT)]
    async fn not_asked() -> Result<u32, ApiError> {
        Ok(1)
    }
    assert!(not_asked().await.is_ok());
    SHUT.force_open();
    assert!(not_asked().await.is_ok());
    let stats = stats("not_asked");
    assert_eq!((stats.answered_by_fallback, stats.failures_behind_fallbacks), (1, 0));
    assert_eq!((stats.success_rate(), stats.fallback_rate()), (Some(1.0), Some(0.5)));
}

#[tokio::test(start_paused = true)]
async fn the_outcome_is_that_of_the_last_attempt_and_of_the_fallback_that_answered() {
    /// Answers the failure `err`, and fails itself for all others.
    async fn help(how: Vec<&'static str>, attempt: &AtomicUsize) -> Result<u32, ApiError> {
        let answer = match how[attempt.load(Ordering::Relaxed) - 1] {
            "err" => Ok(0),
            _ => Err(ApiError::Down),
        };
        std::future::ready(answer).await
    }
    #[retry(max_attempts = 2, base_delay = 0s, jitter = none, clone(how))]
    #[fallback(help)]
    async fn inside(how: Vec<&'static str>, attempt: &AtomicUsize) -> Result<u32, ApiError> {
        match how[attempt.fetch_add(1, Ordering::Relaxed)] {
            "ok" => Ok(1),
            _ => Err(ApiError::Down),
        }
    }
    let counts = || {
        let stats = stats("inside");
        (stats.successes, stats.answered_by_fallback, stats.failures)
    };
    assert_eq!(inside(vec!["hopeless", "ok"], &AtomicUsize::new(0)).await, Ok(1));
    assert_eq!(counts(), (1, 0, 0), "the second attempt needed no fallback");
    assert_eq!(inside(vec!["hopeless", "err"], &AtomicUsize::new(0)).await, Ok(0));
    assert_eq!(counts(), (1, 1, 0));
    assert!(inside(vec!["hopeless", "hopeless"], &AtomicUsize::new(0)).await.is_err());
    assert_eq!(counts(), (1, 1, 1), "no fallback answered");
}

#[tokio::test(start_paused = true)]
async fn a_chain_of_fallbacks_does_not_forget_the_failure_below_it() {
    async fn rejected_too(_how: &str) -> Result<u32, ApiError> {
        let name = "of the fallback";
        let full = Error::BulkheadFull { name, key: None, active: 1, waiting: 0 };
        std::future::ready(Err(ApiError::Policy(full))).await
    }
    #[fallback(rejected_too, value = 0)]
    #[timeout(1s)]
    async fn plain_chain(how: &str) -> Result<u32, ApiError> {
        ends(how).await
    }
    #[fallback(value = 0)]
    #[fallback(rejected_too)]
    #[timeout(1s)]
    async fn chain(how: &str) -> Result<u32, ApiError> {
        ends(how).await
    }
    for how in ["ok", "hang"] {
        assert!(plain_chain(how).await.is_ok() && chain(how).await.is_ok());
    }
    for stats in [stats("plain_chain"), stats("chain")] {
        assert_eq!((stats.successes, stats.answered_by_fallback), (1, 1));
        assert_eq!((stats.failures_behind_fallbacks, stats.timeouts), (1, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_proper_answer_of_a_fallback_does_not_hide_the_failure_below_it() {
    async fn from_cache(_how: &str) -> Result<u32, ApiError> {
        std::future::ready(Err(ApiError::Declined)).await
    }
    #[fallback(from_cache)]
    async fn cached(how: &str) -> Result<u32, ApiError> {
        if how == "declined" { Err(ApiError::Declined) } else { ends(how).await }
    }
    assert_eq!(cached("err").await, Err(ApiError::Declined));
    let found = stats("cached");
    assert_eq!((found.failures, found.expected, found.success_rate()), (1, 0, Some(0.0)));
    assert_eq!(cached("declined").await, Err(ApiError::Declined));
    let found = stats("cached");
    assert_eq!((found.failures, found.expected, found.success_rate()), (1, 1, Some(0.5)));
}

#[tokio::test(start_paused = true)]
async fn the_class_of_the_error_decides_the_outcome() {
    static DOOR: Bulkhead = Bulkhead::new("door").max_wait(Duration::ZERO);
    #[bulkhead(DOOR)]
    #[timeout(1s)]
    async fn classed(class: Option<Class>) -> Result<u32, Classed> {
        match class {
            Some(class) => Err(Classed::Of(class)),
            None => std::future::pending().await,
        }
    }
    let classes = [Class::Transient, Class::Permanent, Class::RetryAfter(Duration::ZERO)];
    for class in classes.into_iter().chain([Class::Expected, Class::Ignored]) {
        assert!(classed(Some(class)).await.is_err());
    }
    assert!(classed(None).await.is_err(), "timed out");
    DOOR.resize(0);
    assert!(classed(None).await.is_err(), "rejected");
    let stats = stats("classed");
    assert_eq!((stats.calls, stats.successes, stats.failures), (7, 0, 3));
    assert_eq!((stats.expected, stats.ignored, stats.timed_out, stats.rejected), (1, 1, 1, 1));
    assert_eq!(stats.success_rate(), Some(0.2), "the proper answer, of five asked");
}

#[tokio::test(start_paused = true)]
async fn calls_by_hand_have_the_same_outcomes() {
    static POLICY: Policy =
        Policy::new("by hand").timeout(SECOND).bulkhead(Bulkhead::new("by hand").max_wait(SECOND));
    static RETRIED: RetryPolicy = RetryPolicy::new("by hand").base_delay(Duration::ZERO);
    for class in [Class::Transient, Class::Expected, Class::Ignored] {
        assert!(POLICY.call(async || Err::<(), _>(Classed::Of(class))).await.is_err());
        assert!(RETRIED.call(async || Err::<(), _>(Classed::Of(class))).await.is_err());
    }
    assert!(POLICY.call(std::future::pending::<Result<(), Classed>>).await.is_err());
    POLICY.layers().bulkhead.expect("declared").resize(0);
    assert!(POLICY.call(async || Ok::<_, Classed>(())).await.is_err());
    let stats = RETRIED.stats();
    assert_eq!((stats.calls, stats.failures, stats.expected, stats.ignored), (3, 1, 1, 1));
    let stats = POLICY.stats();
    assert_eq!((stats.calls, stats.failures, stats.expected, stats.ignored), (5, 1, 1, 1));
    assert_eq!((stats.timed_out, stats.rejected), (1, 1));
}

/// An error that is of a class.
#[derive(Debug)]
enum Classed {
    Of(Class),
    Policy(Error),
}

impl Classify for Classed {
    fn classify(&self) -> Class {
        match self {
            Self::Of(class) => *class,
            Self::Policy(error) => error.classify(),
        }
    }
}

impl From<Error> for Classed {
    fn from(error: Error) -> Self {
        Self::Policy(error)
    }
}

#[tokio::test(start_paused = true)]
async fn each_further_attempt_and_each_timeout_is_counted() {
    #[retry(max_attempts = 3, base_delay = 1ms)]
    #[timeout(10ms)]
    async fn tried(how: &str) -> Result<u32, ApiError> {
        ends(how).await
    }
    assert!(tried("ok").await.is_ok());
    assert!(tried("hang").await.is_err());
    assert!(tried("err").await.is_err());
    let stats = stats("tried");
    assert_eq!((stats.calls, stats.retries, stats.timeouts), (3, 4, 3));
}

#[tokio::test(start_paused = true)]
async fn rejections_are_counted_by_the_policy_that_rejected() {
    static OPEN: CircuitBreaker = CircuitBreaker::new("open");
    static FULL: Bulkhead = Bulkhead::new("full").max_concurrent(1).max_wait(Duration::ZERO);
    #[circuit_breaker(OPEN)]
    #[bulkhead(FULL)]
    async fn rejected_call() -> Result<u32, ApiError> {
        sleep(Duration::from_millis(1)).await;
        Ok(1)
    }
    let (first, second, third) = tokio::join!(rejected_call(), rejected_call(), rejected_call());
    assert!(first.is_ok() && second.is_err() && third.is_err());
    OPEN.force_open();
    assert!(rejected_call().await.is_err());
    let stats = stats("rejected_call");
    assert_eq!(
        (stats.calls, stats.bulkhead_rejections, stats.circuit_breaker_rejections),
        (4, 2, 1)
    );
}

#[tokio::test(start_paused = true)]
async fn a_retry_that_is_abandoned_while_it_waits_is_not_counted() {
    #[retry(base_delay = 1h)]
    async fn gives_up_waiting() -> Result<u32, ApiError> {
        ends("err").await
    }
    assert!(tokio::time::timeout(Duration::from_millis(1), gives_up_waiting()).await.is_err());
    assert_eq!(stats("gives_up_waiting").retries, 0);
}

#[test]
fn calls_of_all_threads_are_counted_even_of_those_that_have_ended() {
    #[fallback(value = 0)]
    async fn counted(how: &str) -> Result<u32, ApiError> {
        ends(how).await
    }
    const THREADS: usize = 24;
    const CALLS: u32 = 2_000;
    let calls = || {
        for _ in 0..CALLS {
            assert!(poll_once(&mut pin!(counted("ok"))).is_ready());
        }
    };
    // First more threads at once than there are counters, then each thread with the counter of the
    // one before it.
    std::thread::scope(|scope| (0..THREADS).for_each(|_| drop(scope.spawn(calls))));
    for _ in 0..THREADS {
        std::thread::spawn(calls).join().expect("no call panics");
    }
    assert_eq!(stats("counted").successes, 2 * THREADS as u64 * u64::from(CALLS));
}

#[test]
fn calls_are_counted_even_while_a_thread_ends() {
    struct CallsWhenDropped;

    impl Drop for CallsWhenDropped {
        fn drop(&mut self) {
            #[fallback(value = 0)]
            async fn last(how: &str) -> Result<u32, ApiError> {
                ends(how).await
            }
            assert!(poll_once(&mut pin!(last("ok"))).is_ready());
        }
    }

    thread_local! {
        static LAST: CallsWhenDropped = const { CallsWhenDropped };
    }
    for _ in 0..3 {
        // First dropped before the thread-local state of the library, then after it.
        std::thread::spawn(|| LAST.with(|_| drop(CallsWhenDropped)))
            .join()
            .expect("no call panics");
        std::thread::spawn(|| drop((CallsWhenDropped, LAST.with(|_| ()))))
            .join()
            .expect("no call panics");
    }
    assert_eq!(stats("last").successes, 12);
}

#[test]
fn the_counts_of_two_threads_add_up_at_any_moment() {
    #[bulkhead(max_concurrent = 1000)]
    async fn mixed(how: &str) -> Result<u32, ApiError> {
        ends(how).await
    }
    const ROUNDS: u64 = 300;
    let calls = || {
        for round in 0..ROUNDS {
            for how in ["ok", "err", "hang", "ok"] {
                let _ = poll_once(&mut pin!(mixed(how)));
            }
            // A few only: each prints a message.
            if round % 100 == 0 {
                let panics = std::panic::AssertUnwindSafe(|| {
                    let _ = poll_once(&mut pin!(mixed("panic")));
                });
                std::panic::catch_unwind(panics).expect_err("it panics");
            }
        }
    };
    std::thread::scope(|scope| {
        let threads = [scope.spawn(calls), scope.spawn(calls)];
        let mut before = CallStats::default();
        while !threads.iter().all(std::thread::ScopedJoinHandle::is_finished) {
            let now = stats("mixed");
            assert_eq!(now.calls, now.successes + now.failures + now.abandoned);
            assert!(now.successes >= before.successes && now.failures >= before.failures);
            assert!(now.abandoned >= before.abandoned);
            before = now;
        }
    });
    let stats = stats("mixed");
    let panics = 2 * ROUNDS / 100;
    assert_eq!((stats.successes, stats.failures), (4 * ROUNDS, 2 * ROUNDS + panics));
    assert_eq!((stats.abandoned, stats.calls), (2 * ROUNDS, 8 * ROUNDS + panics));
}
