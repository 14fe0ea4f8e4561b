//! One level retries: what is inside an attempt, and what is not.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use resilience::{Event, RetryPolicy, Stats, Suppression, observe, registry, retry};
use tokio::time::sleep;

/// Counts who asks, and is down.
#[derive(Default)]
struct Server {
    requests: AtomicU32,
}

impl Server {
    fn request(&self) -> Result<(), ()> {
        self.requests.fetch_add(1, Relaxed);
        Err(())
    }

    fn requests(&self) -> u32 {
        self.requests.load(Relaxed)
    }
}

#[retry(max_attempts = 3, base_delay = 0ms)]
async fn inner(server: &Server) -> Result<(), ()> {
    server.request()
}

#[retry(max_attempts = 3, base_delay = 0ms)]
async fn middle(server: &Server) -> Result<(), ()> {
    inner(server).await
}

#[retry(max_attempts = 3, base_delay = 0ms)]
async fn outer(server: &Server) -> Result<(), ()> {
    middle(server).await
}

#[tokio::test]
async fn three_levels_of_three_attempts_make_3_calls() {
    let server = Server::default();
    assert_eq!((outer(&server).await, server.requests()), (Err(()), 3));
}

#[tokio::test]
async fn without_the_rule_three_levels_of_three_attempts_make_27_calls() {
    #[retry(max_attempts = 3, base_delay = 0ms, nested = allow)]
    async fn inner(server: &Server) -> Result<(), ()> {
        server.request()
    }
    #[retry(max_attempts = 3, base_delay = 0ms, nested = allow)]
    async fn middle(server: &Server) -> Result<(), ()> {
        inner(server).await
    }
    #[retry(max_attempts = 3, base_delay = 0ms, nested = allow)]
    async fn outer(server: &Server) -> Result<(), ()> {
        middle(server).await
    }
    let server = Server::default();
    assert_eq!((outer(&server).await, server.requests()), (Err(()), 27));
}

#[tokio::test]
async fn one_level_that_opts_out_multiplies_by_its_own_attempts() {
    #[retry(max_attempts = 3, base_delay = 0ms, nested = allow)]
    async fn stubborn(server: &Server) -> Result<(), ()> {
        inner(server).await
    }
    #[retry(max_attempts = 2, base_delay = 0ms)]
    async fn around(server: &Server) -> Result<(), ()> {
        stubborn(server).await
    }
    let server = Server::default();
    assert_eq!(
        (around(&server).await, server.requests()),
        (Err(()), 2 * 3),
        "the innermost makes one attempt each time"
    );
}

#[tokio::test]
async fn a_shared_policy_follows_the_rule_too() {
    static STANDARD: RetryPolicy = RetryPolicy::new("nested standard").base_delay(Duration::ZERO);
    #[retry(STANDARD)]
    async fn around(server: &Server) -> Result<(), ()> {
        within(server).await
    }
    #[retry(STANDARD)]
    async fn within(server: &Server) -> Result<(), ()> {
        server.request()
    }
    let server = Server::default();
    assert_eq!((around(&server).await, server.requests()), (Err(()), 3));
}

#[tokio::test]
async fn what_is_not_retried_for_that_reason_is_told_and_counted() {
    #[retry(max_attempts = 3, base_delay = 0ms, name = "nested::told")]
    async fn told(server: &Server) -> Result<(), ()> {
        server.request()
    }
    #[retry(max_attempts = 3, base_delay = 0ms)]
    async fn around(server: &Server) -> Result<(), ()> {
        told(server).await
    }
    static ATTEMPTS: Mutex<Vec<u32>> = Mutex::new(Vec::new());
    let _log = observe(|event| {
        if let Event::RetrySuppressed {
            function: "nested::told", attempt, reason: Suppression::Nested, ..
        } = *event
        {
            ATTEMPTS.lock().expect("no panic").push(attempt);
        }
    });
    assert_eq!(around(&Server::default()).await, Err(()));
    assert_eq!(*ATTEMPTS.lock().expect("no panic"), [1, 1, 1], "the first attempt of each of three calls");
    let function =
        registry().functions().find(|function| function.path() == "nested::told").expect("it is listed");
    let Stats { calls, retries, .. } = function.stats();
    assert_eq!((calls, retries), (3, 0));
}

#[tokio::test]
async fn a_retry_after_another_one_has_ended_is_not_inside_it() {
    let server = Server::default();
    assert!(inner(&server).await.is_err());
    assert!(inner(&server).await.is_err());
    assert_eq!(server.requests(), 3 + 3);
}

#[tokio::test(start_paused = true)]
async fn siblings_of_a_suspended_attempt_are_not_inside_it() {
    #[retry(max_attempts = 3, base_delay = 1ms)]
    async fn slow(server: &Server) -> Result<(), ()> {
        sleep(Duration::from_millis(10)).await;
        server.request()
    }
    let server = Server::default();
    let later = async {
        sleep(Duration::from_millis(5)).await;
        inner(&server).await
    };
    assert_eq!(tokio::join!(slow(&server), later, slow(&server)), (Err(()), Err(()), Err(())));
    assert_eq!(server.requests(), 3 + 3 + 3, "each retries by itself");
}

#[tokio::test]
async fn siblings_that_one_attempt_joins_are_all_inside_it() {
    #[retry(max_attempts = 3, base_delay = 0ms)]
    async fn around(server: &Server) -> Result<(), ()> {
        let (first, second) = tokio::join!(inner(server), inner(server));
        first.and(second)
    }
    let server = Server::default();
    assert_eq!((around(&server).await, server.requests()), (Err(()), 3 * 2));
}

#[tokio::test]
async fn members_of_a_set_that_an_attempt_polls_are_inside_it() {
    #[retry(max_attempts = 3, base_delay = 0ms)]
    async fn around(server: &Server) -> Result<(), ()> {
        let mut set: FuturesUnordered<_> = (0..4).map(|_| inner(server)).collect();
        let mut all = Ok(());
        while let Some(one) = set.next().await {
            all = all.and(one);
        }
        all
    }
    let server = Server::default();
    assert_eq!((around(&server).await, server.requests()), (Err(()), 3 * 4));
}

#[tokio::test]
async fn a_task_spawned_by_an_attempt_retries_by_itself() {
    #[retry(max_attempts = 3, base_delay = 0ms)]
    async fn around(server: &Arc<Server>) -> Result<(), ()> {
        let server = Arc::clone(server);
        tokio::spawn(async move { inner(&server).await }).await.expect("no panic")
    }
    let server = Arc::<Server>::default();
    assert_eq!((around(&server).await, server.requests()), (Err(()), 3 * 3));
}
