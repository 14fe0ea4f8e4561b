//! The attempts of a retry: when there is another one, and what the caller receives.

use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use resilience::{Bulkhead, CircuitBreaker};
use resilience::{
    Class, Classify, Error, Jitter, RetryPolicy, bulkhead, circuit_breaker, retry, timeout,
};
use resilience_tests::{ApiError, ms, send, without_timer};
use tokio::time::{Instant, sleep};

use crate::server::Server;

#[tokio::test(start_paused = true)]
async fn the_defaults_are_3_attempts_and_delays_of_at_most_1_and_2_s() {
    #[retry]
    async fn call(server: &Server) -> Result<u32, u32> {
        server.request()
    }
    let mut slept = [ms(0); 20];
    for slept in &mut slept {
        let (server, began) = (Server::down(), Instant::now());
        assert_eq!((call(&server).await, server.requests()), (Err(3), 3));
        *slept = began.elapsed();
        assert!(*slept <= ms(3002), "{slept:?}, each rounded up to the timer's millisecond");
    }
    assert!(slept.iter().any(|one| *one != slept[0]), "full jitter");
}

#[tokio::test(start_paused = true)]
async fn the_first_success_ends_the_retry() {
    #[retry(max_attempts = 5, base_delay = 100ms, jitter = none)]
    async fn call(server: &Server) -> Result<u32, u32> {
        server.request()
    }
    let (server, began) = (Server::up_from(2), Instant::now());
    assert_eq!((call(&server).await, server.requests(), began.elapsed()), (Ok(2), 2, ms(100)));
}

#[tokio::test(start_paused = true)]
async fn the_last_error_is_returned_as_it_is() {
    #[retry(max_attempts = 4, base_delay = 1ms)]
    async fn call(server: &Server) -> Result<u32, u32> {
        server.request()
    }
    assert_eq!(call(&Server::down()).await, Err(4));
}

#[tokio::test(start_paused = true)]
async fn constant_delays_stay_the_same() {
    #[retry(max_attempts = 4, backoff = constant, base_delay = 100ms, jitter = none)]
    async fn call(server: &Server) -> Result<u32, u32> {
        server.request()
    }
    let began = Instant::now();
    assert_eq!((call(&Server::down()).await, began.elapsed()), (Err(4), ms(300)));
}

#[tokio::test(start_paused = true)]
async fn linear_delays_grow_by_the_base() {
    #[retry(max_attempts = 4, backoff = linear, base_delay = 100ms, jitter = none)]
    async fn call(server: &Server) -> Result<u32, u32> {
        server.request()
    }
    let began = Instant::now();
    assert_eq!((call(&Server::down()).await, began.elapsed()), (Err(4), ms(100 + 200 + 300)));
}

#[tokio::test(start_paused = true)]
async fn exponential_delays_grow_by_the_factor_up_to_max_delay() {
    #[retry(max_attempts = 5, base_delay = 100ms, factor = 3.0, max_delay = 1s, jitter = none)]
    async fn call(server: &Server) -> Result<u32, u32> {
        server.request()
    }
    let began = Instant::now();
    assert_eq!(
        (call(&Server::down()).await, began.elapsed()),
        (Err(5), ms(100 + 300 + 900 + 1000))
    );
}

#[tokio::test(start_paused = true)]
async fn equal_jitter_sleeps_at_least_half() {
    #[retry(max_attempts = 2, base_delay = 1s, jitter = equal)]
    async fn call(server: &Server) -> Result<u32, u32> {
        server.request()
    }
    for _ in 0..20 {
        let began = Instant::now();
        assert_eq!(call(&Server::down()).await, Err(2));
        assert!((ms(500)..=ms(1001)).contains(&began.elapsed()));
    }
}

#[tokio::test(start_paused = true)]
async fn max_delay_alone_cuts_the_default_of_base_delay() {
    static POLICY: RetryPolicy =
        RetryPolicy::new("short").max_delay(ms(500)).jitter(Jitter::None).max_attempts(3);
    #[retry(max_delay = 500ms, jitter = none)]
    async fn call(server: &Server) -> Result<u32, u32> {
        server.request()
    }
    let began = Instant::now();
    assert_eq!((call(&Server::down()).await, began.elapsed()), (Err(3), ms(1000)));
    let (server, began) = (Server::down(), Instant::now());
    let result = POLICY.call_with(|_| Class::Transient, async || server.request()).await;
    assert_eq!((result, began.elapsed()), (Err(3), ms(1000)));
}

