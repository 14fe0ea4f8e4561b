//! Arguments are dropped in the order of the plain function.
#![deny(warnings)]
#![allow(clippy::unused_async, reason = "small bodies that need not wait")]
#![allow(clippy::toplevel_ref_arg, clippy::manual_async_fn, reason = "these are tested")]

use std::cell::RefCell;
use std::future::{Future, ready};
use std::time::Duration;

use resilience::retry;
use resilience::{Bulkhead, CircuitBreaker, Error, bulkhead, circuit_breaker, fallback, timeout};

static PAYMENT: CircuitBreaker = CircuitBreaker::new("drop order");
static POOL: Bulkhead = Bulkhead::new("drop order");

type Answer = Result<(), Error>;

thread_local! {
    static DROPPED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// A value that reports when it is dropped.
struct Noisy(&'static str);

impl Noisy {
    fn touch(&self) {
        assert!(!self.0.is_empty());
    }

    fn change(&mut self) {
        assert!(!self.0.is_empty());
    }
}

impl Drop for Noisy {
    fn drop(&mut self) {
        DROPPED.with_borrow_mut(|dropped| dropped.push(self.0));
    }
}

struct Pair {
    left: Noisy,
    right: Noisy,
}

fn pair(left: &'static str, right: &'static str) -> Pair {
    Pair { left: Noisy(left), right: Noisy(right) }
}

/// The order of the drops of a call.
async fn drops(call: impl Future<Output = Answer>) -> Vec<&'static str> {
    DROPPED.take();
    call.await.expect("no failure");
    DROPPED.take()
}

/// Compares a function with the same function under each attribute.
macro_rules! same_order {
    ($($name:ident { async fn function $($signature:tt)* } call $call:expr;)*) => {$(
        #[tokio::test(start_paused = true)]
        async fn $name() {
            mod plain {
                use super::*;
                pub(super) async fn function $($signature)*
            }
            mod timed {
                use super::*;
                #[timeout(5s)]
                pub(super) async fn function $($signature)*
            }
            mod broken {
                use super::*;
                #[circuit_breaker(PAYMENT)]
                pub(super) async fn function $($signature)*
            }
            mod limited {
                use super::*;
                #[bulkhead(POOL)]
                pub(super) async fn function $($signature)*
            }
            mod answered {
                use super::*;
                #[fallback(value = ())]
                pub(super) async fn function $($signature)*
            }
            mod retried {
                use super::*;
                #[retry(max_attempts = 2)]
                pub(super) async fn function $($signature)*
            }
            mod stacked {
                use super::*;
                #[fallback(value = ())]
                #[bulkhead(POOL)]
                #[circuit_breaker(PAYMENT)]
                #[timeout(5s)]
                pub(super) async fn function $($signature)*
            }
            let expected = { use plain::function; drops($call).await };
            assert!(!expected.is_empty());
            { use timed::function; assert_eq!(drops($call).await, expected, "timeout") }
            { use broken::function; assert_eq!(drops($call).await, expected, "circuit breaker") }
            { use limited::function; assert_eq!(drops($call).await, expected, "bulkhead") }
            { use answered::function; assert_eq!(drops($call).await, expected, "fallback") }
            { use retried::function; assert_eq!(drops($call).await, expected, "retry") }
            { use stacked::function; assert_eq!(drops($call).await, expected, "stack") }
        }
    )*};
}

same_order! {
    arguments_that_the_body_uses_in_another_order {
        async fn function(a: Noisy, b: Noisy, c: Noisy) -> Answer {
            let _local = Noisy("local");
            ready(()).await;
            b.touch();
            c.touch();
            a.touch();
            Ok(())
        }
    } call function(Noisy("a"), Noisy("b"), Noisy("c"));

    arguments_that_the_body_does_not_use {
        async fn function(a: Noisy, _b: Noisy, _: Noisy, c: Noisy, _d: Noisy) -> Answer {
            ready(()).await;
            c.touch();
            a.touch();
            Ok(())
        }
    } call function(Noisy("a"), Noisy("b"), Noisy("_"), Noisy("c"), Noisy("d"));

    arguments_that_the_body_uses_in_part {
        async fn function(a: Pair, b: Pair, c: Pair) -> Answer {
            b.right.touch();
            ready(()).await;
            a.right.touch();
            c.right.touch();
            c.left.touch();
            Ok(())
        }
    } call function(pair("a1", "a2"), pair("b1", "b2"), pair("c1", "c2"));

    patterns {
        async fn function(
            (a, _): (Noisy, Noisy),
            Pair { right, left }: Pair,
            [.., last]: [Noisy; 3],
            b: Noisy,
            Pair { left: c, .. }: Pair,
        ) -> Answer {
            left.touch();
            c.touch();
            ready(()).await;
            a.touch();
            b.touch();
            right.touch();
            last.touch();
            Ok(())
        }
    } call function(
        (Noisy("a"), Noisy("a_")),
        pair("left", "right"),
        [Noisy("0"), Noisy("1"), Noisy("2")],
        Noisy("b"),
        pair("c", "c_"),
    );

    references_in_patterns {
        async fn function(a: Noisy, ref b: Noisy, (ref c, _): (Noisy, Noisy)) -> Answer {
            b.touch();
            a.touch();
            ready(()).await;
            c.touch();
            Ok(())
        }
    } call function(Noisy("a"), Noisy("b"), (Noisy("c"), Noisy("c_")));

    arguments_that_change {
        async fn function(mut a: Noisy, mut b: Noisy, (mut c, d): (Noisy, Noisy)) -> Answer {
            b.change();
            ready(()).await;
            a.change();
            c.change();
            d.touch();
            Ok(())
        }
    } call function(Noisy("a"), Noisy("b"), (Noisy("c"), Noisy("d")));

    an_argument_between_references {
        async fn function(a: &Noisy, b: Noisy, c: &mut Noisy, d: Noisy) -> Answer {
            a.touch();
            c.change();
            ready(()).await;
            d.touch();
            b.touch();
            Ok(())
        }
    } call async {
        let (a, mut c) = (Noisy("a"), Noisy("c"));
        function(&a, Noisy("b"), &mut c, Noisy("d")).await
    };

    a_body_that_returns_early {
        async fn function(a: Noisy, b: Noisy, early: bool) -> Answer {
            ready(()).await;
            let _local = Noisy("local");
            b.touch();
            if early {
                return Ok(());
            }
            a.touch();
            Ok(())
        }
    } call function(Noisy("a"), Noisy("b"), true);
}

/// Clones belong to one attempt, and are dropped in the order of the parameters too.
#[tokio::test(start_paused = true)]
async fn clones_are_dropped_in_the_order_of_the_parameters() {
    struct Cloned(&'static str);
    impl Clone for Cloned {
        fn clone(&self) -> Self {
            Self("clone")
        }
    }
    struct Logged(&'static str, Cloned);
    impl Clone for Logged {
        fn clone(&self) -> Self {
            Self(self.0, self.1.clone())
        }
    }
    impl Drop for Logged {
        fn drop(&mut self) {
            if self.1.0 == "clone" {
                DROPPED.with_borrow_mut(|dropped| dropped.push(self.0));
            }
        }
    }
    #[retry(max_attempts = 2, clone(b, a))]
    async fn function(a: Logged, b: Logged) -> Answer {
        ready((&a, &b)).await;
        Ok(())
    }
    let order = drops(function(Logged("a", Cloned("")), Logged("b", Cloned("")))).await;
    assert_eq!(order, ["b", "a"]);
}

struct Owner(Noisy);

impl Owner {
    async fn plain(self, a: Noisy, _: Noisy) -> Answer {
        a.touch();
        self.0.touch();
        Ok(())
    }

    #[bulkhead(POOL)]
    #[timeout(5s)]
    async fn annotated(self, a: Noisy, _: Noisy) -> Answer {
        a.touch();
        self.0.touch();
        Ok(())
    }

    #[timeout(5s)]
    async fn unused(self, a: Noisy, mut b: Noisy) -> Answer {
        a.touch();
        b.change();
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn the_receiver_is_dropped_last() {
    let call = |owner: Owner| owner.plain(Noisy("a"), Noisy("_"));
    let expected = drops(call(Owner(Noisy("self")))).await;
    assert_eq!(expected, ["_", "a", "self"]);
    assert_eq!(drops(Owner(Noisy("self")).annotated(Noisy("a"), Noisy("_"))).await, expected);
    assert_eq!(
        drops(Owner(Noisy("self")).unused(Noisy("a"), Noisy("b"))).await,
        ["b", "a", "self"]
    );
}

fn plain_future(a: Noisy, b: Noisy, c: Noisy) -> impl Future<Output = Answer> {
    async move {
        b.touch();
        c.touch();
        a.touch();
        Ok(())
    }
}

#[fallback(value = ())]
#[bulkhead(POOL)]
#[timeout(5s)]
fn annotated_future(a: Noisy, b: Noisy, c: Noisy) -> impl Future<Output = Answer> {
    async move {
        b.touch();
        c.touch();
        a.touch();
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_function_that_returns_a_future_keeps_its_order() {
    let expected = drops(plain_future(Noisy("a"), Noisy("b"), Noisy("c"))).await;
    assert_eq!(drops(annotated_future(Noisy("a"), Noisy("b"), Noisy("c"))).await, expected);
}

/// A trait whose methods become boxed futures.
#[async_trait::async_trait]
trait Send_ {
    async fn plain(&self, a: Noisy, _: Noisy, (b, _): (Noisy, Noisy), limit: Duration) -> Answer;
    async fn timed(&self, a: Noisy, _: Noisy, (b, _): (Noisy, Noisy), limit: Duration) -> Answer;
    async fn retried(&self, a: Noisy, _: Noisy, (b, _): (Noisy, Noisy), limit: Duration) -> Answer;
    async fn limited(&self, a: Noisy, _: Noisy, (b, _): (Noisy, Noisy), limit: Duration) -> Answer;
}

struct Client;

#[async_trait::async_trait]
impl Send_ for Client {
    async fn plain(&self, a: Noisy, _: Noisy, (b, _): (Noisy, Noisy), limit: Duration) -> Answer {
        b.touch();
        a.touch();
        assert!(!limit.is_zero());
        Ok(())
    }

    #[bulkhead(POOL)]
    #[timeout(5s)]
    async fn timed(&self, a: Noisy, _: Noisy, (b, _): (Noisy, Noisy), limit: Duration) -> Answer {
        b.touch();
        a.touch();
        assert!(!limit.is_zero());
        Ok(())
    }

    #[retry(max_attempts = 2)]
    async fn retried(&self, a: Noisy, _: Noisy, (b, _): (Noisy, Noisy), limit: Duration) -> Answer {
        b.touch();
        a.touch();
        assert!(!limit.is_zero());
        Ok(())
    }

    #[timeout(limit)]
    async fn limited(&self, a: Noisy, _: Noisy, (b, _): (Noisy, Noisy), limit: Duration) -> Answer {
        b.touch();
        a.touch();
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_method_of_async_trait_keeps_its_order() {
    let limit = Duration::from_secs(1);
    let b = || (Noisy("b"), Noisy("b_"));
    let expected = drops(Client.plain(Noisy("a"), Noisy("_"), b(), limit)).await;
    assert_eq!(drops(Client.timed(Noisy("a"), Noisy("_"), b(), limit)).await, expected);
    assert_eq!(drops(Client.retried(Noisy("a"), Noisy("_"), b(), limit)).await, expected);
    assert_eq!(drops(Client.limited(Noisy("a"), Noisy("_"), b(), limit)).await, expected);
}

/// An argument that only an attribute uses is not unused, and is still dropped in its place.
#[tokio::test(start_paused = true)]
async fn an_argument_of_an_attribute_is_dropped_in_its_place() {
    struct Limit(Duration, #[allow(dead_code, reason = "only dropped")] Noisy);
    impl std::ops::Sub<Duration> for &Limit {
        type Output = Duration;
        fn sub(self, passed: Duration) -> Duration {
            self.0.saturating_sub(passed)
        }
    }
    #[timeout(&limit - Duration::from_millis(1))]
    async fn function(a: Noisy, limit: Limit, b: Noisy) -> Answer {
        a.touch();
        b.touch();
        Ok(())
    }
    let limit = Limit(Duration::from_secs(1), Noisy("limit"));
    assert_eq!(drops(function(Noisy("a"), limit, Noisy("b"))).await, ["b", "limit", "a"]);
}

/// The user's own label does not shadow one of ours.
#[tokio::test]
async fn a_body_may_have_a_label_of_any_name() {
    #[timeout(5s)]
    async fn function(rows: [[u32; 2]; 2]) -> Result<u32, Error> {
        let mut sum = 0;
        '_body: for row in rows {
            'body: for number in row {
                match number {
                    0 => break 'body,
                    9 => break '_body,
                    _ => sum += number,
                }
            }
        }
        Ok(sum)
    }
    assert_eq!(function([[1, 0], [2, 9]]).await, Ok(3));
}
