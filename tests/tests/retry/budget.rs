//! A budget limits the retries of all its functions to a share of their calls.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use resilience::{Event, RetryBudget, RetryPolicy, SuppressionReason, retry};
use resilience_tests::{EventLog, with_paused_clock};
use tokio::time::advance;

use crate::server::Server;

#[tokio::test(start_paused = true)]
async fn a_full_outage_makes_at_most_a_fifth_more_requests() {
    static BUDGET: RetryBudget = RetryBudget::new("outage");

    #[retry(max_attempts = 3, base_delay = 10ms, budget = BUDGET)]
    async fn call(server: &'static Server) -> Result<u32, u32> {
        server.request()
    }

    static SERVER: Server = Server::down();
    let start = tokio::time::Instant::now();
    // A hundred calls a second, for a hundred seconds.
    for _ in 0..10_000 {
        tokio::spawn(call(&SERVER));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let seconds = start.elapsed().as_secs_f64();
    let requests = f64::from(SERVER.requests());
    let reserve = 10.0 * (seconds + 1.0);
    assert!(requests <= 10_000.0 * 1.2 + reserve, "{requests} requests");
    assert!(requests >= 10_000.0 * 1.2, "what is allowed is used: {requests} requests");
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_calls_at_once_make_at_most_a_fifth_more_requests() {
    static BUDGET: RetryBudget = RetryBudget::new("at once");

    #[retry(max_attempts = 3, base_delay = 0s, budget = BUDGET)]
    async fn call(server: &Server) -> Result<u32, u32> {
        server.request()
    }

    let server = Server::down();
    futures_util::future::join_all((0..10_000).map(|_| call(&server))).await;
    assert_eq!(server.requests(), 10_000 + 2_000 + 10);
}

#[tokio::test(start_paused = true)]
async fn a_healthy_service_is_not_throttled() {
    static BUDGET: RetryBudget = RetryBudget::new("health").min_per_sec(0);

    #[retry(max_attempts = 2, base_delay = 0s, budget = BUDGET)]
    async fn call(number: u32, attempts: &AtomicU32) -> Result<(), ()> {
        let attempt = attempts.fetch_add(1, Relaxed) + 1;
        // Every tenth call needs a second attempt.
        if number.is_multiple_of(10) && attempt == 1 { Err(()) } else { Ok(()) }
    }

    for number in 1..10_000 {
        call(number, &AtomicU32::new(0)).await.expect("the second attempt succeeds");
        advance(Duration::from_millis(3)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_budget_is_shared_by_all_functions_that_name_it() {
    static BUDGET: RetryBudget = RetryBudget::new("shared").ratio(0.5).min_per_sec(0);
    static POLICY: RetryPolicy =
        RetryPolicy::new("shared").base_delay(Duration::ZERO).budget(&BUDGET);

    #[retry(POLICY)]
    async fn by_policy(server: &Server) -> Result<u32, u32> {
        server.request()
    }
    #[retry(max_attempts = 5, base_delay = 0s, budget = BUDGET)]
    async fn by_argument(server: &Server) -> Result<u32, u32> {
        server.request()
    }

    let (up, down) = (Server::up(), Server::down());
    for _ in 0..3 {
        by_policy(&up).await.expect("up");
    }
    assert_eq!(BUDGET.available(), 1, "one and a half");
    by_argument(&down).await.expect_err("down");
    assert_eq!(down.requests(), 1 + 2, "its own half token makes two");
}

#[tokio::test(start_paused = true)]
async fn a_call_inside_another_retry_deposits_nothing() {
    static BUDGET: RetryBudget = RetryBudget::new("nested").min_per_sec(0);

    #[retry(max_attempts = 3, base_delay = 0s, budget = BUDGET)]
    async fn inner(server: &Server) -> Result<u32, u32> {
        server.request()
    }
    #[retry(max_attempts = 3, base_delay = 0s, budget = BUDGET)]
    async fn outer(server: &Server) -> Result<u32, u32> {
        inner(server).await
    }

    let server = Server::down();
    for _ in 0..10_000 {
        outer(&server).await.expect_err("down");
    }
    assert_eq!(server.requests(), 12_000, "the retries pay for no others");
    inner(&server).await.expect_err("down");
    assert_eq!(BUDGET.available(), 0);
    for _ in 0..4 {
        inner(&Server::up()).await.expect("up");
    }
    assert_eq!(BUDGET.available(), 1, "by itself it deposits");
}

#[tokio::test(start_paused = true)]
async fn deposits_expire_after_ten_seconds() {
    static BUDGET: RetryBudget = RetryBudget::new("expiring").ratio(1.0).min_per_sec(0);

    #[retry(base_delay = 0s, budget = BUDGET)]
    async fn call(server: &Server) -> Result<u32, u32> {
        server.request()
    }

    let up = Server::up();
    for _ in 0..1000 {
        call(&up).await.expect("up");
    }
    assert_eq!(BUDGET.available(), 1000);
    advance(Duration::from_secs(9)).await;
    assert_eq!(BUDGET.available(), 1000);
    advance(Duration::from_secs(1)).await;
    assert_eq!(BUDGET.available(), 0);
    let down = Server::down();
    call(&down).await.expect_err("down");
    assert_eq!(down.requests(), 1 + 1, "paid by the call itself");
}

#[tokio::test(start_paused = true)]
async fn the_reserve_is_always_available_and_fills_evenly() {
    static BUDGET: RetryBudget = RetryBudget::new("reserve").ratio(0.0).min_per_sec(4);

    #[retry(max_attempts = 100, base_delay = 0s, budget = BUDGET)]
    async fn call(server: &Server) -> Result<u32, u32> {
        server.request()
    }

    let retries = async || {
        let server = Server::down();
        call(&server).await.expect_err("down");
        server.requests() - 1
    };
    assert_eq!(retries().await, 4);
    assert_eq!(retries().await, 0);
    advance(Duration::from_millis(250)).await;
    assert_eq!(retries().await, 1);
    advance(Duration::from_secs(100)).await;
    assert_eq!(retries().await, 4, "no more than a second's worth");
}

#[tokio::test(start_paused = true)]
async fn a_retry_that_the_budget_suppresses_emits_an_event_and_returns_the_last_error_at_once() {
    static BUDGET: RetryBudget = RetryBudget::new("suppressing").ratio(0.0).min_per_sec(0);

    #[retry(base_delay = 1s, budget = BUDGET, name = "budget::suppressed")]
    async fn call() -> Result<(), &'static str> {
        Err("down")
    }

    let suppressed = EventLog::of(|event| match *event {
        Event::RetrySuppressed { function: "budget::suppressed", attempt, reason, .. } => {
            Some((attempt, reason))
        }
        _ => None,
    });
    let start = tokio::time::Instant::now();
    assert_eq!(call().await, Err("down"));
    assert_eq!(start.elapsed(), Duration::ZERO, "asked before the sleep");
    assert_eq!(suppressed.take(), [(1, SuppressionReason::Budget)]);
}

#[test]
fn threads_together_never_spend_more_than_was_deposited() {
    static BUDGET: RetryBudget = RetryBudget::new("threads").ratio(0.5).min_per_sec(0);
    static SERVER: Server = Server::down();

    #[retry(max_attempts = 3, base_delay = 0s, budget = BUDGET)]
    async fn call() -> Result<u32, u32> {
        SERVER.request()
    }

    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_time()
                    .build()
                    .expect("a runtime");
                runtime.block_on(async {
                    for _ in 0..5_000 {
                        call().await.expect_err("down");
                    }
                });
            });
        }
    });
    assert!(SERVER.requests() <= 30_000, "{}", SERVER.requests());
    assert!(SERVER.requests() >= 29_000, "{}", SERVER.requests());
}

#[test]
fn a_clock_that_goes_back_leaves_no_budget_empty() {
    static BUDGET: RetryBudget = RetryBudget::new("clocks").ratio(0.0).min_per_sec(5);

    #[retry(max_attempts = 20, base_delay = 0s, budget = BUDGET)]
    async fn call(server: &Server) -> Result<u32, u32> {
        server.request()
    }

    // Each paused clock starts at the real time, an hour before the moment that the one before
    // has reached.
    for _ in 0..3 {
        with_paused_clock(async {
            advance(Duration::from_secs(3600)).await;
            let server = Server::down();
            assert!(call(&server).await.is_err());
            assert_eq!(server.requests(), 6, "the reserve is full");
        });
        with_paused_clock(async {
            let server = Server::down();
            assert!(call(&server).await.is_err());
            assert_eq!(server.requests(), 6, "the reserve is full");
        });
    }
}