#[test]
fn a_zero_delay_does_not_touch_the_timer() {
    #[retry(max_attempts = 5, base_delay = 0ms)]
    async fn call(server: &Server) -> Result<u32, u32> {
        server.request()
    }
    assert_eq!(without_timer(call(&Server::down())), Err(5));
}

#[tokio::test(start_paused = true)]
async fn max_elapsed_covers_attempts_and_sleeps() {
    #[retry(
        max_attempts = 9,
        backoff = constant,
        base_delay = 100ms,
        jitter = none,
        max_elapsed = 350ms
    )]
    async fn call(server: &Server) -> Result<u32, u32> {
        sleep(ms(50)).await;
        server.request()
    }
    // Attempts begin at 0, 150 and 300 ms; the delay after the third would end at 450 ms.
    let (server, began) = (Server::down(), Instant::now());
    assert_eq!((call(&server).await, began.elapsed()), (Err(3), ms(350)));
}

#[tokio::test(start_paused = true)]
async fn a_delay_that_just_fits_max_elapsed_is_slept() {
    #[retry(
        max_attempts = 9,
        backoff = constant,
        base_delay = 100ms,
        jitter = none,
        max_elapsed = 200ms
    )]
    async fn call(server: &Server) -> Result<u32, u32> {
        server.request()
    }
    let began = Instant::now();
    assert_eq!((call(&Server::down()).await, began.elapsed()), (Err(3), ms(200)));
}

#[tokio::test(start_paused = true)]
async fn a_hint_is_waited_for_before_the_delay_of_the_policy() {
    #[retry(max_attempts = 2, base_delay = 100ms, max_delay = 200ms, jitter = none)]
    async fn call(hint: Duration) -> Result<(), ApiError> {
        Err(ApiError::Busy(hint))
    }
    for (hint, slept) in
        [(ms(0), ms(100)), (ms(40), ms(140)), (ms(150), ms(250)), (ms(5000), ms(5100))]
    {
        let began = Instant::now();
        assert_eq!((call(hint).await, began.elapsed()), (Err(ApiError::Busy(hint)), slept));
    }
}

#[tokio::test(start_paused = true)]
async fn a_hint_longer_than_the_rest_of_max_elapsed_ends_the_retry() {
    #[retry(base_delay = 100ms, jitter = none, max_elapsed = 1s)]
    async fn call(server: &Server, hint: Duration) -> Result<u32, ApiError> {
        server.request().map_err(|_| ApiError::Busy(hint))
    }
    let (server, began) = (Server::down(), Instant::now());
    assert_eq!(call(&server, ms(901)).await, Err(ApiError::Busy(ms(901))));
    assert_eq!((server.requests(), began.elapsed()), (1, ms(0)));
}

#[tokio::test(start_paused = true)]
async fn permanent_and_ignored_errors_are_not_retried() {
    #[retry(base_delay = 1ms)]
    async fn call(server: &Server, error: ApiError) -> Result<u32, ApiError> {
        server.request().map_err(|_| match error {
            ApiError::Invalid => ApiError::Invalid,
            ApiError::NotFound => ApiError::NotFound,
            _ => ApiError::Down,
        })
    }
    for (error, calls) in [(ApiError::Down, 3), (ApiError::Invalid, 1), (ApiError::NotFound, 1)] {
        let server = Server::down();
        assert!(call(&server, error).await.is_err());
        assert_eq!(server.requests(), calls);
    }
}

#[tokio::test(start_paused = true)]
async fn rejections_are_not_retried() {
    static OPEN: CircuitBreaker = CircuitBreaker::new("open");
    static FULL: Bulkhead = Bulkhead::new("full").max_concurrent(1).max_wait(Duration::ZERO);
    #[retry(base_delay = 1s, jitter = none)]
    #[circuit_breaker(OPEN)]
    async fn by_breaker() -> Result<(), ApiError> {
        Ok(())
    }
    #[retry(base_delay = 1s, jitter = none)]
    #[bulkhead(FULL)]
    async fn by_bulkhead() -> Result<(), ApiError> {
        by_bulkhead_of_the_same().await
    }
    #[bulkhead(FULL)]
    async fn by_bulkhead_of_the_same() -> Result<(), ApiError> {
        Ok(())
    }
    OPEN.force_open();
    let began = Instant::now();
    assert!(matches!(by_breaker().await, Err(ApiError::Policy(Error::CircuitOpen { .. }))));
    let rejected = FULL.call(async || Ok::<_, ()>(by_bulkhead().await)).await.expect("one slot");
    assert!(matches!(rejected, Err(ApiError::Policy(Error::BulkheadFull { .. }))));
    assert_eq!(began.elapsed(), ms(0));
}

