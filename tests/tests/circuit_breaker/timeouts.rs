//! A call that times out is a failure in every breaker that it was inside of: in every order of the layers, through functions,
//! and whichever of two limits has passed.

use std::cell::Cell;
use std::future::pending;
use std::time::Duration;

use resilience::{
    Bulkhead, CircuitBreaker, Error, Failure, bulkhead, circuit_breaker, retry, timeout, with_deadline,
};
use resilience_tests::{SECOND, timed_out};
use tokio::time::{Instant, sleep};

fn failures(breaker: &CircuitBreaker) -> u64 {
    breaker.snapshot().failures
}

// A test runs on one thread.
thread_local! {
    static LIMITS: Cell<(Duration, Duration)> = const { Cell::new((Duration::ZERO, Duration::ZERO)) };
}

fn total() -> Duration {
    LIMITS.get().0
}

fn each() -> Duration {
    LIMITS.get().1
}

/// Two breakers and two timeouts: the total above the other one.
macro_rules! each_breaker_counts_one {
    ($($name:ident: $(#$attribute:tt)*;)*) => {$(
        #[tokio::test(start_paused = true)]
        async fn $name() {
            static ONE: CircuitBreaker = CircuitBreaker::new("one");
            static OTHER: CircuitBreaker = CircuitBreaker::new("other");

            $(#$attribute)*
            async fn call() -> Result<(), Error> {
                pending().await
            }
            for (total, each) in [(9, 1), (1, 9), (1, 1)] {
                ONE.reset();
                OTHER.reset();
                let start = Instant::now();
                LIMITS.set((total * SECOND, each * SECOND));
                let late = call().await;
                assert_eq!((timed_out(late).1, start.elapsed()), (SECOND, SECOND), "{total} s, {each} s");
                assert_eq!((failures(&ONE), failures(&OTHER)), (1, 1), "{total} s, {each} s");
            }
        }
    )*};
}

each_breaker_counts_one! {
    breaker_breaker_total_each:
        #[circuit_breaker(ONE)] #[circuit_breaker(OTHER)] #[timeout(total())] #[timeout(each())];
    breaker_total_breaker_each:
        #[circuit_breaker(ONE)] #[timeout(total())] #[circuit_breaker(OTHER)] #[timeout(each())];
    breaker_total_each_breaker:
        #[circuit_breaker(ONE)] #[timeout(total())] #[timeout(each())] #[circuit_breaker(OTHER)];
    total_breaker_breaker_each:
        #[timeout(total())] #[circuit_breaker(ONE)] #[circuit_breaker(OTHER)] #[timeout(each())];
    total_breaker_each_breaker:
        #[timeout(total())] #[circuit_breaker(ONE)] #[timeout(each())] #[circuit_breaker(OTHER)];
    total_each_breaker_breaker:
        #[timeout(total())] #[timeout(each())] #[circuit_breaker(ONE)] #[circuit_breaker(OTHER)];
}

/// Two breakers and work that goes on: those above are told that it was late, those below how it ended.
macro_rules! told_when_and_how {
    ($($name:ident, $at_the_limit:tt, $at_the_end:tt: $(#$attribute:tt)*;)*) => {$(
        #[tokio::test(start_paused = true)]
        async fn $name() {
            static ONE: CircuitBreaker = CircuitBreaker::new("one");
            static OTHER: CircuitBreaker = CircuitBreaker::new("other");

            $(#$attribute)*
            async fn call() -> Result<(), Failure<()>> {
                sleep(3 * SECOND).await;
                Err(Failure::Function(()))
            }
            assert!(matches!(call().await, Err(Failure::Policy(Error::TimedOut { .. }))));
            assert_eq!((failures(&ONE), failures(&OTHER)), $at_the_limit, "at the limit");
            sleep(3 * SECOND).await;
            assert_eq!((failures(&ONE), failures(&OTHER)), $at_the_end, "when the work has ended");
        }
    )*};
}

told_when_and_how! {
    both_above_work_that_goes_on, (1, 1), (1, 1):
        #[circuit_breaker(ONE)] #[circuit_breaker(OTHER)] #[timeout(1s, cancel = false)];
    one_above_and_one_below_work_that_goes_on, (1, 0), (1, 1):
        #[circuit_breaker(ONE)] #[timeout(1s, cancel = false)] #[circuit_breaker(OTHER)];
    both_below_work_that_goes_on, (0, 0), (1, 1):
        #[timeout(1s, cancel = false)] #[circuit_breaker(ONE)] #[circuit_breaker(OTHER)];
    a_total_around_work_that_goes_on, (1, 0), (1, 1):
        #[timeout(1s)] #[circuit_breaker(ONE)] #[timeout(longer(), cancel = false)] #[circuit_breaker(OTHER)];
}

/// Longer than the total, which the compiler would refuse if it could see it.
const fn longer() -> Duration {
    Duration::from_secs(9)
}

#[tokio::test(start_paused = true)]
async fn through_functions_and_calls_by_hand() {
    static OUTER: CircuitBreaker = CircuitBreaker::new("outer");
    static INNER: CircuitBreaker = CircuitBreaker::new("inner");
    static BY_HAND: CircuitBreaker = CircuitBreaker::new("by hand");

    #[circuit_breaker(INNER)]
    async fn inner() -> Result<(), Error> {
        BY_HAND.call(pending::<Result<(), Error>>).await.map_err(Failure::into_error)
    }
    #[circuit_breaker(OUTER)]
    #[timeout(1s)]
    async fn outer() -> Result<(), Error> {
        inner().await
    }
    assert_eq!(timed_out(outer().await).1, SECOND);
    assert_eq!((failures(&OUTER), failures(&INNER), failures(&BY_HAND)), (1, 1, 1));
}

#[tokio::test(start_paused = true)]
async fn each_attempt_in_the_breaker_below_the_retry_and_all_of_them_in_the_one_above() {
    static ABOVE: CircuitBreaker = CircuitBreaker::new("above");
    static BELOW: CircuitBreaker = CircuitBreaker::new("below");
    static INNERMOST: CircuitBreaker = CircuitBreaker::new("innermost");

    #[circuit_breaker(ABOVE)]
    #[retry(max_attempts = 3, base_delay = 0ms)]
    #[circuit_breaker(BELOW)]
    #[timeout(1s)]
    #[circuit_breaker(INNERMOST)]
    async fn call() -> Result<(), Error> {
        pending().await
    }
    assert_eq!(timed_out(call().await).1, SECOND);
    assert_eq!((failures(&ABOVE), failures(&BELOW), failures(&INNERMOST)), (1, 3, 3));
}

#[tokio::test(start_paused = true)]
async fn while_it_waits_in_a_bulkhead_too() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("above the bulkhead");
    static POOL: Bulkhead = Bulkhead::new("full");
    POOL.resize(0);

    #[timeout(1s)]
    #[circuit_breaker(BREAKER)]
    #[bulkhead(POOL)]
    async fn call() -> Result<(), Error> {
        Ok(())
    }
    assert_eq!(timed_out(call().await).1, SECOND);
    assert_eq!(failures(&BREAKER), 1);
}

#[tokio::test(start_paused = true)]
async fn at_a_deadline_from_elsewhere_too() {
    static ABOVE: CircuitBreaker = CircuitBreaker::new("above");
    static BELOW: CircuitBreaker = CircuitBreaker::new("below");

    #[circuit_breaker(ABOVE)]
    #[timeout(9s)]
    #[circuit_breaker(BELOW)]
    async fn call() -> Result<(), Error> {
        pending().await
    }
    let deadline = Instant::now() + SECOND;
    assert_eq!(timed_out(with_deadline(deadline, call()).await).1, SECOND);
    assert_eq!((failures(&ABOVE), failures(&BELOW)), (1, 1));
}
