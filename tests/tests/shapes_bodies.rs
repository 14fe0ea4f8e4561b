//! Bodies and return types: what may stand in a function may stand under the attributes.
#![deny(warnings)]
#![allow(
    clippy::unused_async,
    clippy::single_match,
    clippy::default_trait_access,
    clippy::needless_return,
    reason = "the bodies are written for their shape"
)]

use std::collections::HashMap;
use std::convert::Infallible;
use std::error::Error as StdError;
use std::fmt::Display;
use std::io;

use resilience::{
    AnnotatedFunction, Bulkhead, CircuitBreaker, bulkhead, circuit_breaker, fallback, retry, timeout,
};

static PAYMENT: CircuitBreaker = CircuitBreaker::new("bodies");
static POOL: Bulkhead = Bulkhead::new("bodies");

#[derive(Debug, thiserror::Error)]
enum ApiError {
    #[error("not a number")]
    Number(#[from] std::num::ParseIntError),
    #[error("{0}")]
    Text(String),
    #[error(transparent)]
    Resilience(#[from] resilience::Error),
}

type Answer<T> = Result<T, ApiError>;
type ApiResult<T = u32, E = ApiError> = Result<T, E>;
type BoxError = Box<dyn StdError + Send + Sync>;

fn send<T: Send>(value: T) -> T {
    value
}

/// The same function under each attribute and under all of them.
macro_rules! shapes {
    ($(
        $name:ident: fn($($argument:ident: $ty:ty),*) -> $output:ty $body:block
            where $($given:expr),* => $check:expr;
    )*) => {$(
        mod $name {
            use super::*;

            #[timeout(5s)]
            pub(super) async fn timed($($argument: $ty),*) -> $output $body
            #[retry(max_attempts = 2, base_delay = 1ms)]
            pub(super) async fn retried($($argument: $ty),*) -> $output $body
            #[circuit_breaker(PAYMENT)]
            pub(super) async fn broken($($argument: $ty),*) -> $output $body
            #[bulkhead(POOL)]
            pub(super) async fn limited($($argument: $ty),*) -> $output $body
            #[fallback(timed)]
            pub(super) async fn answered($($argument: $ty),*) -> $output $body
            #[fallback(timed)]
            #[bulkhead(POOL)]
            #[circuit_breaker(PAYMENT)]
            #[retry(max_attempts = 2, base_delay = 1ms)]
            #[timeout(5s)]
            pub(super) async fn stacked($($argument: $ty),*) -> $output $body
        }

        #[tokio::test(start_paused = true)]
        async fn $name() {
            let check = $check;
            check(send($name::timed($($given),*)).await);
            check(send($name::retried($($given),*)).await);
            check(send($name::broken($($given),*)).await);
            check(send($name::limited($($given),*)).await);
            check(send($name::answered($($given),*)).await);
            check(send($name::stacked($($given),*)).await);
        }
    )*};
}

shapes! {
    question_mark: fn(text: &str) -> Result<u32, ApiError> {
        let number: u32 = text.parse()?;
        Ok(number)
    } where "5" => |result: Answer<u32>| assert_eq!(result.expect("it parses"), 5);

    question_mark_in_tail: fn(text: &str) -> Result<u32, ApiError> {
        Ok(text.parse::<u32>()?)
    } where "5" => |result: Answer<u32>| assert_eq!(result.expect("it parses"), 5);

    early_return: fn(count: u32) -> Result<u32, ApiError> {
        if count > 3 {
            return Ok(3);
        }
        Ok(count)
    } where 5 => |result: Answer<u32>| assert_eq!(result.expect("it ends early"), 3);

    return_in_tail: fn(count: u32) -> Result<u32, ApiError> {
        match count {
            0 => return Err("none".to_owned().into()),
            _ => {}
        }
        Ok(count)
    } where 5 => |result: Answer<u32>| assert_eq!(result.expect("it is not zero"), 5);

    default_value: fn() -> Result<HashMap<String, Vec<u32>>, ApiError> {
        Ok(Default::default())
    } where => |result: Answer<HashMap<String, Vec<u32>>>| assert!(result.expect("it is fine").is_empty());

    collected_tail: fn(words: &[&str]) -> Result<Vec<u32>, ApiError> {
        words.iter().map(|word| word.parse::<u32>().map_err(ApiError::from)).collect()
    } where &["1", "2"] => |result: Answer<Vec<u32>>| assert_eq!(result.expect("they parse"), [1, 2]);

    error_into: fn(count: u32) -> Result<u32, BoxErrorWithPolicy> {
        if count == 0 {
            return Err("none".into());
        }
        Ok(count)
    } where 1 => |result: Result<u32, BoxErrorWithPolicy>| assert_eq!(result.expect("it is fine"), 1);

    boxed_error: fn(text: &str) -> Result<u32, BoxError> {
        if text.is_empty() {
            Err("empty")?;
        }
        Ok(text.parse()?)
    } where "5" => |result: Result<u32, BoxError>| assert_eq!(result.expect("it parses"), 5);

    coerced_to_dyn: fn(count: u32) -> Result<Box<dyn Display + Send>, ApiError> {
        Ok(Box::new(count))
    } where 5 => |result: Answer<Box<dyn Display + Send>>| assert_eq!(result.expect("it is fine").to_string(), "5");

    alias: fn(count: u32) -> Answer<u32> { Ok(count) }
        where 5 => |result: Answer<u32>| assert_eq!(result.expect("it is fine"), 5);

    alias_with_defaults: fn(count: u32) -> ApiResult { Ok(count) }
        where 5 => |result: Answer<u32>| assert_eq!(result.expect("it is fine"), 5);

    never_any_value: fn(count: u32) -> Result<Infallible, ApiError> {
        Err(count.to_string().into())
    } where 5 => |result: Answer<Infallible>| assert!(matches!(result, Err(ApiError::Text(_))));

    items_in_body: fn(count: u32) -> Result<u32, ApiError> {
        const ONE: u32 = 1;
        use std::cmp::max;
        struct Pair(u32, u32);
        fn sum(pair: &Pair) -> u32 { pair.0 + pair.1 }
        Ok(max(sum(&Pair(count, ONE)), 0))
    } where 5 => |result: Answer<u32>| assert_eq!(result.expect("it is fine"), 6);

    labelled_loops: fn(count: u32) -> Result<u32, ApiError> {
        let mut found = 0;
        'outer: loop {
            for number in 0.. {
                if number == count {
                    break 'outer;
                }
                found += 1;
                if found > 100 {
                    continue 'outer;
                }
            }
        }
        Ok(found)
    } where 5 => |result: Answer<u32>| assert_eq!(result.expect("it is fine"), 5);

    one_awaited: fn(count: u32) -> Result<u32, ApiError> {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        std::future::ready(Ok(count)).await
    } where 5 => |result: Answer<u32>| assert_eq!(result.expect("it is fine"), 5);

    closures_and_async_blocks: fn(count: u32) -> Result<u32, ApiError> {
        let twice = |number: u32| -> Result<u32, ApiError> { return Ok(number * 2) };
        let more = async { Ok::<u32, ApiError>(twice(count)? + 1) };
        more.await
    } where 5 => |result: Answer<u32>| assert_eq!(result.expect("it is fine"), 11);

    our_local_names: fn(__result: u32, __failure: u32, __error: u32, output: u32, given: u32) -> Result<u32, ApiError> {
        let __call = __result;
        let __run = __failure + __error + output + given;
        Ok(__call + __run)
    } where 1, 2, 3, 4, 5 => |result: Answer<u32>| assert_eq!(result.expect("it is fine"), 15);
}

/// `String` can be made one, and so can a policy's error.
#[derive(Debug)]
struct BoxErrorWithPolicy(#[expect(dead_code, reason = "only printed")] BoxError);

impl From<&str> for BoxErrorWithPolicy {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<resilience::Error> for BoxErrorWithPolicy {
    fn from(error: resilience::Error) -> Self {
        Self(error.into())
    }
}

impl From<String> for ApiError {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

#[retry]
#[circuit_breaker]
#[timeout]
async fn some_display(count: u32) -> Result<impl Display + Send, ApiError> {
    if count == 0 {
        return Err(ApiError::Text(String::from("none")));
    }
    Ok(count)
}

#[retry]
async fn of_io(fails: bool) -> io::Result<u32> {
    if fails {
        Err(io::ErrorKind::NotFound)?;
    }
    Ok(3)
}

#[retry]
#[timeout(1s)]
async fn not_yet(_count: u32) -> Result<u32, ApiError> {
    unimplemented!()
}

#[retry(max_attempts = 2, base_delay = 0ms)]
async fn inner_attributes(count: u32) -> Result<u32, ApiError> {
    #![allow(unused_variables)]
    let unused = count;
    Ok(count)
}

#[timeout(1s)]
async fn recursive(depth: u32) -> Result<u32, ApiError> {
    if depth == 0 {
        return Ok(0);
    }
    Ok(Box::pin(recursive(depth - 1)).await? + 1)
}

#[fallback(r#type)]
#[retry(max_attempts = 2, base_delay = 0ms)]
async fn r#match(r#fn: u32) -> Result<u32, ApiError> {
    if r#fn == 0 { Err(ApiError::Text(String::new())) } else { Ok(r#fn) }
}

async fn r#type(r#fn: u32) -> Result<u32, ApiError> {
    Ok(r#fn + 100)
}

/// An error that must not make the future non-`Send`, though it is held for a while.
#[retry(max_attempts = 2, base_delay = 1ms)]
async fn not_send(fails: bool) -> Result<u32, std::rc::Rc<str>> {
    if fails { Err(std::rc::Rc::from("no")) } else { Ok(1) }
}

#[tokio::test(start_paused = true)]
async fn those_on_their_own() {
    assert_eq!(send(some_display(5)).await.expect("it is fine").to_string(), "5");
    assert_eq!(send(of_io(false)).await.expect("it is fine"), 3);
    assert!(tokio::spawn(not_yet(1)).await.is_err_and(|error| error.is_panic()));
    assert_eq!(send(inner_attributes(5)).await.expect("it is fine"), 5);
    assert_eq!(send(recursive(5)).await.expect("it is fine"), 5);
    assert_eq!(send(r#match(0)).await.expect("the fallback answers"), 100);
    assert_eq!(not_send(false).await.expect("it is fine"), 1);
    assert!(not_send(true).await.is_err());
    let names: Vec<_> = resilience::registry().functions().map(AnnotatedFunction::path).collect();
    assert!(names.contains(&"shapes_bodies::match"), "{names:?}");
}