#[tokio::test(start_paused = true)]
async fn timeouts_are_retried() {
    #[retry(base_delay = 1ms, backoff = constant, jitter = none)]
    #[timeout(10ms)]
    async fn call(server: &Server) -> Result<u32, ApiError> {
        match server.request() {
            Ok(call) => Ok(call),
            Err(_) => std::future::pending().await,
        }
    }
    let began = Instant::now();
    assert_eq!((call(&Server::up_from(3)).await, began.elapsed()), (Ok(3), ms(10 + 1 + 10 + 1)));
}

#[tokio::test(start_paused = true)]
async fn when_overrides_the_class() {
    #[retry(base_delay = 1ms, when = |error| *error != ApiError::Down)]
    async fn call(server: &Server, down: bool) -> Result<u32, ApiError> {
        server.request().map_err(|_| if down { ApiError::Down } else { ApiError::Invalid })
    }
    assert_eq!(call(&Server::up_from(2), true).await, Err(ApiError::Down));
    assert_eq!(call(&Server::up_from(2), false).await, Ok(2));
}

#[tokio::test(start_paused = true)]
async fn when_keeps_the_hint() {
    #[retry(base_delay = 1ms, jitter = none, when = |_| true)]
    async fn call(server: &Server) -> Result<u32, ApiError> {
        server.request().map_err(|_| ApiError::Busy(ms(700)))
    }
    let began = Instant::now();
    assert_eq!((call(&Server::up_from(2)).await, began.elapsed()), (Ok(2), ms(701)));
}

#[tokio::test(start_paused = true)]
async fn when_ok_retries_a_value_and_returns_the_last() {
    #[retry(base_delay = 1ms, when_ok = |call| *call < enough)]
    async fn call(server: &Server, enough: u32) -> Result<u32, ()> {
        server.request().map_err(drop)
    }
    assert_eq!(call(&Server::up_from(0), 2).await, Ok(2));
    assert_eq!(call(&Server::up_from(0), 9).await, Ok(3));
}

#[tokio::test(start_paused = true)]
async fn a_static_policy_is_shared() {
    static SHARED: RetryPolicy = RetryPolicy::new("standard")
        .max_attempts(4)
        .base_delay(ms(100))
        .factor(1.0)
        .jitter(Jitter::None);
    #[retry(SHARED)]
    async fn plain(server: &Server) -> Result<u32, u32> {
        server.request()
    }
    #[retry(SHARED, when = |call| *call < 2)]
    async fn picky(server: &Server) -> Result<u32, u32> {
        server.request()
    }
    #[retry(SHARED, clone(order), when_ok = |(_, call)| *call < 3)]
    async fn consuming(order: Vec<u32>, server: &Server) -> Result<(Vec<u32>, u32), u32> {
        let call = server.request()?;
        Ok((order, call))
    }
    let began = Instant::now();
    assert_eq!((plain(&Server::down()).await, began.elapsed()), (Err(4), ms(300)));
    assert_eq!(picky(&Server::down()).await, Err(2));
    assert_eq!(consuming(vec![7], &Server::up_from(2)).await, Ok((vec![7], 3)));
}

#[tokio::test(start_paused = true)]
async fn durations_may_come_from_parameters_and_self() {
    struct Client {
        delay: Duration,
    }
    impl Client {
        #[retry(
            max_attempts = 3,
            backoff = constant,
            base_delay = self.delay,
            max_elapsed = patience,
            jitter = none
        )]
        async fn call(&self, server: &Server, patience: Duration) -> Result<u32, u32> {
            server.request()
        }
    }
    let client = Client { delay: ms(30) };
    let began = Instant::now();
    assert_eq!(client.call(&Server::down(), ms(1000)).await, Err(3));
    assert_eq!((began.elapsed(), client.call(&Server::down(), ms(29)).await), (ms(60), Err(1)));
}

