//! The types that a function may return, and the ways to write them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::convert::Infallible;
use std::error::Error as StdError;
use std::fmt::{self, Debug, Display};
use std::future::{Future, ready};
use std::io;
use std::num::ParseIntError;
use std::pin::Pin;

#[allow(unused_imports)]
use resilience::{
    Failure, bulkhead, circuit_breaker, fallback, rate_limiter, resilient, retry, timeout,
};

use crate::{Answer, ApiError, BoxError, spawned};

type ApiResult<T = u32, E = ApiError> = Result<T, E>;
type Found = Result<Option<u32>, ApiError>;

macro_rules! answer_of {
    ($ty:ty) => { Answer<$ty> };
}

macro_rules! ensure {
    ($condition:expr) => {
        if !$condition {
            return Err(ApiError::from("not so"));
        }
    };
}

// #[attribute]
async fn question_mark_only(text: &str) -> Answer<()> {
    parsed(text).await?;
    Ok(())
}

// #[attribute]
async fn parsed(text: &str) -> Answer<()> {
    let _number: u32 = text.parse()?;
    Ok(())
}

// #[attribute]
async fn question_mark_in_tail(text: &str) -> Answer<u32> {
    Ok(text.parse::<u32>()?)
}

// #[attribute]
async fn question_mark_on_option(text: Option<&str>) -> Answer<usize> {
    let text = text.ok_or("none")?;
    Ok(text.len())
}

// #[attribute]
async fn error_in_tail(text: &str) -> Answer<u32> {
    if text.is_empty() {
        Err("empty")?;
    }
    let length = text.len().to_string();
    Ok(length.parse()?)
}

// #[attribute]
async fn early_return(count: u32) -> Answer<u32> {
    if count > 3 {
        return Ok(3);
    }
    Ok(count)
}

// #[attribute]
async fn early_return_of_an_error(count: u32) -> Answer<u32> {
    match count {
        0 => return Err("none".into()),
        1..=5 => {}
        _ => return Ok(5),
    }
    for number in 0.. {
        if number == count {
            return Ok(number);
        }
    }
    unreachable!()
}

// #[attribute]
#[allow(clippy::needless_return)]
async fn return_is_all(count: u32) -> Answer<u32> {
    return Ok(count);
}

// #[attribute]
async fn return_in_a_macro(count: u32) -> Answer<u32> {
    ensure!(count > 3);
    Ok(count)
}

// #[attribute]
async fn question_mark_in_a_macro(text: &str) -> Answer<Vec<u32>> {
    Ok(vec![text.parse()?, text.parse::<u32>()? + 1])
}

// #[attribute]
#[allow(clippy::default_trait_access)]
async fn ok_default() -> Answer<HashMap<String, Vec<u32>>> {
    Ok(Default::default())
}

// #[attribute]
async fn ok_inferred() -> Answer<(Vec<u32>, Option<String>)> {
    Ok((Vec::new(), None))
}

// #[attribute]
async fn err_into(count: u32) -> Result<u32, BoxError> {
    if count == 0 { Err("none".into()) } else { Ok(count) }
}

// #[attribute]
async fn only_err() -> Answer<u32> {
    Err("never".into())
}

// #[attribute]
async fn boxed_error(text: &str) -> Result<u32, BoxError> {
    if text.is_empty() {
        Err("empty")?;
    }
    Ok(text.parse()?)
}

// #[attribute]
async fn tail_collect(words: &[&str]) -> Answer<Vec<u32>> {
    words.iter().map(|word| word.parse::<u32>().map_err(ApiError::from)).collect()
}

// #[attribute]
async fn tail_sum(words: &[&str]) -> Result<u32, BoxError> {
    words.iter().map(|word| word.parse::<u32>().map_err(Into::into)).sum()
}

// #[attribute]
async fn tail_method_chain(text: &str) -> Answer<u32> {
    text.parse::<u32>()
        .map(|number| number + 1)
        .map_err(Into::into)
        .and_then(|number| number.checked_mul(2).ok_or_else(|| "too much".into()))
}

