//! Four services that call each other, each with a shorter limit than its caller, and a database
//! that is slower than all limits: the number of queries that one request becomes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use resilience::{Error, remaining, retry, timeout, with_deadline};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep};

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A database that takes 5 s for a query, even if the caller has given up.
#[derive(Default)]
struct Database {
    queries: Mutex<Vec<Instant>>,
}

impl Database {
    async fn query(self: Arc<Self>) -> Result<(), Error> {
        self.queries.lock().expect("no panic").push(Instant::now());
        let query = async {
            sleep(seconds(5)).await;
            Ok(())
        };
        served(query.boxed()).await
    }

    /// Returns the number of queries by the second at which they were made.
    fn queries_since(&self, start: Instant) -> BTreeMap<u64, u32> {
        let mut at = BTreeMap::new();
        for query in &*self.queries.lock().expect("no panic") {
            *at.entry((*query - start).as_secs()).or_default() += 1;
        }
        at
    }
}

fn count(queries: &BTreeMap<u64, u32>) -> u32 {
    queries.values().sum()
}

/// Sends a request to another process, which continues even if nobody waits for the answer.
async fn served(request: BoxFuture<'static, Result<(), Error>>) -> Result<(), Error> {
    let (answer, answered) = oneshot::channel();
    tokio::spawn(async {
        // The caller may have given up.
        let _ = answer.send(request.await);
    });
    answered.await.expect("the service does not panic")
}

/// Services that do not know the deadlines of their callers, and try twice.
mod without_deadlines {
    use super::*;

    #[retry(max_attempts = 2, base_delay = 0ms)]
    #[timeout(10s)]
    pub(super) async fn first(database: &Arc<Database>) -> Result<(), Error> {
        let database = Arc::clone(database);
        served(async move { second(&database).await }.boxed()).await
    }

    #[retry(max_attempts = 2, base_delay = 0ms)]
    #[timeout(8s)]
    async fn second(database: &Arc<Database>) -> Result<(), Error> {
        let database = Arc::clone(database);
        served(async move { third(&database).await }.boxed()).await
    }

    #[retry(max_attempts = 2, base_delay = 0ms)]
    #[timeout(6s)]
    async fn third(database: &Arc<Database>) -> Result<(), Error> {
        let database = Arc::clone(database);
        served(async move { fourth(&database).await }.boxed()).await
    }

    #[retry(max_attempts = 2, base_delay = 0ms)]
    #[timeout(4s)]
    async fn fourth(database: &Arc<Database>) -> Result<(), Error> {
        Arc::clone(database).query().await
    }
}

/// Services that know the deadlines of their callers: only the first one retries, within one limit
/// for all its attempts.
mod with_deadlines {
    use super::*;

    /// Serves a request under the deadline that a header carries.
    async fn with_header(request: BoxFuture<'static, Result<(), Error>>) -> Result<(), Error> {
        let header = remaining().map(|left| left.as_millis().to_string());
        let service = async move {
            let left = header.and_then(|header| header.parse().ok()).map(Duration::from_millis);
            with_deadline(left.map(|left| Instant::now() + left), request).await
        };
        served(service.boxed()).await
    }

    #[timeout(10s)]
    #[retry(max_attempts = 3, base_delay = 0ms)]
    pub(super) async fn first(database: &Arc<Database>) -> Result<(), Error> {
        let database = Arc::clone(database);
        with_header(async move { second(&database).await }.boxed()).await
    }

    #[timeout(8s)]
    async fn second(database: &Arc<Database>) -> Result<(), Error> {
        let database = Arc::clone(database);
        with_header(async move { third(&database).await }.boxed()).await
    }

    #[timeout(6s)]
    async fn third(database: &Arc<Database>) -> Result<(), Error> {
        let database = Arc::clone(database);
        with_header(async move { fourth(&database).await }.boxed()).await
    }

    #[timeout(4s)]
    async fn fourth(database: &Arc<Database>) -> Result<(), Error> {
        with_header(Arc::clone(database).query().boxed()).await
    }
}

