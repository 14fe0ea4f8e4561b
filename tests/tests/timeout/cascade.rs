//! Four services in a row, each with a shorter limit than the one that calls it, over a database that answers too late for all of them:
//! what becomes of one request.

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

/// When each query reached it. It takes 5 s, and goes on with a query whoever has given it up.
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

    /// The seconds at which queries were made, and how many at each.
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

/// A request to another process: that goes on with it, also when nobody waits for the answer any more.
async fn served(request: BoxFuture<'static, Result<(), Error>>) -> Result<(), Error> {
    let (answer, answered) = oneshot::channel();
    tokio::spawn(async {
        // Nobody may be there to hear it.
        let _ = answer.send(request.await);
    });
    answered.await.expect("the service does not panic")
}

/// Each service on its own: it knows nothing of those above it, and tries twice.
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

/// The first service retries, within one limit for all of it; the others are told how long there is, and try once.
mod with_deadlines {
    use super::*;

    /// What the other side makes of a header that says how long there is.
    async fn told(request: BoxFuture<'static, Result<(), Error>>) -> Result<(), Error> {
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
        told(async move { second(&database).await }.boxed()).await
    }

    #[timeout(8s)]
    async fn second(database: &Arc<Database>) -> Result<(), Error> {
        let database = Arc::clone(database);
        told(async move { third(&database).await }.boxed()).await
    }

    #[timeout(6s)]
    async fn third(database: &Arc<Database>) -> Result<(), Error> {
        let database = Arc::clone(database);
        told(async move { fourth(&database).await }.boxed()).await
    }

    #[timeout(4s)]
    async fn fourth(database: &Arc<Database>) -> Result<(), Error> {
        told(Arc::clone(database).query().boxed()).await
    }
}

/// All attempts fail, since the limit of the fourth service is shorter than the query. Nobody hears that in time: each service gives
/// an attempt up and makes the next one while the one below still works on the first. So every service makes its second attempt, at its
/// own limit after the first: a request to the first service becomes a query at every sum of
///
/// > {0 or 10} + {0 or 8} + {0 or 6} + {0 or 4} seconds.
///
/// At 20 s, after two attempts of 10, the caller is told that it has failed: the sums up to then are 0, 4, 6, 8, 10 (as
/// 10 and as 6 + 4), 12, 14 (as 10 + 4 and as 8 + 6), 16, 18 (as 10 + 8 and as 8 + 6 + 4) and 20, which makes 13 queries. Three more
/// are made for nobody, at 22, 24 and 28 s.
#[tokio::test(start_paused = true)]
async fn with_retries_at_each_level_and_no_deadlines_one_request_becomes_16_queries() {
    let (database, start) = (Arc::new(Database::default()), Instant::now());
    let failed = without_deadlines::first(&database).await;
    assert!(matches!(failed, Err(Error::TimedOut { limit, .. }) if limit == seconds(10)), "{failed:?}");
    assert_eq!(start.elapsed(), seconds(20));

    // What happens in the moment of the answer has happened.
    sleep(Duration::from_millis(1)).await;
    let queries = database.queries_since(start);
    assert_eq!(count(&queries), 13, "{queries:?}");
    let expected = [(0, 1), (4, 1), (6, 1), (8, 1), (10, 2), (12, 1), (14, 2), (16, 1), (18, 2), (20, 1)];
    assert_eq!(queries, BTreeMap::from(expected));

    sleep(seconds(60)).await;
    let queries = database.queries_since(start);
    assert_eq!(count(&queries), 16, "{queries:?}");
}

/// The fourth service gives up at 4 s, and as nobody between retries, the first service hears that at once: it makes attempts at 0, 4 and 8 s. The
/// last has 2 s left, and all four keep to them.
#[tokio::test(start_paused = true)]
async fn with_deadlines_and_retries_at_one_level_one_request_becomes_3_queries() {
    let (database, start) = (Arc::new(Database::default()), Instant::now());
    let failed = with_deadlines::first(&database).await;
    assert!(matches!(failed, Err(Error::TimedOut { limit, .. }) if limit == seconds(10)), "{failed:?}");
    assert_eq!(start.elapsed(), seconds(10));
    assert_eq!(database.queries_since(start), BTreeMap::from([(0, 1), (4, 1), (8, 1)]));

    sleep(seconds(60)).await;
    assert_eq!(count(&database.queries_since(start)), 3, "nobody works on for nobody");
}

/// In one process nobody needs to be told: a retry within an attempt of another makes one attempt, and the deadline is around.
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
