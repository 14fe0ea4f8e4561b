//! Every kind of parameter is supported under the attributes.
#![deny(warnings)]
#![allow(clippy::unused_async, reason = "fallbacks and small bodies that need not wait")]

use std::fmt::Display;
use std::future::ready;

use resilience::{Bulkhead, CircuitBreaker, bulkhead, circuit_breaker, fallback, retry, timeout};
use resilience_tests::send;

static PAYMENT: CircuitBreaker = CircuitBreaker::new("arguments");
static POOL: Bulkhead = Bulkhead::new("arguments");

type Answer<T> = Result<T, resilience::Error>;

/// An argument that is neither `Clone` nor `Copy`.
#[derive(Debug, PartialEq)]
struct Order(u32);

struct Point {
    x: u32,
    y: u32,
}

/// Defines a test of each signature under each attribute and under all of them. `forward` is a
/// fallback with the same signature.
macro_rules! signatures {
    ($(
        $name:ident
        { $($signature:tt)* } $body:block
        fallback $forward:path, call $call:expr, gives $expected:expr;
    )*) => {$(
        mod $name {
            use super::*;

            pub(super) mod timed {
                use super::*;
                #[timeout(5s)]
                pub(in super::super) $($signature)* $body
            }
            pub(super) mod retried {
                use super::*;
                #[retry(max_attempts = 2, base_delay = 1ms)]
                pub(in super::super) $($signature)* $body
            }
            pub(super) mod broken {
                use super::*;
                #[circuit_breaker(PAYMENT)]
                pub(in super::super) $($signature)* $body
            }
            pub(super) mod limited {
                use super::*;
                #[bulkhead(POOL)]
                pub(in super::super) $($signature)* $body
            }
            pub(super) mod answered {
                use super::*;
                #[fallback($forward)]
                pub(in super::super) $($signature)* $body
            }
            pub(super) mod stacked {
                use super::*;
                #[fallback($forward)]
                #[bulkhead(POOL)]
                #[circuit_breaker(PAYMENT)]
                #[retry(max_attempts = 2, base_delay = 1ms)]
                #[timeout(5s)]
                pub(in super::super) $($signature)* $body
            }
        }

        #[tokio::test(start_paused = true)]
        async fn $name() {
            let expected = $expected;
            {
                use $name::timed::function;
                assert_eq!(send($call).await.expect("no failure"), expected);
            }
            {
                use $name::retried::function;
                assert_eq!(send($call).await.expect("no failure"), expected);
            }
            {
                use $name::broken::function;
                assert_eq!(send($call).await.expect("no failure"), expected);
            }
            {
                use $name::limited::function;
                assert_eq!(send($call).await.expect("no failure"), expected);
            }
            {
                use $name::answered::function;
                assert_eq!(send($call).await.expect("no failure"), expected);
            }
            {
                use $name::stacked::function;
                assert_eq!(send($call).await.expect("no failure"), expected);
            }
        }
    )*};
}

mod forward {
    use super::{Answer, Display, Order};
    pub(super) async fn order(_order: Order) -> Answer<u32> {
        Ok(0)
    }
    pub(super) async fn list(_list: Vec<u32>) -> Answer<usize> {
        Ok(0)
    }
    pub(super) async fn mutable(_list: &mut Vec<u32>) -> Answer<usize> {
        Ok(0)
    }
    pub(super) async fn display<T: Display + Sync>(_value: &T) -> Answer<String> {
        Ok(String::new())
    }
    pub(super) async fn array<const N: usize>(_array: [u32; N]) -> Answer<usize> {
        Ok(0)
    }
    pub(super) async fn text<'a>(text: &'a str, _other: &str) -> Answer<&'a str> {
        Ok(text)
    }
    pub(super) async fn cow(text: std::borrow::Cow<'_, str>) -> Answer<usize> {
        Ok(text.len())
    }
    pub(super) async fn callback(_callback: impl Fn(u32) -> u32) -> Answer<u32> {
        Ok(0)
    }
    pub(super) async fn unit() -> Answer<u32> {
        Ok(0)
    }
}

