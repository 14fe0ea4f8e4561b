//! The parameters that a function may have, and the uses of them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::{Debug, Display};
use std::future::{Future, ready};
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;

#[allow(unused_imports)]
use resilience::{bulkhead, circuit_breaker, fallback, rate_limiter, resilient, retry, timeout};

use crate::{Answer, ApiError, spawned};

/// An argument that is neither `Clone` nor `Copy`.
#[derive(Debug, PartialEq, Eq)]
struct Order(u32);

struct Point {
    x: u32,
    y: u32,
}

struct Words<'a>(&'a str);

// #[attribute]
async fn nothing() -> Answer<u32> {
    Ok(7)
}

// #[attribute]
async fn owned_and_borrowed(order: Order) -> Answer<u32> {
    let borrowed = ready(&order).await;
    Ok(borrowed.0)
}

// #[attribute] once
async fn owned_and_consumed(order: Order) -> Answer<Order> {
    ready(()).await;
    Ok(order)
}

// #[attribute] clone(list)
async fn cloned_and_consumed(list: Vec<u32>) -> Answer<u32> {
    ready(()).await;
    Ok(list.into_iter().sum())
}

// #[attribute]
async fn mutable(mut list: Vec<u32>) -> Answer<usize> {
    list.push(1);
    ready(()).await;
    list.push(2);
    Ok(list.len())
}

// #[attribute] clone(list)
async fn mutable_and_consumed(mut list: Vec<u32>) -> Answer<Vec<u32>> {
    list.push(1);
    ready(()).await;
    Ok(list)
}

// #[attribute]
async fn mutable_copy(mut count: u32) -> Answer<u32> {
    while count < 9 {
        count += 1;
    }
    Ok(count)
}

// #[attribute]
async fn mutable_reference(list: &mut Vec<u32>) -> Answer<usize> {
    list.push(1);
    let first = more(list).await?;
    let second = more(&mut *list).await?;
    Ok(more(list).await? + second - first)
}

// #[attribute]
async fn more(list: &mut Vec<u32>) -> Answer<usize> {
    list.push(1);
    ready(()).await;
    Ok(list.len())
}

// #[attribute]
async fn mutable_reference_passed_on(list: &mut Vec<u32>) -> Answer<usize> {
    more(list).await
}

// #[attribute]
async fn mutable_binding_of_a_reference(mut text: &str) -> Answer<&str> {
    while let Some(rest) = text.strip_prefix('a') {
        text = rest;
    }
    Ok(text)
}

// #[attribute]
async fn slice_of_mutable(list: &mut [u32]) -> Answer<u32> {
    for number in list.iter_mut() {
        *number += 1;
    }
    list.swap(0, 1);
    Ok(list[0])
}

// #[attribute] once
async fn optional_mutable(mut list: Option<&mut Vec<u32>>) -> Answer<usize> {
    if let Some(list) = list.as_mut() {
        list.push(1);
    }
    Ok(list.map_or(0, |list| list.len()))
}

// #[attribute]
async fn named_lifetime<'a>(text: &'a str, other: &str) -> Answer<&'a str> {
    Ok(if other.is_empty() { text } else { &text[1..] })
}

// #[attribute]
async fn two_lifetimes<'a, 'b: 'a>(first: &'a str, second: &'b str) -> Answer<(&'a str, &'b str)> {
    ready(()).await;
    Ok((first, second))
}

// #[attribute]
async fn elided(text: &str) -> Answer<&str> {
    ready(()).await;
    Ok(text.trim())
}

// #[attribute]
async fn lifetime_of_a_type(words: Words<'_>) -> Answer<usize> {
    Ok(words.0.len())
}

// #[attribute]
async fn lifetime_of_a_cow(text: Cow<'_, str>) -> Answer<usize> {
    Ok(text.len())
}

