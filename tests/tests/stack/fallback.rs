//! Fallbacks by function, by value and by closure.

use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use resilience::{Bulkhead, CircuitBreaker, Error, Event, Failure};
use resilience::{bulkhead, circuit_breaker, fallback, retry, timeout};
use resilience_tests::{ApiError, EventLog, ms, send};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

/// An error without `From<resilience::Error>`, `Clone` and `Debug`.
struct Bare;

#[tokio::test(start_paused = true)]
async fn a_path_is_called_with_borrowed_and_owned_arguments() {
    async fn cached(key: &str, owned: String, number: u32) -> Result<String, ApiError> {
        sleep(ms(1)).await;
        Ok(format!("{key} {owned} {number}"))
    }
    #[fallback(cached)]
    async fn call(key: &str, owned: String, number: u32) -> Result<String, ApiError> {
        if key == owned { Ok(number.to_string()) } else { Err(ApiError::Down) }
    }
    assert_eq!(call("a", "b".to_owned(), 1).await, Ok("a b 1".to_owned()));
    assert_eq!(call("a", "a".to_owned(), 1).await, Ok("1".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_path_may_be_a_method_that_takes_self() {
    struct Client {
        cached: u32,
    }
    impl Client {
        #[fallback(Self::cached)]
        async fn call(&mut self, add: u32) -> Result<u32, ApiError> {
            self.cached += add;
            Err(ApiError::Down)
        }
        async fn cached(&mut self, add: u32) -> Result<u32, ApiError> {
            sleep(ms(1)).await;
            Ok(self.cached + add)
        }
        #[fallback(Self::given_up)]
        async fn end(self) -> Result<u32, ApiError> {
            if self.cached == 0 { Ok(0) } else { Err(ApiError::Down) }
        }
        async fn given_up(self) -> Result<u32, ApiError> {
            sleep(ms(1)).await;
            Ok(self.cached * 10)
        }
    }
    let mut client = Client { cached: 1 };
    assert_eq!(client.call(2).await, Ok(5));
    assert_eq!(client.end().await, Ok(30));
}

#[tokio::test(start_paused = true)]
async fn a_chain_is_tried_in_order_until_one_answers() {
    async fn replica(calls: &AtomicU32, up: u32) -> Result<u32, ApiError> {
        yield_now().await;
        one(calls, up)
    }
    async fn cache(calls: &AtomicU32, up: u32) -> Result<u32, ApiError> {
        yield_now().await;
        one(calls, up)
    }
    fn one(calls: &AtomicU32, up: u32) -> Result<u32, ApiError> {
        let call = calls.fetch_add(1, Relaxed);
        if call == up { Ok(call) } else { Err(ApiError::Down) }
    }
    #[fallback(replica, cache, value = 99)]
    async fn call(calls: &AtomicU32, up: u32) -> Result<u32, ApiError> {
        one(calls, up)
    }
    for (up, answer, asked) in [(0, 0, 1), (1, 1, 2), (2, 2, 3), (7, 99, 3)] {
        let calls = AtomicU32::new(0);
        assert_eq!((call(&calls, up).await, calls.load(Relaxed)), (Ok(answer), asked), "up: {up}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_value_may_use_the_arguments_and_is_not_computed_on_success() {
    static MADE: AtomicU32 = AtomicU32::new(0);
    #[fallback(value = { MADE.fetch_add(1, Relaxed); default.len() })]
    async fn call(fails: bool, default: &str) -> Result<usize, ApiError> {
        if fails { Err(ApiError::Down) } else { Ok(0) }
    }
    assert_eq!((call(false, "abc").await, MADE.load(Relaxed)), (Ok(0), 0));
    assert_eq!((call(true, "abc").await, MADE.load(Relaxed)), (Ok(3), 1));
}

#[tokio::test(start_paused = true)]
async fn a_closure_receives_each_of_the_four_causes() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("causes");
    static POOL: Bulkhead = Bulkhead::new("causes").max_concurrent(1).max_wait(Duration::ZERO);
    #[fallback(|failure| Ok(match failure {
        Failure::Function(ApiError::Down) => "function",
        Failure::Policy(Error::TimedOut { .. }) => "timeout",
        Failure::Policy(Error::CircuitOpen { name: "causes", .. }) => "breaker",
        Failure::Policy(Error::BulkheadFull { name: "causes", .. }) => "bulkhead",
        _ => "unknown",
    }))]
    #[circuit_breaker(BREAKER)]
    #[bulkhead(POOL)]
    #[timeout(1s)]
    async fn call(hangs: bool) -> Result<&'static str, ApiError> {
        if hangs {
            std::future::pending::<()>().await;
        }
        Err(ApiError::Down)
    }
    assert_eq!(call(false).await, Ok("function"));
    let (first, second) = tokio::join!(call(true), call(true));
    assert_eq!((first, second), (Ok("timeout"), Ok("bulkhead")));
    BREAKER.force_open();
    assert_eq!(call(false).await, Ok("breaker"));
}

#[tokio::test(start_paused = true)]
async fn a_closure_may_wait_borrow_and_fail() {
    #[fallback(|failure| {
        sleep(ms(wait)).await;
        let error = failure.into_error();
        if error == ApiError::Down { Ok(name.len()) } else { Err(error)? }
    })]
    async fn call(name: &str, wait: u64, error: ApiError) -> Result<usize, ApiError> {
        Err(error.clone())
    }
    let began = Instant::now();
    assert_eq!((call("abc", 5, ApiError::Down).await, began.elapsed()), (Ok(3), ms(5)));
    assert_eq!(call("abc", 5, ApiError::NotFound).await, Err(ApiError::NotFound));
}