signatures! {
    an_owned_argument_may_be_borrowed
    { async fn function(order: Order) -> Answer<u32> } {
        ready(&order).await;
        Ok(order.0)
    } fallback forward::order, call function(Order(3)), gives 3;

    an_owned_argument_may_be_read
    { async fn function(list: Vec<u32>) -> Answer<usize> } {
        let total: Vec<u32> = list.iter().map(|number| number + 1).collect();
        Ok(total.len())
    } fallback forward::list, call function(vec![1, 2]), gives 2;

    an_argument_may_be_a_mutable_binding
    { async fn function(mut list: Vec<u32>) -> Answer<usize> } {
        list.push(1);
        ready(()).await;
        Ok(list.len())
    } fallback forward::list, call function(vec![1]), gives 2;

    an_argument_may_be_a_mutable_reference
    { async fn function(list: &mut Vec<u32>) -> Answer<usize> } {
        async fn more(list: &mut Vec<u32>) {
            list.push(1);
        }
        more(list).await;
        more(list).await;
        Ok(list.len())
    } fallback forward::mutable, call function(&mut vec![1]), gives 3;

    an_argument_may_have_a_generic_type
    { async fn function<T>(value: &T) -> Answer<String> where T: Display + Sync } {
        Ok(value.to_string())
    } fallback forward::display, call function(&5), gives "5";

    an_argument_may_have_a_generic_length
    { async fn function<const N: usize>(array: [u32; N]) -> Answer<usize> } {
        Ok(array.len() + N)
    } fallback forward::array, call function([1, 2, 3]), gives 6;

    a_result_may_borrow_from_an_argument
    { async fn function<'a>(text: &'a str, other: &str) -> Answer<&'a str> } {
        Ok(if other.is_empty() { text } else { &text[1..] })
    } fallback forward::text, call function("abc", "d"), gives "bc";

    an_argument_may_have_an_elided_lifetime
    { async fn function(text: std::borrow::Cow<'_, str>) -> Answer<usize> } {
        Ok(text.len())
    } fallback forward::cow, call function("abc".into()), gives 3;

    an_argument_may_be_impl_trait
    { async fn function(callback: impl Fn(u32) -> u32 + Send + Sync) -> Answer<u32> } {
        ready(()).await;
        Ok(callback(1))
    } fallback forward::callback, call function(|number| number + 1), gives 2;

    a_function_may_have_no_arguments { async fn function() -> Answer<u32> } { Ok(7) }
        fallback forward::unit, call function(), gives 7;
}

#[retry(max_attempts = 2, base_delay = 1ms)]
#[timeout(1s)]
async fn patterns(
    (left, right): (u32, u32),
    Point { x, y: height }: Point,
    _: u32,
    [a, ..]: [u32; 3],
) -> Answer<u32> {
    Ok(left + right + x + height + a)
}

#[bulkhead(POOL)]
#[fallback(value = left)]
async fn pattern_in_value((left, _right): (u32, u32)) -> Answer<u32> {
    Ok(left)
}

macro_rules! make {
    ($(#[$attribute:meta])* $name:ident, $argument:ident) => {
        $(#[$attribute])*
        async fn $name($argument: &Order) -> Answer<u32> {
            let result = $argument.0;
            Ok(result)
        }
    };
}
make!(
    #[retry]
    #[circuit_breaker(PAYMENT)]
    made,
    order
);
make!(
    #[fallback(made)]
    #[timeout(1s)]
    made_too,
    order
);

mod of_the_user {
    //! Names that the expansion must not confuse with its own.
    #![allow(dead_code, unused_imports)]
    mod core {}
    mod std {}
    mod resilience {}
    #[derive(Debug)]
    pub(super) enum Tristate {
        Ok,
        Err,
        None,
    }
    use ::core::result::Result;
    use ::resilience::{fallback, retry, timeout};
    pub(super) use Tristate::*;

    #[fallback(|_failure| Result::Ok(Tristate::None))]
    #[retry]
    #[timeout(1s)]
    pub(super) async fn tristate(ok: bool) -> Result<Tristate, ::resilience::Error> {
        Result::Ok(if ok { Ok } else { Err })
    }
}

#[tokio::test(start_paused = true)]
async fn arguments_may_be_patterns_or_come_from_macros() {
    assert_eq!(send(patterns((1, 2), Point { x: 3, y: 4 }, 0, [5, 0, 0])).await, Ok(15));
    assert_eq!(send(pattern_in_value((1, 2))).await, Ok(1));
    assert_eq!(send(made(&Order(3))).await, Ok(3));
    assert_eq!(send(made_too(&Order(3))).await, Ok(3));
    assert!(matches!(send(of_the_user::tristate(false)).await, Ok(of_the_user::Tristate::Err)));
}

/// Arguments with the names of attributes.
#[fallback(value = retry)]
#[retry]
#[timeout(timeout)]
async fn named_like_attributes(timeout: std::time::Duration, retry: u32) -> Answer<u32> {
    ready(Ok(retry + timeout.subsec_millis())).await
}

#[tokio::test]
async fn arguments_may_be_named_like_attributes() {
    let limit = std::time::Duration::from_millis(1);
    assert_eq!(send(named_like_attributes(limit, 1)).await, Ok(2));
}
