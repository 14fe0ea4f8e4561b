//! Functions that return futures, and methods of `#[async_trait]`, which are such functions.
#![deny(warnings)]
#![allow(clippy::unused_async, reason = "fallbacks and small bodies that need not wait")]

use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use resilience::{Bulkhead, CircuitBreaker, bulkhead, circuit_breaker, fallback, retry, timeout};
use resilience_tests::send;

static PAYMENT: CircuitBreaker = CircuitBreaker::new("futures");
static POOL: Bulkhead = Bulkhead::new("futures");

type Answer<T> = Result<T, resilience::Error>;
type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
type Promised<'a> = Pin<Box<dyn Future<Output = Answer<usize>> + Send + 'a>>;

#[fallback(plain_fallback)]
#[bulkhead(POOL)]
#[circuit_breaker(PAYMENT)]
#[retry(max_attempts = 2, base_delay = 1ms)]
#[timeout(5s)]
fn plain(text: &str) -> impl Future<Output = Answer<usize>> + Send {
    let before = text.len();
    async move {
        ready(()).await;
        let parsed: Vec<u32> = text.split(',').flat_map(str::parse).collect();
        Ok(before + parsed.len())
    }
}

async fn plain_fallback(_text: &str) -> Answer<usize> {
    Ok(0)
}

#[fallback(value = 0)]
#[bulkhead(POOL)]
#[circuit_breaker(PAYMENT)]
#[retry(max_attempts = 2, base_delay = 1ms)]
#[timeout(5s)]
fn boxed<'a>(text: &'a str) -> Pin<Box<dyn Future<Output = Answer<usize>> + Send + 'a>> {
    Box::pin(async move {
        ready(()).await;
        Ok(text.parse::<usize>().unwrap_or_default())
    })
}

#[retry]
#[timeout(5s)]
fn of_an_alias(text: &str) -> BoxFuture<'_, Answer<usize>> {
    Box::pin(async move { Ok(text.len()) })
}

/// The output of the future is known only from the alias.
#[fallback(value = 0)]
#[circuit_breaker]
#[retry]
#[timeout(5s)]
fn of_an_opaque_alias(text: &str) -> Promised<'_> {
    Box::pin(async move { Ok(text.len()) })
}

trait Repository {
    fn find(&self, id: u32) -> impl Future<Output = Answer<u32>> + Send;
}

struct Store {
    limit: Duration,
    breaker: CircuitBreaker,
    pool: Bulkhead,
    calls: AtomicU32,
    names: Vec<String>,
}

impl Store {
    fn new() -> Self {
        Self {
            limit: Duration::from_secs(1),
            breaker: CircuitBreaker::new("store"),
            pool: Bulkhead::new("store"),
            calls: AtomicU32::new(0),
            names: Vec::new(),
        }
    }

    fn is_calm(&self, _error: &resilience::Error) -> bool {
        self.calls.load(Ordering::Relaxed) < 3
    }

    async fn on_failure(&self, id: u32) -> Answer<u32> {
        Ok(id + 100)
    }
}

impl Repository for Store {
    #[fallback(Self::on_failure)]
    #[circuit_breaker(self.breaker)]
    #[retry(max_attempts = 2, base_delay = 1ms)]
    #[timeout(self.limit)]
    fn find(&self, id: u32) -> impl Future<Output = Answer<u32>> + Send {
        async move {
            ready(()).await;
            Ok(id + self.calls.load(Ordering::Relaxed))
        }
    }
}

#[async_trait]
trait Service: Send + Sync {
    async fn call(&self, id: u32, text: &str) -> Answer<usize>;

    async fn push(&mut self, name: String) -> Answer<usize>;

    #[retry(max_attempts = 2, base_delay = 1ms)]
    #[timeout(5s)]
    async fn call_twice(&self, id: u32) -> Answer<usize> {
        Ok(self.call(id, "a").await? + self.call(id, "b").await?)
    }

    #[circuit_breaker]
    #[timeout(5s)]
    async fn no_receiver(text: String) -> Answer<String>
    where
        Self: Sized,
    {
        Ok(text)
    }
}

#[async_trait]
impl Service for Store {
    #[fallback(|_failure| self.on_failure(id).await.map(|found| found as usize + text.len()))]
    #[bulkhead(self.pool)]
    #[circuit_breaker(self.breaker)]
    #[retry(max_attempts = 2, base_delay = self.limit, when = |error| self.is_calm(error))]
    #[timeout(self.limit)]
    async fn call(&self, id: u32, text: &str) -> Answer<usize> {
        if self.calls.fetch_add(1, Ordering::Relaxed) == 0 {
            tokio::time::sleep(Duration::from_secs(3600)).await;
        }
        let more = || self.calls.load(Ordering::Relaxed) as usize;
        Ok(id as usize + text.len() + more())
    }

