//! Methods and associated functions: every receiver, in every kind of `impl` and trait.

use std::cell::Cell;
use std::fmt::Debug;
use std::future::{Future, ready};
use std::ops::Deref;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use async_trait::async_trait;
#[allow(unused_imports)]
use resilience::{bulkhead, circuit_breaker, fallback, rate_limiter, resilient, retry, timeout};

use crate::{Answer, ApiError, spawned};

#[derive(Debug, Default)]
struct Client {
    name: String,
    calls: u32,
}

impl Client {
    // #[attribute]
    async fn shared(&self, order: &str) -> Answer<usize> {
        ready(()).await;
        Ok(order.len() + self.name.len())
    }

    // #[attribute]
    async fn exclusive(&mut self) -> Answer<u32> {
        self.calls += 1;
        let calls = self.once_more().await?;
        self.calls = calls + 1;
        Ok(self.calls)
    }

    // #[attribute]
    async fn once_more(&mut self) -> Answer<u32> {
        self.calls += 1;
        Ok(self.calls)
    }

    // #[attribute] once
    async fn consumed(self) -> Answer<String> {
        ready(()).await;
        Ok(self.name)
    }

    // #[attribute]
    async fn owned_and_borrowed(self) -> Answer<usize> {
        ready(()).await;
        Ok(self.name.len())
    }

    // #[attribute]
    async fn mutable(mut self) -> Answer<u32> {
        self.calls += 1;
        ready(()).await;
        Ok(self.calls)
    }

    // #[attribute]
    async fn by_arc(self: Arc<Self>) -> Answer<usize> {
        ready(()).await;
        Ok(self.name.len())
    }

    // #[attribute]
    async fn arc_cloned_by_hand(self: Arc<Self>) -> Answer<usize> {
        let own = Arc::clone(&self);
        let length = tokio::spawn(async move { own.name.len() });
        length.await.map_err(|error| ApiError::Text(error.to_string()))
    }

    // #[attribute]
    async fn by_box(self: Box<Self>) -> Answer<usize> {
        ready(()).await;
        Ok(self.name.len())
    }

    // #[attribute] once
    async fn consumed_box(self: Box<Self>) -> Answer<Self> {
        ready(()).await;
        Ok(*self)
    }

    // #[attribute]
    async fn by_pin(self: Pin<&mut Self>) -> Answer<usize> {
        ready(()).await;
        Ok(self.name.len())
    }

    // #[attribute]
    async fn by_pin_and_changed(mut self: Pin<&mut Self>) -> Answer<u32> {
        ready(()).await;
        self.calls += 1;
        self.as_mut().calls += 1;
        Ok(self.calls)
    }

    // #[attribute]
    async fn by_reference_to_arc(self: &Arc<Self>) -> Answer<usize> {
        ready(()).await;
        Ok(Arc::strong_count(self))
    }

    // #[attribute]
    async fn named_lifetime<'a>(&'a self, other: &'a str) -> Answer<&'a str> {
        Ok(if other.is_empty() { &self.name } else { other })
    }

    // #[attribute]
    async fn borrow_of_self(&self) -> Answer<&str> {
        ready(()).await;
        Ok(&self.name)
    }

    // #[attribute]
    async fn borrow_beside_another(&self, other: &str) -> Answer<&str> {
        Ok(self.name.trim_start_matches(other))
    }

    // #[attribute]
    async fn part_of_self(&self) -> Answer<(&Self, &u32)> {
        Ok((self, &self.calls))
    }

    // #[attribute] once
    async fn mutable_borrow_of_self(&mut self) -> Answer<&mut u32> {
        ready(()).await;
        Ok(&mut self.calls)
    }

    // #[attribute]
    async fn associated(name: &str) -> Answer<Self> {
        Ok(Self { name: name.to_owned(), ..Self::default() })
    }

    // #[attribute]
    async fn self_in_a_closure(&self, list: &[u32]) -> Answer<Vec<u32>> {
        ready(()).await;
        Ok(list.iter().map(|number| number + self.calls).collect())
    }

    // #[attribute]
    async fn destructured(&self) -> Answer<usize> {
        let Self { name, calls: _ } = self;
        Ok(name.len())
    }

    // #[attribute]
    async fn recursive(&self, depth: u32) -> Answer<u32> {
        if depth == 0 {
            return Ok(self.calls);
        }
        Ok(Box::pin(self.recursive(depth - 1)).await? + 1)
    }

