//! Methods with every receiver, of inherent impls, generic impls and traits with async functions.
#![deny(warnings)]
#![allow(clippy::unused_async, reason = "fallbacks and small bodies that need not wait")]

use std::fmt::Debug;
use std::future::ready;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use resilience::{Bulkhead, CircuitBreaker, bulkhead, circuit_breaker, fallback, retry, timeout};
use resilience_tests::send;

static PAYMENT: CircuitBreaker = CircuitBreaker::new("methods");
static POOL: Bulkhead = Bulkhead::new("methods");

type Answer<T> = Result<T, resilience::Error>;

struct Client {
    name: String,
    calls: u32,
    limit: Duration,
    breaker: CircuitBreaker,
    pool: Arc<Bulkhead>,
}

impl Client {
    const LIMIT: Duration = Duration::from_secs(3);

    fn new() -> Self {
        Self {
            name: String::from("client"),
            calls: 0,
            limit: Duration::from_secs(3),
            breaker: CircuitBreaker::new("client"),
            pool: Arc::new(Bulkhead::new("client")),
        }
    }

    fn breaker(&self) -> &CircuitBreaker {
        &self.breaker
    }

    fn is_calm(&self, error: &resilience::Error) -> bool {
        self.calls < 3 && matches!(error, resilience::Error::TimedOut { .. })
    }

    #[fallback(Self::shared_fallback)]
    #[bulkhead(self.pool)]
    #[circuit_breaker(self.breaker)]
    #[retry(max_attempts = 2, base_delay = 1ms, when = |error| self.is_calm(error))]
    #[timeout(self.limit)]
    async fn shared(&self, order: &str) -> Answer<usize> {
        ready(()).await;
        Ok(order.len() + self.name.len())
    }

    async fn shared_fallback(&self, _order: &str) -> Answer<usize> {
        Ok(0)
    }

    #[circuit_breaker(self.breaker())]
    #[timeout(Self::LIMIT)]
    async fn by_call(&self) -> Answer<&str> {
        Ok(&self.name)
    }

    #[fallback(Self::exclusive_fallback)]
    #[bulkhead(POOL)]
    #[circuit_breaker(PAYMENT)]
    #[retry(max_attempts = 2, base_delay = 1ms)]
    #[timeout(5s)]
    async fn exclusive(&mut self) -> Answer<u32> {
        self.calls += 1;
        self.more().await;
        Ok(self.calls)
    }

    async fn exclusive_fallback(&mut self) -> Answer<u32> {
        Ok(0)
    }

    async fn more(&mut self) {
        self.calls += 1;
    }

    #[fallback(value = String::new())]
    #[bulkhead(POOL)]
    #[circuit_breaker(PAYMENT)]
    #[timeout(5s)]
    async fn owned(self) -> Answer<String> {
        ready(()).await;
        Ok(self.name)
    }

    #[bulkhead(POOL)]
    #[retry(max_attempts = 2, base_delay = 1ms)]
    async fn owned_and_borrowed(self) -> Answer<usize> {
        Ok(self.name.len())
    }

    #[timeout(5s)]
    async fn mutable_owned(mut self) -> Answer<u32> {
        self.calls += 1;
        Ok(self.calls)
    }

    #[fallback(Self::shared_by_arc_fallback)]
    #[circuit_breaker(self.breaker)]
    #[retry(max_attempts = 2, base_delay = 1ms)]
    #[timeout(5s)]
    async fn by_arc(self: Arc<Self>) -> Answer<usize> {
        ready(()).await;
        Ok(self.name.len())
    }

    async fn shared_by_arc_fallback(self: Arc<Self>) -> Answer<usize> {
        Ok(0)
    }

    #[retry(max_attempts = 2, base_delay = 1ms)]
    #[timeout(5s)]
    async fn by_box(self: Box<Self>) -> Answer<usize> {
        Ok(self.name.len())
    }

    #[timeout(5s)]
    async fn by_pin(self: Pin<&mut Self>) -> Answer<usize> {
        Ok(self.name.len())
    }

    #[retry(max_attempts = 2, base_delay = 1ms)]
    #[timeout(5s)]
    async fn by_reference_to_arc(self: &Arc<Self>) -> Answer<usize> {
        Ok(Arc::strong_count(self))
    }

    #[retry]
    async fn no_receiver(name: &str) -> Answer<Self> {
        Ok(Self { name: name.to_owned(), ..Self::new() })
    }
}