/// All attempts fail, since the limit of the fourth service is shorter than the query. No service
/// learns that in time: each gives an attempt up and makes the next one while the one below still
/// works on the first. So every service makes its second attempt at its own limit after the first,
/// and a request to the first service becomes a query at every sum of
///
/// > {0 or 10} + {0 or 8} + {0 or 6} + {0 or 4} seconds.
///
/// At 20 s, after two attempts of 10, the caller receives the error: the sums up to then are 0, 4,
/// 6, 8, 10 (as 10 and as 6 + 4), 12, 14 (as 10 + 4 and as 8 + 6), 16, 18 (as 10 + 8 and as
/// 8 + 6 + 4) and 20, which makes 13 queries. Three more follow at 22, 24 and 28 s, when nobody
/// waits.
#[tokio::test(start_paused = true)]
async fn with_retries_at_each_level_and_no_deadlines_one_request_becomes_16_queries() {
    let (database, start) = (Arc::new(Database::default()), Instant::now());
    let failed = without_deadlines::first(&database).await;
    assert!(
        matches!(failed, Err(Error::TimedOut { limit, .. }) if limit == seconds(10)),
        "{failed:?}"
    );
    assert_eq!(start.elapsed(), seconds(20));

    // Lets all that happens at the moment of the answer happen.
    sleep(Duration::from_millis(1)).await;
    let queries = database.queries_since(start);
    assert_eq!(count(&queries), 13, "{queries:?}");
    let expected =
        [(0, 1), (4, 1), (6, 1), (8, 1), (10, 2), (12, 1), (14, 2), (16, 1), (18, 2), (20, 1)];
    assert_eq!(queries, BTreeMap::from(expected));

    sleep(seconds(60)).await;
    let queries = database.queries_since(start);
    assert_eq!(count(&queries), 16, "{queries:?}");
}

/// The fourth service gives up at 4 s, and since no service between retries, the first one is
/// informed at once: it makes attempts at 0, 4 and 8 s. The last attempt has 2 s left, and all four
/// services keep to them.
#[tokio::test(start_paused = true)]
async fn with_deadlines_and_retries_at_one_level_one_request_becomes_3_queries() {
    let (database, start) = (Arc::new(Database::default()), Instant::now());
    let failed = with_deadlines::first(&database).await;
    assert!(
        matches!(failed, Err(Error::TimedOut { limit, .. }) if limit == seconds(10)),
        "{failed:?}"
    );
    assert_eq!(start.elapsed(), seconds(10));
    assert_eq!(database.queries_since(start), BTreeMap::from([(0, 1), (4, 1), (8, 1)]));

    sleep(seconds(60)).await;
    assert_eq!(count(&database.queries_since(start)), 3, "nobody works on for nobody");
}

/// In one task a retry inside an attempt of another makes one attempt, and the deadline is known.
#[tokio::test(start_paused = true)]
async fn within_one_task_retries_at_each_level_make_no_more_queries_than_at_one() {
    #[timeout(10s)]
    #[retry(base_delay = 0ms)]
    async fn first(queries: &AtomicU32) -> Result<(), Error> {
        second(queries).await
    }
    #[timeout(8s)]
    #[retry(base_delay = 0ms)]
    async fn second(queries: &AtomicU32) -> Result<(), Error> {
        third(queries).await
    }
    #[timeout(6s)]
    #[retry(base_delay = 0ms)]
    async fn third(queries: &AtomicU32) -> Result<(), Error> {
        fourth(queries).await
    }
    #[timeout(4s)]
    #[retry(base_delay = 0ms)]
    async fn fourth(queries: &AtomicU32) -> Result<(), Error> {
        queries.fetch_add(1, SeqCst);
        sleep(seconds(5)).await;
        Ok(())
    }
    let (queries, start) = (AtomicU32::new(0), Instant::now());
    assert!(first(&queries).await.is_err());
    assert_eq!((queries.load(SeqCst), start.elapsed()), (3, seconds(10)));
}