// #[attribute]
async fn static_lifetime(text: &'static str) -> Answer<&'static str> {
    Ok(text)
}

// #[attribute]
async fn patterns(
    (left, right): (u32, u32),
    Point { x, y: height }: Point,
    [first, .., last]: [u32; 3],
    &count: &u32,
) -> Answer<u32> {
    Ok(left + right + x + height + first + last + count)
}

// #[attribute]
async fn nested_patterns(
    ((a, _), Point { x, .. }): ((u32, u32), Point),
    Order(count): Order,
) -> Answer<u32> {
    Ok(a + x + count)
}

// #[attribute]
#[allow(clippy::toplevel_ref_arg)]
async fn by_ref(ref order: Order, ref mut count: u32) -> Answer<u32> {
    *count += 1;
    Ok(order.0 + *count)
}

// #[attribute]
async fn mutable_in_pattern((mut a, b): (u32, u32)) -> Answer<u32> {
    a += b;
    Ok(a)
}

// #[attribute]
async fn unnamed(_: u32, _order: Order) -> Answer<u32> {
    Ok(1)
}

// #[attribute]
async fn whole_and_parts(pair @ (left, _): (u32, u32)) -> Answer<u32> {
    Ok(pair.1 + left)
}

// #[attribute]
#[allow(clippy::redundant_pattern)]
async fn named_anything(count @ _: u32) -> Answer<u32> {
    Ok(count)
}

// #[attribute]
async fn impl_display(value: impl Display + Sync + Send) -> Answer<String> {
    ready(()).await;
    Ok(value.to_string())
}

// #[attribute]
async fn impl_unsized(value: &(impl Display + Sync + ?Sized)) -> Answer<String> {
    ready(()).await;
    Ok(value.to_string())
}

// #[attribute]
async fn impl_in_impl(
    values: impl IntoIterator<Item = impl Display> + Copy + Send + Sync,
) -> Answer<Vec<String>> {
    Ok(values.into_iter().map(|value| value.to_string()).collect())
}

// #[attribute]
async fn mutable_iterator(values: &mut (impl Iterator<Item = u32> + Send)) -> Answer<u32> {
    Ok(values.by_ref().take(2).sum())
}

// #[attribute]
async fn impl_fn(callback: impl Fn(u32) -> u32 + Send + Sync) -> Answer<u32> {
    ready(()).await;
    Ok(callback(1))
}

// #[attribute]
async fn impl_fn_mut(mut callback: impl FnMut(u32) -> u32 + Send) -> Answer<u32> {
    let once = callback(1);
    ready(()).await;
    Ok(once + callback(2))
}

// #[attribute] once
async fn impl_fn_once(callback: impl FnOnce(u32) -> u32 + Send) -> Answer<u32> {
    ready(()).await;
    Ok(callback(1))
}

// #[attribute]
async fn impl_async_callback<F>(callback: impl Fn(u32) -> F + Send + Sync) -> Answer<u32>
where
    F: Future<Output = Answer<u32>> + Send,
{
    Ok(callback(1).await? + callback(2).await?)
}

// #[attribute]
async fn dyn_fn(callback: &(dyn Fn(u32) -> u32 + Sync)) -> Answer<u32> {
    ready(()).await;
    Ok(callback(1))
}

// #[attribute]
async fn dyn_fn_mut(callback: &mut (dyn FnMut(u32) -> u32 + Send)) -> Answer<u32> {
    ready(()).await;
    Ok(callback(1))
}

// #[attribute]
async fn boxed_fn(callback: Box<dyn Fn(u32) -> u32 + Send + Sync>) -> Answer<u32> {
    ready(()).await;
    Ok(callback(1))
}

// #[attribute] once
async fn boxed_fn_once(callback: Box<dyn FnOnce(u32) -> u32 + Send>) -> Answer<u32> {
    ready(()).await;
    Ok(callback(1))
}

// #[attribute]
async fn any_lifetime<F>(text: &str, callback: F) -> Answer<usize>
where
    F: for<'a> Fn(&'a str) -> &'a str + Send + Sync,
{
    ready(()).await;
    Ok(callback(text).len())
}

// #[attribute]
async fn function_pointer(text: &str, callback: for<'a> fn(&'a str) -> &'a str) -> Answer<usize> {
    ready(()).await;
    Ok(callback(text).len())
}

// #[attribute]
async fn boxed_dyn(value: Box<dyn Display + Send + Sync + '_>) -> Answer<String> {
    ready(()).await;
    Ok(value.to_string())
}

// #[attribute] once
async fn pinned_future(future: Pin<Box<dyn Future<Output = u32> + Send + '_>>) -> Answer<u32> {
    Ok(future.await)
}

// #[attribute]
async fn attributes_on_parameters(
    #[allow(unused_variables)] left: u32,
    #[cfg(not(any()))] right: u32,
    #[cfg(unix)]
    #[cfg(windows)]
    gone: u32,
) -> Answer<u32> {
    Ok(right)
}

// #[attribute]
async fn generic<T>(value: &T) -> Answer<String>
where
    T: Display + Sync + ?Sized,
{
    ready(()).await;
    Ok(value.to_string())
}