    // #[attribute]
    async fn generic<K: Into<String> + Copy + Send + Sync, const N: usize>(
        &self,
        keys: [K; N],
    ) -> Answer<usize> {
        ready(()).await;
        Ok(keys.iter().map(|&key| Into::<String>::into(key).len()).sum::<usize>() + self.name.len())
    }
}

/// A type and a method that are both generic.
struct Cache<'s, T, const N: usize = 3> {
    slots: [T; N],
    text: &'s str,
}

impl<'s, T: Debug + Clone + Send + Sync, const N: usize> Cache<'s, T, N> {
    // #[attribute]
    async fn get<K>(&self, key: K) -> Answer<(T, &'s str)>
    where
        K: Into<usize> + Copy + Send + Sync,
    {
        ready(()).await;
        Ok((self.slots[key.into()].clone(), self.text))
    }
}

impl<T: Debug + Sync> Cache<'_, T, 1> {
    // #[attribute]
    async fn only(&self) -> Answer<&T> {
        Ok(&self.slots[0])
    }
}

impl<T> Cache<'static, T>
where
    Self: Sized,
    T: AsRef<str> + Sync,
{
    const EMPTY: usize = 0;

    // #[attribute]
    async fn first(&self) -> Answer<usize> {
        ready(()).await;
        Ok(self.slots[Self::EMPTY].as_ref().len())
    }
}

/// Async functions in a trait: provided ones and implemented ones.
trait Gateway: Sync {
    type Receipt: From<u32> + Debug;

    const FEE: u32 = 1;

    async fn charge(&self, amount: u32) -> Answer<Self::Receipt>;

    // #[attribute]
    async fn charge_fee(&self) -> Answer<Self::Receipt> {
        self.charge(Self::FEE).await
    }

    // #[attribute]
    async fn no_receiver(amount: u32) -> Answer<Self::Receipt>
    where
        Self: Sized,
    {
        Ok((amount + Self::FEE).into())
    }

    // #[attribute]
    fn by_future(&self, amount: u32) -> impl Future<Output = Answer<u32>> + Send {
        async move { Ok(amount + Self::FEE) }
    }
}

impl Gateway for Client {
    type Receipt = u64;

    const FEE: u32 = 2;

    // #[attribute]
    async fn charge(&self, amount: u32) -> Answer<u64> {
        ready(()).await;
        Ok(u64::from(amount + self.calls))
    }
}

impl<T: Gateway> Gateway for Vec<T> {
    type Receipt = T::Receipt;

    // #[attribute]
    async fn charge(&self, amount: u32) -> Answer<Self::Receipt> {
        let mut last = T::no_receiver(amount).await?;
        for gateway in self {
            last = gateway.charge(amount).await?;
        }
        Ok(last)
    }

    // #[attribute]
    fn by_future(&self, amount: u32) -> impl Future<Output = Answer<u32>> + Send {
        let more = 1;
        async move {
            ready(()).await;
            Ok(amount + more)
        }
    }
}

impl<G: Gateway + ?Sized> Gateway for &G {
    type Receipt = G::Receipt;

    // #[attribute]
    async fn charge(&self, amount: u32) -> Answer<G::Receipt> {
        (**self).charge(amount).await
    }
}

/// A trait for trait objects.
#[async_trait]
trait Service: Send + Sync {
    async fn call(&self, id: u32, text: &str) -> Answer<usize>;

    async fn push(&mut self, name: String) -> Answer<usize>;

    // #[attribute]
    async fn call_twice(&self, id: u32) -> Answer<usize> {
        Ok(self.call(id, "a").await? + self.call(id, "b").await?)
    }

    // #[attribute]
    async fn no_receiver(text: String) -> Answer<usize>
    where
        Self: Sized,
    {
        Ok(text.len())
    }
}

#[async_trait]
impl Service for Client {
    // #[attribute]
    async fn call(&self, id: u32, text: &str) -> Answer<usize> {
        let length = || self.name.len() + text.len();
        ready(()).await;
        if id == 0 {
            return Err(ApiError::from("none"));
        }
        Ok(length())
    }

    // #[attribute]
    async fn push(&mut self, mut name: String) -> Answer<usize> {
        name.push('!');
        self.name.push_str(&name);
        self.calls += 1;
        Ok(self.name.len())
    }
}