#[tokio::test(start_paused = true)]
async fn clone_gives_each_attempt_its_own_argument() {
    #[retry(base_delay = 1ms, clone(order))]
    async fn call(order: Vec<u32>, server: &Server) -> Result<Vec<u32>, u32> {
        let consumed = order;
        server.request().map(|_| consumed)
    }
    assert_eq!(call(vec![1, 2], &Server::up_from(3)).await, Ok(vec![1, 2]));
}

#[tokio::test(start_paused = true)]
#[deny(warnings)]
async fn a_clone_of_a_mut_parameter_can_be_changed() {
    #[retry(base_delay = 1ms, clone(order, last))]
    async fn call(
        mut order: Vec<u32>,
        (first, mut last): (u32, u32),
        server: &Server,
    ) -> Result<Vec<u32>, u32> {
        last += 1;
        order.extend([first, last]);
        server.request().map(|_| order)
    }
    #[retry(base_delay = 1ms, clone(order), when = |call| *call < order.len())]
    async fn asked_about(mut order: Vec<u32>, server: &Server) -> Result<Vec<u32>, usize> {
        order.push(9);
        server.request().map(|_| order).map_err(|call| call as usize)
    }
    assert_eq!(call(vec![1], (2, 3), &Server::up_from(3)).await, Ok(vec![1, 2, 4]));
    assert_eq!(asked_about(vec![1, 2], &Server::up_from(2)).await, Ok(vec![1, 2, 9]));
    assert_eq!(
        asked_about(vec![1, 2], &Server::down()).await,
        Err(2),
        "of the caller's, not of the clone"
    );
}

/// An argument with `mut` is not copied, wherever the `mut` is.
#[tokio::test(start_paused = true)]
#[deny(warnings)]
async fn an_attempt_sees_what_the_one_before_has_changed() {
    #[retry(base_delay = 1ms)]
    async fn counted(mut count: u32) -> Result<u32, u32> {
        count += 1;
        if count < 3 { Err(count) } else { Ok(count) }
    }
    #[retry(base_delay = 1ms)]
    async fn in_a_part(_whole @ (mut count, step): (u32, u32)) -> Result<u32, u32> {
        count += step;
        if count < 3 { Err(count) } else { Ok(count) }
    }
    #[retry(base_delay = 1ms, when = |_| left > 0)]
    async fn asked_about(_all @ mut left: u32) -> Result<(), u32> {
        left -= 1;
        Err(left)
    }
    assert_eq!(
        (counted(0).await, in_a_part((0, 1)).await, asked_about(2).await),
        (Ok(3), Ok(3), Err(0))
    );
}

/// A type parameter with the name of a number is not copied.
#[tokio::test(start_paused = true)]
async fn a_type_parameter_may_be_named_like_a_number() {
    #[retry(base_delay = 1ms)]
    #[allow(non_camel_case_types, clippy::builtin_type_shadow)]
    async fn length<u32: ToString + Sync>(
        text: u32,
        server: &Server,
    ) -> Result<usize, std::primitive::u32> {
        server.request().map(|_| text.to_string().len())
    }
    assert_eq!(length(String::from("four"), &Server::up_from(2)).await, Ok(4));
}

#[tokio::test(start_paused = true)]
async fn an_error_that_is_not_send_keeps_the_future_send() {
    #[retry(max_attempts = 2, base_delay = 1ms)]
    async fn call() -> Result<(), Rc<str>> {
        Err(Rc::from("not send"))
    }
    assert_eq!(send(call()).await, Err(Rc::from("not send")));
}

#[tokio::test(start_paused = true)]
async fn an_error_in_a_box_keeps_its_class() {
    #[derive(Debug)]
    struct Refused;
    impl Classify for Refused {
        fn classify(&self) -> Class {
            Class::Permanent
        }
    }
    #[retry(base_delay = 0ms)]
    async fn call(calls: &AtomicU32) -> Result<(), Box<Refused>> {
        calls.fetch_add(1, Relaxed);
        Err(Box::new(Refused))
    }
    let calls = AtomicU32::new(0);
    assert!(call(&calls).await.is_err());
    assert_eq!(calls.load(Relaxed), 1);
}
