//! Retries inside retries: only one level retries.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use resilience::{CallStats, Event, RetryPolicy, SuppressionReason, retry};
use resilience_tests::{EventLog, ms, stats_of};
use tokio::time::sleep;

use crate::server::Server;

#[retry(max_attempts = 3, base_delay = 0ms)]
async fn inner(server: &Server) -> Result<u32, u32> {
    server.request()
}

#[retry(max_attempts = 3, base_delay = 0ms)]
async fn middle(server: &Server) -> Result<u32, u32> {
    inner(server).await
}

#[retry(max_attempts = 3, base_delay = 0ms)]
async fn outer(server: &Server) -> Result<u32, u32> {
    middle(server).await
}

#[tokio::test]
async fn three_levels_of_three_attempts_make_3_calls() {
    let server = Server::down();
    assert_eq!((outer(&server).await, server.requests()), (Err(3), 3));
}

#[tokio::test]
async fn with_nested_allow_three_levels_of_three_attempts_make_27_calls() {
    #[retry(max_attempts = 3, base_delay = 0ms, nested = allow)]
    async fn inner(server: &Server) -> Result<u32, u32> {
        server.request()
    }
    #[retry(max_attempts = 3, base_delay = 0ms, nested = allow)]
    async fn middle(server: &Server) -> Result<u32, u32> {
        inner(server).await
    }
    #[retry(max_attempts = 3, base_delay = 0ms, nested = allow)]
    async fn outer(server: &Server) -> Result<u32, u32> {
        middle(server).await
    }
    let server = Server::down();
    assert_eq!((outer(&server).await, server.requests()), (Err(27), 27));
}

#[tokio::test]
async fn a_level_that_allows_nesting_multiplies_by_its_own_attempts() {
    #[retry(max_attempts = 3, base_delay = 0ms, nested = allow)]
    async fn stubborn(server: &Server) -> Result<u32, u32> {
        inner(server).await
    }
    #[retry(max_attempts = 2, base_delay = 0ms)]
    async fn around(server: &Server) -> Result<u32, u32> {
        stubborn(server).await
    }
    let server = Server::down();
    assert_eq!(
        (around(&server).await, server.requests()),
        (Err(6), 2 * 3),
        "the innermost makes one attempt each time"
    );
}

#[tokio::test]
async fn a_nested_shared_policy_makes_one_attempt_too() {
    static STANDARD: RetryPolicy = RetryPolicy::new("nested standard").base_delay(Duration::ZERO);
    #[retry(STANDARD)]
    async fn around(server: &Server) -> Result<u32, u32> {
        within(server).await
    }
    #[retry(STANDARD)]
    async fn within(server: &Server) -> Result<u32, u32> {
        server.request()
    }
    let server = Server::down();
    assert_eq!((around(&server).await, server.requests()), (Err(3), 3));
}

#[tokio::test]
async fn a_retry_suppressed_by_nesting_emits_an_event_and_is_not_counted() {
    #[retry(max_attempts = 3, base_delay = 0ms, name = "nested::observed")]
    async fn observed(server: &Server) -> Result<u32, u32> {
        server.request()
    }
    #[retry(max_attempts = 3, base_delay = 0ms)]
    async fn around(server: &Server) -> Result<u32, u32> {
        observed(server).await
    }
    let suppressed = EventLog::of(|event| match *event {
        Event::RetrySuppressed { function: "nested::observed", attempt, reason, .. } => {
            Some((attempt, reason))
        }
        _ => None,
    });
    assert_eq!(around(&Server::down()).await, Err(3));
    let first_attempt = (1, SuppressionReason::Nested);
    assert_eq!(suppressed.take(), [first_attempt; 3], "of each of three calls");
    let CallStats { calls, retries, .. } = stats_of("nested::observed");
    assert_eq!((calls, retries), (3, 0));
}

#[tokio::test]
async fn a_retry_that_follows_another_is_not_nested() {
    let server = Server::down();
    assert!(inner(&server).await.is_err());
    assert!(inner(&server).await.is_err());
    assert_eq!(server.requests(), 3 + 3);
}

#[tokio::test(start_paused = true)]
async fn siblings_of_a_suspended_attempt_are_not_nested() {
    #[retry(max_attempts = 3, base_delay = 1ms)]
    async fn slow(server: &Server) -> Result<u32, u32> {
        sleep(ms(10)).await;
        server.request()
    }
    let server = Server::down();
    let later = async {
        sleep(ms(5)).await;
        inner(&server).await
    };
    let (first, second, third) = tokio::join!(slow(&server), later, slow(&server));
    assert!(first.is_err() && second.is_err() && third.is_err());
    assert_eq!(server.requests(), 3 + 3 + 3, "each retries by itself");
}

#[tokio::test]
async fn calls_that_an_attempt_joins_are_nested() {
    #[retry(max_attempts = 3, base_delay = 0ms)]
    async fn around(server: &Server) -> Result<u32, u32> {
        let (first, second) = tokio::join!(inner(server), inner(server));
        first.and(second)
    }
    let server = Server::down();
    assert!(around(&server).await.is_err());
    assert_eq!(server.requests(), 3 * 2);
}

#[tokio::test]
async fn members_of_a_set_that_an_attempt_polls_are_nested() {
    #[retry(max_attempts = 3, base_delay = 0ms)]
    async fn around(server: &Server) -> Result<u32, u32> {
        let mut set: FuturesUnordered<_> = (0..4).map(|_| inner(server)).collect();
        let mut last = Ok(0);
        while let Some(result) = set.next().await {
            last = result;
        }
        last
    }
    let server = Server::down();
    assert!(around(&server).await.is_err());
    assert_eq!(server.requests(), 3 * 4);
}

#[tokio::test]
async fn a_task_spawned_by_an_attempt_is_not_nested() {
    #[retry(max_attempts = 3, base_delay = 0ms)]
    async fn around(server: &Arc<Server>) -> Result<u32, u32> {
        let server = Arc::clone(server);
        tokio::spawn(async move { inner(&server).await }).await.expect("no panic")
    }
    let server = Arc::new(Server::down());
    assert!(around(&server).await.is_err());
    assert_eq!(server.requests(), 3 * 3);
}