// #[attribute]
async fn tail_awaits(count: u32) -> Answer<u32> {
    ready(Ok(count)).await
}

// #[attribute]
async fn tail_of_an_async_block(text: &str) -> Answer<u32> {
    async { Ok(text.parse()?) }.await
}

// #[attribute]
async fn tail_is_a_loop(mut count: u32) -> Answer<u32> {
    loop {
        if count > 9 {
            break Ok(count);
        }
        count += 1;
    }
}

// #[attribute]
async fn tail_never_comes(count: u32) -> Answer<u32> {
    loop {
        if count > 3 {
            return Ok(count);
        }
    }
}

// #[attribute]
async fn coerced_to_dyn(count: u32) -> Answer<Box<dyn Display + Send>> {
    Ok(Box::new(count))
}

// #[attribute]
async fn coerced_in_each_arm(count: u32) -> Answer<Box<dyn Display + Send>> {
    match count {
        0 => Ok(Box::new("none")),
        _ => Ok(Box::new(count)),
    }
}

// #[attribute]
#[allow(clippy::ptr_arg)]
async fn coerced_by_deref(text: &String) -> Answer<&str> {
    Ok(text)
}

// #[attribute]
#[allow(clippy::ptr_arg)]
async fn coerced_to_a_slice(list: &Vec<u32>) -> Answer<&[u32]> {
    if list.is_empty() { Ok(&[7]) } else { Ok(list) }
}

// #[attribute]
async fn dyn_reference(count: &u32) -> Answer<&(dyn Display + Sync)> {
    Ok(count)
}

// #[attribute]
async fn coerced_to_a_function() -> Answer<fn(u32) -> u32> {
    Ok(|number| number + 1)
}

// #[attribute]
async fn boxed_closure(more: u32) -> Answer<Box<dyn Fn(u32) -> u32 + Send>> {
    Ok(Box::new(move |number| number + more))
}

// #[attribute]
async fn boxed_future(count: u32) -> Answer<Pin<Box<dyn Future<Output = u32> + Send>>> {
    Ok(Box::pin(async move { count }))
}

// #[attribute] answered
async fn of_io(text: &str) -> io::Result<String> {
    if text.is_empty() {
        return Err(io::ErrorKind::NotFound.into());
    }
    Ok(text.to_owned())
}

// #[attribute]
async fn alias(count: u32) -> Answer<u32> {
    Ok(count)
}

// #[attribute]
async fn alias_with_defaults(count: u32) -> ApiResult {
    Ok(count)
}

// #[attribute]
async fn alias_without_parameters(count: u32) -> Found {
    Ok(Some(count))
}

// #[attribute]
async fn full_path(count: u32) -> ::std::result::Result<u32, ApiError> {
    Ok(count)
}

// #[attribute]
async fn macro_for_a_type(count: u32) -> answer_of!(u32) {
    Ok(count)
}

// #[attribute]
async fn impl_display(count: u32) -> Result<impl Display, ApiError> {
    if count == 0 {
        return Err(ApiError::Text(String::from("none")));
    }
    Ok(count)
}

// #[attribute]
async fn list_of_impl(count: u32) -> Answer<Vec<impl Display + Debug>> {
    Ok(vec![count, count + 1])
}

// #[attribute]
async fn impl_in_impl<'a>(words: &'a [&'a str]) -> Answer<impl Iterator<Item = impl Display + 'a>> {
    Ok(words.iter().map(|word| word.len()))
}

// #[attribute]
async fn impl_fn(more: u32) -> Answer<impl Fn(u32) -> u32> {
    Ok(move |number| number + more)
}

// #[attribute]
async fn never_ok(count: u32) -> Result<Infallible, ApiError> {
    Err(ApiError::Text(count.to_string()))
}

// #[attribute] answered
async fn never_err(count: u32) -> Result<u32, Infallible> {
    Ok(count)
}

// #[attribute] answered
async fn units() -> Result<(), ()> {
    Ok(())
}

// #[attribute] answered
async fn static_text(count: u32) -> Result<u32, &'static str> {
    if count == 0 { Err("none") } else { Ok(count) }
}