#[async_trait]
trait Arguments {
    async fn by_value(&self, list: Vec<u32>) -> Answer<usize>;
    async fn consumed(&self, list: Vec<u32>) -> Answer<Vec<u32>>;
    async fn pattern(&self, pair: (u32, u32), _: u32) -> Answer<u32>;
    async fn by_arc(self: Arc<Self>, text: &str) -> Answer<usize>;
    async fn generic<T: Into<u32> + Send + Sync + Copy + 'static>(&self, value: T) -> Answer<u32>;
    async fn borrowed<'a>(&'a self, text: &'a str) -> Answer<&'a str>;
    async fn of_impl(&self, value: impl Debug + Send + Sync + 'static) -> Answer<String>;
}

#[async_trait]
impl Arguments for Client {
    // #[attribute]
    async fn by_value(&self, list: Vec<u32>) -> Answer<usize> {
        ready(()).await;
        Ok(list.len())
    }

    // #[attribute] clone(list)
    async fn consumed(&self, mut list: Vec<u32>) -> Answer<Vec<u32>> {
        list.push(self.calls);
        ready(()).await;
        Ok(list)
    }

    // #[attribute]
    async fn pattern(&self, (left, mut right): (u32, u32), _: u32) -> Answer<u32> {
        right += self.calls;
        Ok(left + right)
    }

    // #[attribute]
    async fn by_arc(self: Arc<Self>, text: &str) -> Answer<usize> {
        Ok(Arc::strong_count(&self) + text.len())
    }

    // #[attribute]
    async fn generic<T: Into<u32> + Send + Sync + Copy + 'static>(&self, value: T) -> Answer<u32> {
        Ok(value.into())
    }

    // #[attribute]
    async fn borrowed<'a>(&'a self, text: &'a str) -> Answer<&'a str> {
        Ok(if text.is_empty() { &self.name } else { text })
    }

    // #[attribute]
    async fn of_impl(&self, value: impl Debug + Send + Sync + 'static) -> Answer<String> {
        ready(()).await;
        Ok(format!("{value:?}"))
    }
}

/// A type whose futures are not `Send`.
#[async_trait(?Send)]
trait Local {
    // #[attribute]
    async fn local(&self) -> Answer<u32> {
        let shared = Rc::new(Cell::new(1));
        ready(()).await;
        shared.set(shared.get() + 1);
        Ok(shared.get())
    }
}

#[async_trait(?Send)]
impl Local for Client {}

impl Client {
    // #[attribute]
    fn future(&self) -> impl Future<Output = Answer<usize>> + Send + '_ {
        let more = 1;
        async move {
            ready(()).await;
            Ok(self.name.len() + more)
        }
    }

    // #[attribute]
    fn boxed(&self) -> Pin<Box<dyn Future<Output = Answer<usize>> + Send + '_>> {
        Box::pin(async move {
            let Some(first) = self.name.chars().next() else { return Ok(0) };
            ready(()).await;
            Ok(first.len_utf8())
        })
    }
}

// #[attribute]
fn boxed<'a>(text: &'a str) -> Pin<Box<dyn Future<Output = Answer<usize>> + Send + 'a>> {
    if text.is_empty() {
        return Box::pin(ready(Ok(0)));
    }
    Box::pin(async move {
        ready(()).await;
        Ok(text.parse()?)
    })
}

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

// #[attribute]
fn boxed_by_alias(text: &str) -> BoxFuture<'_, Answer<usize>> {
    Box::pin(async move { Ok(text.len()) })
}

// #[attribute]
fn boxed_and_recursive(depth: u32) -> BoxFuture<'static, Answer<u32>> {
    Box::pin(async move {
        if depth == 0 {
            return Ok(0);
        }
        Ok(boxed_and_recursive(depth - 1).await? + 1)
    })
}

// #[attribute]
fn future(text: &str) -> impl Future<Output = Answer<u32>> + '_ {
    let text = text.trim();
    async move { Ok(text.parse::<u32>()?) }
}

// #[attribute]
async fn recursive(depth: u32) -> Answer<u32> {
    if depth == 0 {
        return Ok(0);
    }
    Ok(Box::pin(recursive(depth - 1)).await? + 1)
}

/// A type that derefs to the one with the methods.
struct Handle(Arc<Client>);

impl Deref for Handle {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.0
    }
}

