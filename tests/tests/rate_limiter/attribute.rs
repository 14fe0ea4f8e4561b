//! `#[rate_limiter]` on functions.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Duration;

use resilience::report::Warning;
use resilience::{
    CircuitBreaker, Error, Keyed, Policy, RateLimiter, circuit_breaker, fallback, rate_limiter,
    registry, resilient, retry, timeout,
};
use resilience_tests::{ApiError, SECOND, ms};
use tokio::time::Instant;

#[tokio::test(start_paused = true)]
async fn every_form_limits_calls() {
    static SHARED: RateLimiter = RateLimiter::new("shared limiter").per_second(1);
    static PER_TENANT: Keyed<RateLimiter, u32> =
        Keyed::new(RateLimiter::new("keyed limiter").per_second(1));
    struct Client {
        limiter: RateLimiter,
    }

    #[rate_limiter(SHARED)]
    async fn shared() -> Result<(), Error> {
        Ok(())
    }

    #[rate_limiter(per_second = 1, burst = 1, max_wait = 2s, obey_retry_after = false)]
    async fn own() -> Result<(), Error> {
        Ok(())
    }

    #[rate_limiter(per = (60, 1min))]
    async fn own_per_minute() -> Result<(), Error> {
        Ok(())
    }

    #[rate_limiter(PER_TENANT.get(&tenant))]
    async fn keyed(tenant: u32) -> Result<(), Error> {
        Ok(())
    }

    impl Client {
        #[rate_limiter(self.limiter)]
        async fn method(&self) -> Result<(), Error> {
            Ok(())
        }
    }

    let client = Client { limiter: RateLimiter::new("of a value").per_second(1) };
    let start = Instant::now();
    for _ in 0..2 {
        shared().await.expect("in time");
        own().await.expect("in time");
        own_per_minute().await.expect("in time");
        keyed(7).await.expect("in time");
        client.method().await.expect("in time");
    }
    assert_eq!(start.elapsed(), SECOND, "each limiter has waited at the same time");
}

#[tokio::test(start_paused = true)]
async fn the_cost_is_an_expression_over_the_parameters() {
    static ROWS: RateLimiter = RateLimiter::new("rows").per_second(10).burst(10);

    #[rate_limiter(ROWS, cost = u32::try_from(rows.len()).unwrap_or(u32::MAX))]
    async fn insert(rows: Vec<u8>) -> Result<usize, Error> {
        Ok(rows.len())
    }

    let start = Instant::now();
    assert_eq!(insert(vec![0; 10]).await, Ok(10));
    assert_eq!(insert(vec![0; 5]).await, Ok(5));
    assert_eq!(start.elapsed(), ms(500));
    let never = insert(vec![0; 11]).await.expect_err("more than the burst");
    assert_eq!((never.name(), never.retry_after()), ("rows", None));
}

#[tokio::test(start_paused = true)]
async fn a_rejection_is_no_failure_of_a_breaker_and_is_not_retried() {
    static BREAKER: CircuitBreaker = CircuitBreaker::new("limited").consecutive_failures(1);
    static NEVER_WAITS: RateLimiter =
        RateLimiter::new("inside").per_second(1).max_wait(Duration::ZERO);

    #[circuit_breaker(BREAKER)]
    #[retry(max_attempts = 3, base_delay = 1s, jitter = none)]
    #[rate_limiter(NEVER_WAITS)]
    async fn limited() -> Result<(), Error> {
        Ok(())
    }

    assert_eq!(limited().await, Ok(()));
    let start = Instant::now();
    assert!(limited().await.is_err_and(|error| error.is_rate_limited()));
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(BREAKER.snapshot().failures, 0);
    let function = registry().functions().find(|it| it.path().ends_with("::limited"));
    let stats = function.expect("it is annotated").stats();
    assert_eq!((stats.rejected, stats.rate_limiter_rejections, stats.retries), (1, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_retry_comes_back_when_the_dependency_said() {
    static OBEYING: RateLimiter = RateLimiter::new("obeying").per_second(100);
    static CALLS: AtomicU32 = AtomicU32::new(0);

    #[retry(max_attempts = 2, base_delay = 1ms, jitter = none)]
    #[rate_limiter(OBEYING)]
    async fn asked(start: Instant) -> Result<Duration, ApiError> {
        match CALLS.fetch_add(1, SeqCst) {
            0 => Err(ApiError::Busy(10 * SECOND)),
            _ => Ok(start.elapsed()),
        }
    }

    let start = Instant::now();
    let waited = asked(start).await.expect("the second attempt succeeds");
    assert!(waited >= 10 * SECOND && waited < 11 * SECOND, "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_wait_counts_against_a_timeout_around_it() {
    static SLOW: RateLimiter = RateLimiter::new("slow limiter").per_second(1);

    #[timeout(500ms)]
    #[rate_limiter(SLOW)]
    async fn inside() -> Result<(), Error> {
        Ok(())
    }

    assert_eq!(inside().await, Ok(()));
    let start = Instant::now();
    let error = inside().await.expect_err("its turn comes after the limit");
    assert!(error.is_rate_limited(), "{error}");
    assert_eq!(start.elapsed(), Duration::ZERO, "known at once");
}

#[tokio::test(start_paused = true)]
async fn a_policy_limits_each_attempt() {
    static LIMITED: Policy = Policy::new("limited policy")
        .rate_limiter(RateLimiter::new("limited policy").per_second(1))
        .retry(resilience::RetryPolicy::new("limited policy").max_attempts(2).base_delay(ms(1)));
    static CALLS: AtomicU32 = AtomicU32::new(0);

    #[resilient(LIMITED)]
    async fn attribute() -> Result<(), ApiError> {
        if CALLS.fetch_add(1, SeqCst) == 0 { Err(ApiError::Down) } else { Ok(()) }
    }

    let start = Instant::now();
    assert_eq!(attribute().await, Ok(()));
    assert_eq!(start.elapsed(), SECOND);
    let called = LIMITED.call(async || Ok::<_, ApiError>(())).await;
    assert!(called.is_ok());
    assert_eq!(start.elapsed(), 2 * SECOND);
    assert!(LIMITED.layers().rate_limiter.is_some());
    let busy = LIMITED
        .call_with(|(): &()| resilience::Class::RetryAfter(9 * SECOND), async || Err::<(), _>(()));
    assert!(tokio::time::timeout(3 * SECOND, busy).await.is_err());
    assert!(
        registry()
            .rate_limiter("limited policy")
            .is_some_and(|it| { it.snapshot().paused_for.is_some() })
    );
}

#[test]
fn the_registry_knows_the_limiter_and_warns_above_a_retry() {
    static ABOVE: RateLimiter = RateLimiter::new("above a retry").per_second(5).burst(2);

    #[fallback(value = ())]
    #[rate_limiter(ABOVE)]
    #[retry]
    async fn above() -> Result<(), ApiError> {
        Ok(())
    }

    drop(above());
    let limiter = registry().rate_limiter("above a retry").expect("an attribute names it");
    assert_eq!(limiter.limits().to_string(), ABOVE.limits().to_string());
    let report = registry().report();
    let warned = report.warnings().any(|warning| {
        matches!(warning, Warning::LimitedAboveRetry { limiter: Some("above a retry"), .. })
    });
    assert!(warned);
    let text = report.to_string();
    assert!(text.contains("5 per second, 2 at once, others wait up to 5s"), "{text}");
    let health = registry().health();
    assert!(health.rate_limiters.iter().any(|limiter| limiter.name == "above a retry"));
}
