//! A timeout is a failure for every breaker that has admitted the call: for every order of the
//! layers, in called functions, and for both of two limits.

use std::cell::Cell;
use std::future::pending;
use std::time::Duration;

use resilience::{
    Bulkhead, CircuitBreaker, Error, Failure, bulkhead, circuit_breaker, retry, timeout,
    with_deadline,
};
use resilience_tests::{SECOND, timed_out};
use tokio::time::{Instant, sleep};

fn failures(breaker: &CircuitBreaker) -> u64 {
    breaker.snapshot().failures
}

// The limits of one test, which runs on one thread.
thread_local! {
    static LIMITS: Cell<[Duration; 2]> = const { Cell::new([Duration::ZERO; 2]) };
}

fn total() -> Duration {
    LIMITS.get()[0]
}

fn each() -> Duration {
    LIMITS.get()[1]
}

/// Defines tests of two breakers and two timeouts, of which `total` is the outer one.
macro_rules! two_breakers_and_two_timeouts {
    ($($name:ident: $(#$attribute:tt)*;)*) => {$(
        #[tokio::test(start_paused = true)]
        async fn $name() {
            static ONE: CircuitBreaker = CircuitBreaker::new("one");
            static TWO: CircuitBreaker = CircuitBreaker::new("other");

            $(#$attribute)*
            async fn call() -> Result<(), Error> {
                pending().await
            }
            for (total, each) in [(9, 1), (1, 9), (1, 1)] {
                ONE.reset();
                TWO.reset();
                let start = Instant::now();
                LIMITS.set([total * SECOND, each * SECOND]);
                let limits = format!("{total} s, {each} s");
                let (_, limit) = timed_out(call().await);
                assert_eq!((limit, start.elapsed()), (SECOND, SECOND), "{limits}");
                assert_eq!((failures(&ONE), failures(&TWO)), (1, 1), "{limits}");
            }
        }
    )*};
}

mod each_breaker_counts_one_failure {
    use super::*;

    two_breakers_and_two_timeouts! {
        two_breakers_around_both_timeouts:
            #[circuit_breaker(ONE)] #[circuit_breaker(TWO)] #[timeout(total())] #[timeout(each())];
        one_breaker_around_and_one_between_the_timeouts:
            #[circuit_breaker(ONE)] #[timeout(total())] #[circuit_breaker(TWO)] #[timeout(each())];
        one_breaker_around_and_one_inside_both_timeouts:
            #[circuit_breaker(ONE)] #[timeout(total())] #[timeout(each())] #[circuit_breaker(TWO)];
        two_breakers_between_the_timeouts:
            #[timeout(total())] #[circuit_breaker(ONE)] #[circuit_breaker(TWO)] #[timeout(each())];
        one_breaker_between_and_one_inside_the_timeouts:
            #[timeout(total())] #[circuit_breaker(ONE)] #[timeout(each())] #[circuit_breaker(TWO)];
        two_breakers_inside_both_timeouts:
            #[timeout(total())] #[timeout(each())] #[circuit_breaker(ONE)] #[circuit_breaker(TWO)];
    }
}

/// Defines tests of two breakers and detached work, with their failures at the limit and at the end
/// of the work.
macro_rules! two_breakers_and_detached_work {
    ($($name:ident, $at_the_limit:tt, $at_the_end:tt: $(#$attribute:tt)*;)*) => {$(
        #[tokio::test(start_paused = true)]
        async fn $name() {
            static ONE: CircuitBreaker = CircuitBreaker::new("one");
            static TWO: CircuitBreaker = CircuitBreaker::new("other");

            $(#$attribute)*
            async fn call() -> Result<(), Failure<()>> {
                sleep(3 * SECOND).await;
                Err(Failure::Function(()))
            }
            assert!(matches!(call().await, Err(Failure::Policy(Error::TimedOut { .. }))));
            assert_eq!((failures(&ONE), failures(&TWO)), $at_the_limit, "at the limit");
            sleep(3 * SECOND).await;
            assert_eq!((failures(&ONE), failures(&TWO)), $at_the_end, "when the work has ended");
        }
    )*};
}

mod breakers_around_count_at_the_limit_and_those_inside_at_the_end {
    use super::*;

    two_breakers_and_detached_work! {
        two_breakers_around_detached_work, (1, 1), (1, 1):
            #[circuit_breaker(ONE)] #[circuit_breaker(TWO)] #[timeout(1s, cancel = false)];
        one_breaker_around_and_one_inside_detached_work, (1, 0), (1, 1):
            #[circuit_breaker(ONE)] #[timeout(1s, cancel = false)] #[circuit_breaker(TWO)];
        two_breakers_inside_detached_work, (0, 0), (1, 1):
            #[timeout(1s, cancel = false)] #[circuit_breaker(ONE)] #[circuit_breaker(TWO)];
        a_breaker_inside_an_outer_timeout_and_one_inside_detached_work, (1, 0), (1, 1):
            #[timeout(1s)]
            #[circuit_breaker(ONE)]
            #[timeout(longer(), cancel = false)]
            #[circuit_breaker(TWO)];
    }
}

/// Longer than the total, which the compiler would refuse if it could see it.
const fn longer() -> Duration {
    Duration::from_secs(9)
}

#[tokio::test(start_paused = true)]
async fn breakers_of_called_functions_and_calls_by_hand_count_a_failure() {
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
async fn a_breaker_inside_the_retry_counts_each_attempt_and_one_around_it_counts_the_call() {
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
async fn a_timeout_in_the_queue_of_a_bulkhead_counts_as_a_failure() {
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
async fn breakers_count_a_failure_at_a_deadline_set_by_the_caller() {
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