// #[attribute] answered
async fn nested(count: u32) -> Result<Result<u32, String>, ParseIntError> {
    let parsed = "5".parse::<u32>()?;
    Ok(if parsed == count { Ok(count) } else { Err(String::from("other")) })
}

// #[attribute]
async fn generic_error<E: From<resilience::Error> + From<io::Error>>(
    fails: bool,
) -> Result<u32, E> {
    if fails {
        return Err(io::Error::from(io::ErrorKind::NotFound).into());
    }
    Ok(1)
}

// #[attribute]
async fn error_of_ours(count: u32) -> Result<u32, resilience::Error> {
    Ok(count)
}

// #[attribute]
async fn failure_for_an_error(text: &str) -> Result<u32, Failure<ParseIntError>> {
    text.parse().map_err(Failure::Function)
}

/// An error like those of `anyhow` and `eyre`: made from any error, and no error itself.
#[derive(Debug)]
struct AnyError(Box<dyn StdError + Send + Sync>);

impl<E: StdError + Send + Sync + 'static> From<E> for AnyError {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

// #[attribute]
async fn any_error(text: &str) -> Result<u32, AnyError> {
    let number: u32 = text.parse()?;
    let more = format!("{number}1").parse::<u32>()?;
    Ok(more)
}

// #[attribute]
async fn borrows_of_two<'a>(first: &'a str, second: &'a str) -> Answer<(&'a str, Cow<'a, str>)> {
    Ok((first, Cow::Borrowed(second)))
}

// #[attribute]
async fn array<const N: usize>() -> Answer<[u8; N]> {
    Ok([1; N])
}

// #[attribute]
async fn unimplemented_body(_count: u32) -> Answer<u32> {
    unimplemented!()
}

// #[attribute]
async fn macro_in_tail(text: &str) -> Answer<bool> {
    Ok(matches!(text.parse::<u32>()?, 1..=9))
}

struct Unit;

trait Has {
    type T;
    type Error: From<resilience::Error>;

    fn get(self) -> Result<Self::T, Self::Error>;
}

impl Has for Unit {
    type T = Answer<u32>;
    type Error = BoxError;

    fn get(self) -> Result<Self::T, Self::Error> {
        Ok(Ok(1))
    }
}

trait Asks: Has + Sized {
    async fn associated(self) -> Result<Self::T, Self::Error>;
}

impl Asks for Unit {
    // #[attribute] once
    async fn associated(self) -> Result<Self::T, Self::Error> {
        self.get()
    }
}

impl Unit {
    // #[attribute]
    async fn new(_count: u32) -> Answer<Self> {
        Ok(Self)
    }
}

// #[attribute]
async fn projected(count: u32) -> <Unit as Has>::T {
    Ok(count)
}

impl Display for AnyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.0, f)
    }
}