// #[attribute]
async fn associated_types<I>(values: I) -> Answer<Vec<String>>
where
    I: IntoIterator + Copy + Send + Sync,
    I::Item: Display,
    <I as IntoIterator>::IntoIter: ExactSizeIterator,
{
    Ok(values.into_iter().map(|value| value.to_string()).collect())
}

// #[attribute]
async fn generic_in_the_result<T>(text: &str) -> Answer<T>
where
    T: FromStr,
    T::Err: Display,
{
    text.parse().map_err(|error: T::Err| ApiError::Text(error.to_string()))
}

// #[attribute]
async fn const_generic<T: Copy + Send + Sync, const N: usize>(array: [T; N]) -> Answer<(T, usize)> {
    ready(()).await;
    Ok((array[N - 1], N))
}

// #[attribute]
#[allow(clippy::large_types_passed_by_value)]
async fn large(array: [u8; 4096]) -> Answer<usize> {
    Ok(array.len())
}

// #[attribute]
#[allow(clippy::too_many_arguments, clippy::many_single_char_names)]
async fn many(
    a: u8,
    b: u16,
    c: u32,
    d: u64,
    e: i8,
    f: i16,
    g: i32,
    h: i64,
    i: &str,
    j: char,
    k: bool,
) -> Answer<String> {
    Ok(format!("{a}{b}{c}{d}{e}{f}{g}{h}{i}{j}{k}"))
}

// #[attribute]
async fn shared(list: Arc<[u32]>, map: &HashMap<String, Arc<Order>>) -> Answer<u32> {
    ready(()).await;
    Ok(list[0] + map["a"].0)
}

// #[attribute]
async fn captured_by_closures(count: u32, list: Vec<u32>, text: &str) -> Answer<usize> {
    let sum = || list.iter().sum::<u32>() + count;
    let owned = move || text.len();
    ready(()).await;
    Ok(sum() as usize + owned())
}

// #[attribute] clone(list)
async fn moved_into_a_closure(list: Vec<u32>) -> Answer<usize> {
    let length = move || list.len();
    ready(()).await;
    Ok(length())
}

// #[attribute] clone(order)
async fn moved_into_a_task(order: Arc<Order>) -> Answer<u32> {
    tokio::spawn(async move { order.0 }).await.map_err(|error| ApiError::Text(error.to_string()))
}

// #[attribute] clone(a, b)
async fn two_consumed(a: String, b: Vec<String>, c: &str) -> Answer<String> {
    Ok(a + &b.into_iter().collect::<String>() + c)
}

/// An argument of the kind that HTTP clients have.
struct Request {
    headers: Vec<String>,
}

impl Request {
    fn header(mut self, name: impl Into<String>) -> Self {
        self.headers.push(name.into());
        self
    }

    async fn send(self) -> Answer<usize> {
        ready(()).await;
        Ok(self.headers.len())
    }

    fn try_clone(&self) -> Self {
        Self { headers: self.headers.clone() }
    }
}

// #[attribute] once
async fn builder_consumed(request: Request) -> Answer<usize> {
    request.header("a").header("b").send().await
}

// #[attribute]
async fn builder_cloned_by_hand(request: Request) -> Answer<usize> {
    request.try_clone().header("a").send().await
}

// #[attribute]
async fn debug_of_everything<T: Debug + Sync>(values: &[T]) -> Answer<String> {
    let text = format!("{values:?}");
    ready(()).await;
    Ok(text)
}