#[tokio::test(start_paused = true)]
async fn every_receiver() {
    spawned(async {
        let mut client = Client::associated("client").await.unwrap();
        assert_eq!(client.shared("abc").await.unwrap(), 9);
        assert_eq!(client.exclusive().await.unwrap(), 3);
        assert_eq!(Pin::new(&mut client).by_pin().await.unwrap(), 6);
        assert_eq!(Pin::new(&mut client).by_pin_and_changed().await.unwrap(), 5);
        assert_eq!(client.named_lifetime("").await.unwrap(), "client");
        assert_eq!(client.borrow_of_self().await.unwrap(), "client");
        assert_eq!(client.borrow_beside_another(&String::from("cl")).await.unwrap(), "ient");
        assert_eq!(client.part_of_self().await.unwrap().1, &5);
        *client.mutable_borrow_of_self().await.unwrap() = 1;
        assert_eq!(client.self_in_a_closure(&[1, 2]).await.unwrap(), [2, 3]);
        assert_eq!(client.destructured().await.unwrap(), 6);
        assert_eq!(client.recursive(3).await.unwrap(), 4);
        assert_eq!(client.generic(["a", "bc"]).await.unwrap(), 9);
        assert_eq!(client.mutable().await.unwrap(), 2);
        let client = || Client { name: String::from("client"), calls: 0 };
        assert_eq!(client().consumed().await.unwrap(), "client");
        assert_eq!(client().owned_and_borrowed().await.unwrap(), 6);
        let shared = Arc::new(client());
        assert_eq!(shared.by_reference_to_arc().await.unwrap(), 1);
        assert_eq!(Handle(Arc::clone(&shared)).shared("").await.unwrap(), 6);
        assert_eq!(Arc::clone(&shared).by_arc().await.unwrap(), 6);
        assert_eq!(shared.arc_cloned_by_hand().await.unwrap(), 6);
        assert_eq!(Box::new(client()).by_box().await.unwrap(), 6);
        assert_eq!(Box::new(client()).consumed_box().await.unwrap().name, "client");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn generic_impls() {
    spawned(async {
        assert_eq!(
            Cache { slots: [1, 2, 3], text: "text" }.get(1_usize).await.unwrap(),
            (2, "text")
        );
        assert_eq!(Cache { slots: [1], text: "text" }.only().await.unwrap(), &1);
        assert_eq!(Cache { slots: ["abc", "", ""], text: "text" }.first().await.unwrap(), 3);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn native_traits() {
    spawned(async {
        let client = Client::default();
        assert_eq!(client.charge(3).await.unwrap(), 3);
        assert_eq!(client.charge_fee().await.unwrap(), 2);
        assert_eq!(<&Client as Gateway>::charge_fee(&&client).await.unwrap(), 1);
        assert_eq!(<Client as Gateway>::no_receiver(3).await.unwrap(), 5);
        assert_eq!(client.by_future(3).await.unwrap(), 5);
        let several = vec![client, Client::default()];
        assert_eq!(several.charge(3).await.unwrap(), 3);
        assert_eq!(several.by_future(3).await.unwrap(), 4);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn async_traits() {
    spawned(async {
        let service: Box<dyn Service> = Box::new(Client::default());
        assert_eq!(service.call(1, "ab").await.unwrap(), 2);
        assert!(service.call(0, "ab").await.is_err());
        assert_eq!(service.call_twice(1).await.unwrap(), 2);
        let mut client = Client::default();
        assert_eq!(client.push(String::from("a")).await.unwrap(), 2);
        assert_eq!(<Client as Service>::no_receiver(String::from("a")).await.unwrap(), 1);
        assert_eq!(client.by_value(vec![1]).await.unwrap(), 1);
        assert_eq!(Arguments::consumed(&client, vec![2]).await.unwrap(), [2, 1]);
        assert_eq!(client.pattern((1, 2), 3).await.unwrap(), 4);
        assert_eq!(Arguments::generic(&client, 7_u8).await.unwrap(), 7);
        assert_eq!(client.borrowed("abc").await.unwrap(), "abc");
        assert_eq!(client.of_impl(1).await.unwrap(), "1");
        assert_eq!(Arguments::by_arc(Arc::new(client), "a").await.unwrap(), 2);
    })
    .await;
    assert_eq!(Client::default().local().await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn functions_that_return_futures() {
    spawned(async {
        let client = Client { name: String::from("client"), calls: 0 };
        assert_eq!(client.future().await.unwrap(), 7);
        assert_eq!(client.boxed().await.unwrap(), 1);
        assert_eq!(boxed("12").await.unwrap(), 12);
        assert_eq!(boxed("").await.unwrap(), 0);
        assert_eq!(boxed_by_alias("abc").await.unwrap(), 3);
        assert_eq!(boxed_and_recursive(3).await.unwrap(), 3);
        assert_eq!(future("3").await.unwrap(), 3);
        assert_eq!(recursive(3).await.unwrap(), 3);
    })
    .await;
}