    #[circuit_breaker(self.breaker)]
    #[timeout(5s)]
    async fn push(&mut self, mut name: String) -> Answer<usize> {
        name.push('!');
        self.names.push(name);
        Ok(self.names.len())
    }
}

#[async_trait]
trait Arguments {
    async fn by_value(&self, list: Vec<u32>) -> Answer<usize>;
    async fn mutable(&self, list: Vec<u32>) -> Answer<usize>;
    async fn pattern(&self, pair: (u32, u32), _: u32) -> Answer<u32>;
    async fn by_arc(self: Arc<Self>, text: &str) -> Answer<usize>;
    async fn generic<T: Into<u32> + Send + Sync + Copy + 'static>(&self, value: T) -> Answer<u32>;
    async fn borrowed<'a>(&self, text: &'a str) -> Answer<&'a str>;
}

#[async_trait]
impl Arguments for Store {
    #[retry(max_attempts = 2, base_delay = 1ms)]
    #[timeout(5s)]
    async fn by_value(&self, list: Vec<u32>) -> Answer<usize> {
        let again: Vec<u32> = list.iter().map(|number| number + 1).collect();
        Ok(again.len())
    }

    #[fallback(value = 0)]
    #[retry(max_attempts = 2, base_delay = 1ms)]
    #[timeout(5s)]
    async fn mutable(&self, mut list: Vec<u32>) -> Answer<usize> {
        list.push(1);
        Ok(list.len())
    }

    #[retry(max_attempts = 2, base_delay = 1ms)]
    #[timeout(5s)]
    async fn pattern(&self, (left, right): (u32, u32), _: u32) -> Answer<u32> {
        Ok(left + right)
    }

    #[retry(max_attempts = 2, base_delay = 1ms)]
    #[circuit_breaker(self.breaker)]
    async fn by_arc(self: Arc<Self>, text: &str) -> Answer<usize> {
        Ok(Arc::strong_count(&self) + text.len())
    }

    #[bulkhead(POOL)]
    #[retry(max_attempts = 2, base_delay = 1ms)]
    async fn generic<T: Into<u32> + Send + Sync + Copy + 'static>(&self, value: T) -> Answer<u32> {
        Ok(value.into())
    }

    #[timeout(5s)]
    async fn borrowed<'a>(&self, text: &'a str) -> Answer<&'a str> {
        Ok(text)
    }
}

/// A trait whose futures are not `Send`.
#[async_trait(?Send)]
trait Local {
    #[retry(max_attempts = 2, base_delay = 1ms)]
    #[timeout(5s)]
    async fn local(&self) -> Answer<usize> {
        let shared = std::rc::Rc::new(1);
        ready(()).await;
        Ok(*shared)
    }
}

#[async_trait(?Send)]
impl Local for Store {}

#[tokio::test(start_paused = true)]
async fn functions_that_return_futures_may_be_annotated() {
    assert_eq!(send(plain("1,2")).await, Ok(5));
    assert_eq!(send(boxed("12")).await, Ok(12));
    assert_eq!(send(of_an_alias("abc")).await, Ok(3));
    assert_eq!(send(of_an_opaque_alias("abc")).await, Ok(3));
    assert_eq!(send(Store::new().find(3)).await, Ok(3));
}

#[tokio::test(start_paused = true)]
async fn methods_of_async_trait_may_be_annotated() {
    let store: Box<dyn Service> = Box::new(Store::new());
    assert_eq!(
        send(store.call(1, "ab")).await,
        Ok(5),
        "the first attempt times out, the second answers"
    );
    assert_eq!(send(store.call_twice(1)).await, Ok(4 + 3 + 4));
    let mut store = Store::new();
    assert_eq!(send(store.push(String::from("a"))).await, Ok(1));
    assert_eq!(store.names, ["a!"]);
    assert_eq!(send(Store::no_receiver(String::from("a"))).await, Ok(String::from("a")));
    assert_eq!(send(store.by_value(vec![1])).await, Ok(1));
    assert_eq!(send(store.mutable(vec![1])).await, Ok(2));
    assert_eq!(send(store.pattern((1, 2), 3)).await, Ok(3));
    assert_eq!(send(store.generic(7_u8)).await, Ok(7));
    assert_eq!(send(store.borrowed("abc")).await, Ok("abc"));
    assert_eq!(store.local().await, Ok(1));
    assert_eq!(send(Arc::new(store).by_arc("a")).await, Ok(2));
}