#[tokio::test(start_paused = true)]
async fn by_question_mark_and_return() {
    spawned(async {
        question_mark_only("5").await.unwrap();
        assert_eq!(question_mark_in_tail("5").await.unwrap(), 5);
        assert!(matches!(question_mark_in_tail("a").await, Err(ApiError::Number(_))));
        assert_eq!(question_mark_on_option(Some("abc")).await.unwrap(), 3);
        assert_eq!(error_in_tail("abc").await.unwrap(), 3);
        assert_eq!(early_return(5).await.unwrap(), 3);
        assert_eq!(early_return_of_an_error(4).await.unwrap(), 4);
        assert!(early_return_of_an_error(0).await.is_err());
        assert_eq!(return_is_all(5).await.unwrap(), 5);
        assert_eq!(return_in_a_macro(5).await.unwrap(), 5);
        assert!(return_in_a_macro(1).await.is_err());
        assert_eq!(question_mark_in_a_macro("5").await.unwrap(), [5, 6]);
        assert!(macro_in_tail("5").await.unwrap());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn by_inference() {
    spawned(async {
        assert!(ok_default().await.unwrap().is_empty());
        assert_eq!(ok_inferred().await.unwrap(), (Vec::new(), None));
        assert_eq!(err_into(1).await.unwrap(), 1);
        assert!(matches!(only_err().await, Err(ApiError::Text(text)) if text == "never"));
        assert_eq!(boxed_error("5").await.unwrap(), 5);
        assert_eq!(tail_collect(&["1", "2"]).await.unwrap(), [1, 2]);
        assert_eq!(tail_sum(&["1", "2"]).await.unwrap(), 3);
        assert_eq!(tail_method_chain("1").await.unwrap(), 4);
        assert_eq!(tail_awaits(5).await.unwrap(), 5);
        assert_eq!(tail_of_an_async_block("5").await.unwrap(), 5);
        assert_eq!(tail_is_a_loop(5).await.unwrap(), 10);
        assert_eq!(tail_never_comes(5).await.unwrap(), 5);
    })
    .await;
    let panicked = tokio::spawn(unimplemented_body(1)).await.unwrap_err();
    assert!(panicked.is_panic());
}

#[tokio::test(start_paused = true)]
async fn by_coercion() {
    spawned(async {
        assert_eq!(coerced_to_dyn(5).await.unwrap().to_string(), "5");
        assert_eq!(coerced_in_each_arm(0).await.unwrap().to_string(), "none");
        assert_eq!(coerced_by_deref(&String::from("abc")).await.unwrap(), "abc");
        assert_eq!(coerced_to_a_slice(&Vec::new()).await.unwrap(), [7]);
        assert_eq!(dyn_reference(&5).await.unwrap().to_string(), "5");
        assert_eq!(coerced_to_a_function().await.unwrap()(1), 2);
        assert_eq!(boxed_closure(1).await.unwrap()(1), 2);
        assert_eq!(boxed_future(1).await.unwrap().await, 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn by_any_name() {
    spawned(async {
        assert_eq!(of_io("abc").await.unwrap(), "abc");
        assert_eq!(alias(5).await.unwrap(), 5);
        assert_eq!(alias_with_defaults(5).await.unwrap(), 5);
        assert_eq!(alias_without_parameters(5).await.unwrap(), Some(5));
        assert_eq!(full_path(5).await.unwrap(), 5);
        assert_eq!(macro_for_a_type(5).await.unwrap(), 5);
        assert_eq!(Unit.associated().await.unwrap().unwrap(), 1);
        assert_eq!(projected(5).await.unwrap(), 5);
        assert!(matches!(Unit::new(1).await, Ok(Unit)));
        assert_eq!(nested(5).await, Ok(Ok(5)));
        assert_eq!(borrows_of_two("a", "b").await.unwrap(), ("a", "b".into()));
        assert_eq!(array().await.unwrap(), [1, 1]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn of_a_hidden_type() {
    spawned(async {
        assert_eq!(impl_display(5).await.unwrap().to_string(), "5");
        assert_eq!(format!("{:?}", list_of_impl(5).await.unwrap()), "[5, 6]");
        let words: Vec<_> =
            impl_in_impl(&["a", "b"]).await.unwrap().map(|word| format!("{word}")).collect();
        assert_eq!(words, ["1", "1"]);
        assert_eq!(impl_fn(1).await.unwrap()(1), 2);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn of_any_error() {
    spawned(async {
        assert!(matches!(never_ok(5).await, Err(ApiError::Text(text)) if text == "5"));
        assert_eq!(never_err(5).await, Ok(5));
        assert_eq!(units().await, Ok(()));
        assert_eq!(static_text(5).await, Ok(5));
        assert_eq!(static_text(0).await, Err("none"));
        assert_eq!(generic_error::<BoxError>(false).await.unwrap(), 1);
        assert!(generic_error::<AnyError>(true).await.is_err());
        assert_eq!(error_of_ours(5).await, Ok(5));
        assert_eq!(failure_for_an_error("5").await, Ok(5));
        assert_eq!(any_error("5").await.unwrap(), 51);
        assert_eq!(any_error("a").await.unwrap_err().to_string(), "invalid digit found in string");
    })
    .await;
}