#[tokio::test(start_paused = true)]
async fn an_error_that_when_declines_is_returned_unchanged() {
    #[fallback(value = 0, when = |error| *error == ApiError::NotFound)]
    #[timeout(1s)]
    async fn call(error: Option<ApiError>) -> Result<u32, ApiError> {
        match error {
            Some(ref error) => Err(error.clone()),
            None => std::future::pending().await,
        }
    }
    assert_eq!(call(Some(ApiError::NotFound)).await, Ok(0));
    assert_eq!(call(Some(ApiError::Down)).await, Err(ApiError::Down));
    assert!(matches!(call(None).await, Err(ApiError::Policy(Error::TimedOut { .. }))));
}

#[tokio::test(start_paused = true)]
async fn when_receives_a_policys_error_as_the_functions_error_type() {
    #[fallback(value = 0, when = |error| matches!(error, ApiError::Policy(_)))]
    #[timeout(1s)]
    async fn call(hangs: bool) -> Result<u32, ApiError> {
        if hangs {
            std::future::pending::<()>().await;
        }
        Err(ApiError::Down)
    }
    assert_eq!((call(true).await, call(false).await), (Ok(0), Err(ApiError::Down)));
}

#[tokio::test(start_paused = true)]
async fn the_error_of_a_fallback_is_returned() {
    async fn fails_too() -> Result<u32, ApiError> {
        sleep(ms(1)).await;
        Err(ApiError::NotFound)
    }
    #[fallback(fails_too)]
    async fn call() -> Result<u32, ApiError> {
        Err(ApiError::Down)
    }
    assert_eq!(call().await, Err(ApiError::NotFound));
}

#[tokio::test(start_paused = true)]
async fn a_fallback_may_be_annotated_itself() {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    #[fallback(value = 7)]
    #[retry(max_attempts = 3, base_delay = 1ms)]
    #[timeout(1s)]
    async fn cached(key: &str) -> Result<u32, ApiError> {
        CALLS.fetch_add(1, Relaxed);
        key.parse().map_err(|_| ApiError::Down)
    }
    #[fallback(cached)]
    #[retry(max_attempts = 2, base_delay = 1ms)]
    async fn call(key: &str) -> Result<u32, ApiError> {
        if key.is_empty() { Ok(0) } else { Err(ApiError::Down) }
    }
    assert_eq!((call("5").await, CALLS.load(Relaxed)), (Ok(5), 1));
    assert_eq!(
        (call("x").await, CALLS.load(Relaxed)),
        (Ok(7), 4),
        "outside the retry: its own attempts"
    );
}

#[tokio::test(start_paused = true)]
async fn a_fallback_runs_outside_the_functions_breaker() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("own").failure_threshold(1);
    #[fallback(|_| BREAKER.call(async || Ok(1)).await.map_err(Failure::into_error))]
    #[circuit_breaker(BREAKER)]
    async fn call() -> Result<u32, ApiError> {
        Err(ApiError::Down)
    }
    assert!(matches!(call().await, Err(ApiError::Policy(Error::CircuitOpen { .. }))));
}

#[tokio::test(start_paused = true)]
async fn no_from_is_needed_below_an_unconditional_fallback() {
    #[fallback(value = 1)]
    #[bulkhead]
    #[circuit_breaker]
    #[retry(base_delay = 1ms)]
    #[timeout(1s)]
    async fn call() -> Result<u32, Bare> {
        std::future::pending().await
    }
    assert_eq!(call().await.ok(), Some(1));
}

#[tokio::test(start_paused = true)]
async fn no_from_is_needed_for_retry_and_fallback_alone() {
    #[fallback(|_| Err(Bare), when = |_| true)]
    #[retry(base_delay = 1ms)]
    async fn both() -> Result<u32, Bare> {
        Err(Bare)
    }
    #[retry(base_delay = 1ms)]
    async fn alone() -> Result<u32, Bare> {
        Err(Bare)
    }
    assert!(both().await.is_err());
    assert!(alone().await.is_err());
}

#[tokio::test(start_paused = true)]
async fn an_error_that_is_not_send_keeps_the_future_send() {
    async fn cached(_key: &str) -> Result<u32, Rc<str>> {
        sleep(ms(1)).await;
        Ok(1)
    }
    #[fallback(cached)]
    async fn always(key: &str) -> Result<u32, Rc<str>> {
        Err(Rc::from(key))
    }
    #[fallback(cached, when = |error| **error == *"down")]
    async fn sometimes(key: &str) -> Result<u32, Rc<str>> {
        Err(Rc::from(key))
    }
    assert_eq!(send(always("down")).await, Ok(1));
    assert_eq!(send(sometimes("down")).await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn each_use_emits_an_event_and_a_success_none() {
    #[fallback(value = 1)]
    async fn observed(fails: bool) -> Result<u32, ApiError> {
        if fails { Err(ApiError::Down) } else { Ok(0) }
    }
    let uses = EventLog::of(|event| match *event {
        Event::FallbackUsed { function: "stack::fallback::observed", .. } => Some(()),
        _ => None,
    });
    assert_eq!((observed(false).await, uses.take().len()), (Ok(0), 0));
    assert_eq!((observed(true).await, uses.take().len()), (Ok(1), 1));
}