#[tokio::test(start_paused = true)]
async fn owned() {
    spawned(async {
        assert_eq!(nothing().await.unwrap(), 7);
        assert_eq!(owned_and_borrowed(Order(3)).await.unwrap(), 3);
        assert_eq!(owned_and_consumed(Order(3)).await.unwrap(), Order(3));
        assert_eq!(cloned_and_consumed(vec![1, 2]).await.unwrap(), 3);
        assert_eq!(mutable(vec![1]).await.unwrap(), 3);
        assert_eq!(mutable_and_consumed(vec![2]).await.unwrap(), [2, 1]);
        assert_eq!(mutable_copy(1).await.unwrap(), 9);
        assert_eq!(static_lifetime("abc").await.unwrap(), "abc");
        assert_eq!(large([1; 4096]).await.unwrap(), 4096);
        assert_eq!(many(1, 2, 3, 4, 5, 6, 7, 8, "9", 'a', true).await.unwrap(), "123456789atrue");
        assert_eq!(captured_by_closures(1, vec![2], "abc").await.unwrap(), 6);
        assert_eq!(moved_into_a_closure(vec![2]).await.unwrap(), 1);
        assert_eq!(moved_into_a_task(Arc::new(Order(3))).await.unwrap(), 3);
        assert_eq!(two_consumed("a".into(), vec!["b".into()], "c").await.unwrap(), "abc");
        assert_eq!(builder_consumed(Request { headers: Vec::new() }).await.unwrap(), 2);
        assert_eq!(builder_cloned_by_hand(Request { headers: Vec::new() }).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn borrowed() {
    spawned(async {
        let mut list = vec![1, 2];
        assert_eq!(mutable_reference(&mut list).await.unwrap(), 7);
        assert_eq!(mutable_reference_passed_on(&mut list).await.unwrap(), 7);
        assert_eq!(slice_of_mutable(&mut list).await.unwrap(), 3);
        assert_eq!(optional_mutable(Some(&mut list)).await.unwrap(), 8);
        let text = String::from("aabc");
        assert_eq!(mutable_binding_of_a_reference(&text).await.unwrap(), "bc");
        assert_eq!(named_lifetime(&text, "").await.unwrap(), "aabc");
        assert_eq!(two_lifetimes(&text, &text).await.unwrap(), ("aabc", "aabc"));
        assert_eq!(elided(&text).await.unwrap(), "aabc");
        assert_eq!(lifetime_of_a_type(Words(&text)).await.unwrap(), 4);
        assert_eq!(lifetime_of_a_cow(Cow::Borrowed(&text)).await.unwrap(), 4);
        assert_eq!(boxed_dyn(Box::new(&text)).await.unwrap(), "aabc");
        assert_eq!(pinned_future(Box::pin(async { list[0] })).await.unwrap(), 3);
        let orders: HashMap<_, _> = [(String::from("a"), Arc::new(Order(3)))].into();
        assert_eq!(shared(Arc::new([1]), &orders).await.unwrap(), 4);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn by_pattern() {
    spawned(async {
        assert_eq!(patterns((1, 2), Point { x: 3, y: 4 }, [5, 0, 6], &7).await.unwrap(), 28);
        assert_eq!(nested_patterns(((1, 0), Point { x: 2, y: 0 }), Order(3)).await.unwrap(), 6);
        assert_eq!(by_ref(Order(1), 2).await.unwrap(), 4);
        assert_eq!(mutable_in_pattern((1, 2)).await.unwrap(), 3);
        assert_eq!(unnamed(1, Order(2)).await.unwrap(), 1);
        assert_eq!(whole_and_parts((1, 2)).await.unwrap(), 3);
        assert_eq!(named_anything(3).await.unwrap(), 3);
        assert_eq!(attributes_on_parameters(1, 2).await.unwrap(), 2);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn of_any_type() {
    spawned(async {
        assert_eq!(impl_display(5).await.unwrap(), "5");
        assert_eq!(impl_unsized("abc").await.unwrap(), "abc");
        assert_eq!(impl_in_impl(["a", "b"]).await.unwrap(), ["a", "b"]);
        assert_eq!(mutable_iterator(&mut (1..9)).await.unwrap(), 3);
        assert_eq!(generic("abc").await.unwrap(), "abc");
        assert_eq!(associated_types([1, 2]).await.unwrap(), ["1", "2"]);
        assert_eq!(generic_in_the_result::<i64>("5").await.unwrap(), 5);
        assert_eq!(const_generic([1, 2, 3]).await.unwrap(), (3, 3));
        assert_eq!(debug_of_everything(&[1]).await.unwrap(), "[1]");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn to_be_called() {
    spawned(async {
        assert_eq!(impl_fn(|number| number + 1).await.unwrap(), 2);
        let mut sum = 0;
        let mut add = |number| {
            sum += number;
            sum
        };
        assert_eq!(dyn_fn_mut(&mut add).await.unwrap(), 1);
        assert_eq!(impl_fn_mut(add).await.unwrap(), 2 + 4);
        let text = String::from("ab");
        assert_eq!(impl_fn_once(|number| number + 1).await.unwrap(), 2);
        assert_eq!(impl_async_callback(|number| async move { Ok(number) }).await.unwrap(), 3);
        assert_eq!(dyn_fn(&|number| number + 1).await.unwrap(), 2);
        assert_eq!(boxed_fn(Box::new(|number| number + 1)).await.unwrap(), 2);
        assert_eq!(boxed_fn_once(Box::new(|number| number + 1)).await.unwrap(), 2);
        assert_eq!(any_lifetime(&text, |text| &text[1..]).await.unwrap(), 1);
        assert_eq!(function_pointer(&text, str::trim).await.unwrap(), 2);
    })
    .await;
}