/// A type and a method that are both generic.
struct Cache<'s, T, const N: usize> {
    slots: [T; N],
    text: &'s str,
}

impl<'s, T: Debug + Clone + Send + Sync, const N: usize> Cache<'s, T, N> {
    #[fallback(Self::last)]
    #[circuit_breaker(PAYMENT)]
    #[retry(max_attempts = 2, base_delay = 1ms)]
    #[timeout(5s)]
    async fn get<K>(&self, key: K) -> Answer<(T, &'s str)>
    where
        K: Into<usize> + Copy + Send + Sync,
    {
        Ok((self.slots[key.into()].clone(), self.text))
    }

    async fn last<K>(&self, _key: K) -> Answer<(T, &'s str)> {
        Ok((self.slots[N - 1].clone(), self.text))
    }
}

/// Async functions in a trait: provided ones and implemented ones.
trait Gateway {
    async fn charge(&self, amount: u32) -> Answer<u32>;

    #[retry(max_attempts = 2, base_delay = 1ms)]
    #[timeout(5s)]
    async fn charge_twice(&self, amount: u32) -> Answer<u32> {
        Ok(self.charge(amount).await? + self.charge(amount).await?)
    }

    #[fallback(Self::charge)]
    #[circuit_breaker]
    async fn charge_once(&self, amount: u32) -> Answer<u32> {
        self.charge(amount).await
    }
}

impl Gateway for Client {
    #[fallback(value = amount)]
    #[bulkhead(self.pool)]
    #[circuit_breaker(self.breaker)]
    #[retry(max_attempts = 2, base_delay = 1ms)]
    #[timeout(5s)]
    async fn charge(&self, amount: u32) -> Answer<u32> {
        ready(()).await;
        Ok(amount + self.calls)
    }
}

impl<T: Gateway> Gateway for Vec<T> {
    #[retry(max_attempts = 2, base_delay = 1ms)]
    #[timeout(5s)]
    async fn charge(&self, amount: u32) -> Answer<u32> {
        let mut sum = 0;
        for gateway in self {
            sum += gateway.charge(amount).await?;
        }
        Ok(sum)
    }
}

/// A type whose futures are not `Send`.
struct Local(Rc<str>);

impl Local {
    #[fallback(value = 0)]
    #[retry(max_attempts = 2, base_delay = 1ms)]
    #[timeout(5s)]
    async fn length(&self) -> Answer<usize> {
        ready(()).await;
        Ok(self.0.len())
    }
}

#[tokio::test(start_paused = true)]
async fn methods_with_every_receiver_may_be_annotated() {
    let mut client = Client::new();
    assert_eq!(send(client.shared("abc")).await, Ok(9));
    assert_eq!(send(client.by_call()).await, Ok("client"));
    assert_eq!(send(client.exclusive()).await, Ok(2));
    assert_eq!(send(Client::new().owned()).await, Ok(String::from("client")));
    assert_eq!(send(Client::new().owned_and_borrowed()).await, Ok(6));
    assert_eq!(send(Client::new().mutable_owned()).await, Ok(1));
    let shared = Arc::new(Client::new());
    assert_eq!(send(shared.by_reference_to_arc()).await, Ok(1));
    assert_eq!(send(shared.by_arc()).await, Ok(6));
    assert_eq!(send(Box::new(Client::new()).by_box()).await, Ok(6));
    assert_eq!(send(Pin::new(&mut client).by_pin()).await, Ok(6));
    assert_eq!(
        send(Client::no_receiver("other")).await.map(|client| client.name),
        Ok(String::from("other"))
    );
    assert_eq!(Local(Rc::from("abc")).length().await, Ok(3));
}

#[tokio::test(start_paused = true)]
async fn methods_of_generic_types_may_be_annotated() {
    let cache = Cache { slots: [1, 2, 3], text: "text" };
    assert_eq!(send(cache.get(1_usize)).await, Ok((2, "text")));
}

#[tokio::test(start_paused = true)]
async fn async_methods_of_traits_may_be_annotated() {
    let client = Client::new();
    assert_eq!(send(client.charge(3)).await, Ok(3));
    assert_eq!(send(client.charge_twice(3)).await, Ok(6));
    assert_eq!(send(client.charge_once(3)).await, Ok(3));
    assert_eq!(send(vec![client, Client::new()].charge(3)).await, Ok(6));
}
