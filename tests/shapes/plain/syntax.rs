//! The syntax that may be on a function, around it, and in it.

use std::fmt::Write as _;
use std::future::ready;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

#[allow(unused_imports)]
use resilience::{bulkhead, circuit_breaker, fallback, rate_limiter, resilient, retry, timeout};

use crate::{Answer, ApiError, spawned};

/// # Safety
///
/// Safe to call at any time.
// #[attribute]
async unsafe fn of_unsafe(count: u32) -> Answer<u32> {
    Ok(count)
}

// #[attribute]
async fn unsafe_inside(count: &u32) -> Answer<u32> {
    let pointed = unsafe { *std::ptr::from_ref(count) };
    Ok(pointed)
}

// #[attribute]
#[allow(improper_ctypes_definitions)]
async extern "C" fn of_c(count: u32) -> Answer<u32> {
    Ok(count)
}

mod visible {
    #[allow(unused_imports)]
    use resilience::{
        bulkhead, circuit_breaker, fallback, rate_limiter, resilient, retry, timeout,
    };

    use super::Answer;

    // #[attribute]
    #[allow(clippy::redundant_pub_crate)]
    pub(crate) async fn in_crate(count: u32) -> Answer<u32> {
        Ok(count)
    }

    // #[attribute]
    #[allow(clippy::redundant_pub_crate)]
    pub(super) async fn in_super(count: u32) -> Answer<u32> {
        Ok(count)
    }

    // #[attribute]
    pub(in super::super) async fn in_path(count: u32) -> Answer<u32> {
        Ok(count)
    }
}

// #[attribute]
async fn r#match(r#fn: u32, r#type: &str) -> Answer<u32> {
    Ok(r#fn + r#type.parse::<u32>()?)
}

/// Documented, *in* [`Answer`]s.
///
/// ```text
/// "quoted" {braced}
/// ```
// #[attribute]
#[must_use = "or else"]
#[inline]
#[doc(alias = "other", hidden)]
#[allow(clippy::doc_markdown)]
async fn many_attributes(count: u32) -> Answer<u32> {
    Ok(count)
}

// #[attribute]
#[cold]
#[inline(never)]
async fn cold(count: u32) -> Answer<u32> {
    Ok(count)
}

// #[attribute]
#[deprecated(since = "1.0.0", note = "use another")]
async fn of_old(count: u32) -> Answer<u32> {
    Ok(count)
}

// #[attribute]
#[expect(clippy::identity_op, reason = "it is what is tried")]
async fn expected(count: u32) -> Answer<u32> {
    Ok(count + 0)
}

// #[attribute]
#[expect(unused_variables)]
async fn expected_of_an_argument(count: u32) -> Answer<u32> {
    Ok(1)
}

// #[attribute]
#[cfg_attr(all(), allow(unused_mut))]
#[cfg(not(any()))]
async fn cfg_attributes(mut count: u32) -> Answer<u32> {
    #[cfg(any())]
    return Err(());
    #[cfg(not(any()))]
    let count = count + 1;
    Ok(count)
}

// #[attribute]
async fn inner_attributes(count: u32) -> Answer<u32> {
    #![allow(unused_variables)]
    #![allow(clippy::no_effect_underscore_binding)]
    let unused = count;
    Ok(count)
}

// #[attribute]
async fn items_in_body(count: u32) -> Answer<u32> {
    use std::cmp::max;

    const ONE: u32 = 1;
    static TWO: u32 = 2;
    struct Pair(u32, u32);
    impl Pair {
        const fn sum(&self) -> u32 {
            self.0 + self.1
        }
    }
    trait Double {
        fn double(&self) -> u32;
    }
    impl Double for u32 {
        fn double(&self) -> u32 {
            self * 2
        }
    }
    mod inside {
        pub(super) const fn same(count: u32) -> u32 {
            count
        }
    }
    macro_rules! plus {
        ($left:expr, $right:expr) => {
            $left + $right
        };
    }
    let sum = plus!(max(Pair(count, ONE).sum(), 0), inside::same(TWO));
    Ok(sum.double())
}

// #[attribute]
async fn function_in_body(count: u32) -> Answer<u32> {
    // #[attribute]
    async fn inner(count: u32) -> Answer<u32> {
        // #[attribute]
        async fn innermost(count: u32) -> Answer<u32> {
            Ok(count + 1)
        }
        innermost(count).await
    }
    inner(count).await
}

// #[attribute]
async fn method_in_body(count: u32) -> Answer<u32> {
    struct Local(u32);
    impl Local {
        // #[attribute]
        async fn get(&self) -> Answer<u32> {
            Ok(self.0)
        }
    }
    Local(count).get().await
}

macro_rules! made {
    (
        $(#[$meta:meta])*
        $visibility:vis fn $name:ident($argument:ident: $ty:ty) -> $output:ty $body:block
    ) => {
        $(#[$meta])*
        $visibility async fn $name($argument: $ty) -> $output $body
    };
    (with attributes $name:ident, $pattern:pat, $value:expr) => {
        // #[attribute]
        async fn $name($pattern: (u32, u32), argument: u32) -> Answer<u32> {
            let local = argument;
            Ok(local + $value)
        }
    };
    (all of $name:ident $body:block) => {
        // #[attribute]
        async fn $name() -> Answer<u32> $body
    };
    (tokens $($token:tt)*) => { $($token)* };
    (item $item:item) => { $item };
}

made! {
    /// Documented.
    // #[attribute]
    fn by_macro(count: u32) -> Answer<u32> {
        Ok(count)
    }
}

made!(with attributes by_macro_with_attributes, (_, _), 3);
made!(all of by_macro_of_a_block { Ok(1) });
made! {
    tokens
    // #[attribute]
    async fn by_macro_of_tokens(count: u32) -> Answer<u32> {
        Ok(count)
    }
}
made! {
    item
    // #[attribute]
    async fn by_macro_of_an_item(count: u32) -> Answer<u32> {
        Ok(count)
    }
}

// #[attribute]
async fn labelled_loops(count: u32) -> Answer<u32> {
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
    let found = 'block: {
        if found == count {
            break 'block found;
        }
        0
    };
    Ok(found)
}

// #[attribute]
async fn returns_from_within(list: &[u32]) -> Answer<u32> {
    let first = |text: &str| -> Answer<u32> {
        if text.is_empty() {
            return Err(ApiError::from("empty"));
        }
        Ok(text.parse()?)
    };
    for &number in list {
        let inner = async {
            if number == 0 {
                return Err(ApiError::from("zero"));
            }
            Ok(number)
        };
        match inner.await {
            Ok(9) => return first("9"),
            Ok(_) => {}
            Err(error) => drop(error),
        }
    }
    Err("not found".into())
}

// #[attribute]
async fn inner_async_blocks(count: u32, text: &str) -> Answer<u32> {
    let parsed = async { Ok::<u32, ApiError>(text.parse::<u32>()? + 1) };
    let owned = async move {
        if count == 0 {
            return 0;
        }
        count + 1
    };
    let (parsed, owned) = tokio::join!(parsed, owned);
    Ok(parsed? + owned)
}

// #[attribute]
async fn async_closures(count: u32) -> Answer<u32> {
    let more = async |number: u32| Ok::<_, ApiError>(number + count);
    more(1).await
}

// #[attribute]
async fn select(count: u32) -> Answer<u32> {
    tokio::select! {
        biased;
        () = tokio::time::sleep(Duration::from_secs(1)) => Err(ApiError::from("late")),
        count = async { Ok::<_, ApiError>(count) } => {
            let count = count?;
            if count == 0 {
                return Ok(1);
            }
            Ok(count)
        }
    }
}

// #[attribute]
async fn try_join(text: &str) -> Answer<u32> {
    let (left, right) = tokio::try_join!(r#match(1, text), of_c(2))?;
    Ok(left + right)
}

// #[attribute]
async fn let_else(text: &str) -> Answer<u32> {
    let Some((left, right)) = text.split_once('=') else {
        return Err("no pair".into());
    };
    let Ok(left) = left.parse::<u32>() else { return Ok(0) };
    Ok(left + right.parse::<u32>()?)
}

// #[attribute]
async fn macros_inside(count: u32, text: &str) -> Answer<String> {
    let mut written = String::new();
    write!(written, "{count}{text:?}{0}", count + 1)
        .map_err(|error| ApiError::Text(error.to_string()))?;
    assert!(!written.is_empty(), "nothing is written");
    debug_assert_eq!(written.len(), 5, "{}", written.len());
    Ok(format!("{written}{}", [text; 2].concat()))
}

// #[attribute]
async fn state_of_its_own() -> Answer<u32> {
    static CALLS: AtomicU32 = AtomicU32::new(1);
    thread_local! {
        static LOCAL: std::cell::Cell<u32> = const { std::cell::Cell::new(1) };
    }
    Ok(CALLS.load(Ordering::Relaxed) + LOCAL.get() + const { 1 + 1 })
}

// #[attribute]
async fn matches_in_many_ways(list: &[u32], word: Option<&str>) -> Answer<u32> {
    let sum = match list {
        [] => 0,
        [only] => *only,
        [first, .., end] if first < end => first + end,
        [first, rest @ ..] => first + rest.iter().sum::<u32>(),
    };
    Ok(match word {
        Some(letter @ ("a" | "b")) => sum + u32::from(letter == "a"),
        Some(other) => other.parse()?,
        None => sum,
    })
}

// #[attribute]
async fn temporaries_in_tail(list: &std::sync::Mutex<Vec<u32>>) -> Answer<usize> {
    ready(()).await;
    Ok(list.lock().map_err(|error| ApiError::Text(error.to_string()))?.len())
}

// #[attribute]
#[allow(clippy::too_many_arguments)]
async fn our_local_names(
    __result: u32,
    __failure: u32,
    __error: u32,
    output: u32,
    given: u32,
    __output: u32,
    __call: u32,
    __policy: u32,
) -> Answer<u32> {
    let __run = __result + __failure + __error + output + given + __output + __call + __policy;
    let __attempt = __run;
    let __work = __attempt;
    Ok(__work)
}

// #[attribute]
async fn named_like_attributes(
    retry: u32,
    timeout: u32,
    fallback: u32,
    bulkhead: u32,
    resilience: u32,
) -> Answer<u32> {
    Ok(retry + timeout + fallback + bulkhead + resilience)
}

// #[attribute]
async fn non_ascii(größe: u32) -> Answer<u32> {
    let länge = größe;
    Ok(länge)
}

// #[attribute]
async fn shadowed(count: u32) -> Answer<u32> {
    let count = Some(count);
    let count = count.map(|count| count + 1);
    let Some(count) = count else { return Ok(0) };
    Ok(count)
}

const fn in_a_const() -> u32 {
    struct Local;
    #[allow(dead_code)]
    impl Local {
        // #[attribute]
        async fn get() -> Answer<u32> {
            Ok(1)
        }
    }
    1
}

const _: () = {
    trait Counts {
        #[allow(dead_code)]
        async fn counts(&self) -> Answer<u32>;
    }
    impl Counts for u32 {
        // #[attribute]
        async fn counts(&self) -> Answer<Self> {
            Ok(*self)
        }
    }
};

#[tokio::test(start_paused = true)]
async fn around_the_function() {
    spawned(async {
        assert_eq!(unsafe { of_unsafe(1) }.await.unwrap(), 1);
        assert_eq!(unsafe_inside(&1).await.unwrap(), 1);
        assert_eq!(of_c(1).await.unwrap(), 1);
        assert_eq!(visible::in_crate(1).await.unwrap(), 1);
        assert_eq!(visible::in_super(1).await.unwrap(), 1);
        assert_eq!(visible::in_path(1).await.unwrap(), 1);
        assert_eq!(r#match(1, "2").await.unwrap(), 3);
        assert_eq!(many_attributes(1).await.unwrap(), 1);
        assert_eq!(cold(1).await.unwrap(), 1);
        #[allow(deprecated)]
        let old = of_old(1).await;
        assert_eq!(old.unwrap(), 1);
        assert_eq!(expected(1).await.unwrap(), 1);
        assert_eq!(expected_of_an_argument(1).await.unwrap(), 1);
        assert_eq!(cfg_attributes(1).await.unwrap(), 2);
        assert_eq!(inner_attributes(1).await.unwrap(), 1);
        assert_eq!(in_a_const(), 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn made_by_macros() {
    spawned(async {
        assert_eq!(by_macro(1).await.unwrap(), 1);
        assert_eq!(by_macro_with_attributes((1, 2), 3).await.unwrap(), 6);
        assert_eq!(by_macro_of_a_block().await.unwrap(), 1);
        assert_eq!(by_macro_of_tokens(1).await.unwrap(), 1);
        assert_eq!(by_macro_of_an_item(1).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn in_the_body() {
    spawned(async {
        assert_eq!(items_in_body(1).await.unwrap(), 8);
        assert_eq!(function_in_body(1).await.unwrap(), 2);
        assert_eq!(method_in_body(1).await.unwrap(), 1);
        assert_eq!(labelled_loops(5).await.unwrap(), 5);
        assert_eq!(returns_from_within(&[0, 1, 9]).await.unwrap(), 9);
        assert_eq!(inner_async_blocks(1, "2").await.unwrap(), 5);
        assert_eq!(async_closures(1).await.unwrap(), 2);
        assert_eq!(select(5).await.unwrap(), 5);
        assert_eq!(try_join("5").await.unwrap(), 8);
        assert_eq!(let_else("1=2").await.unwrap(), 3);
        assert_eq!(macros_inside(1, "a").await.unwrap(), "1\"a\"2aa");
        assert_eq!(state_of_its_own().await.unwrap(), 4);
        assert_eq!(matches_in_many_ways(&[1, 2, 3], Some("a")).await.unwrap(), 5);
        assert_eq!(temporaries_in_tail(&std::sync::Mutex::new(vec![1])).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn of_any_name() {
    spawned(async {
        assert_eq!(our_local_names(1, 2, 3, 4, 5, 6, 7, 8).await.unwrap(), 36);
        assert_eq!(named_like_attributes(1, 2, 3, 4, 5).await.unwrap(), 15);
        assert_eq!(non_ascii(1).await.unwrap(), 1);
        assert_eq!(shadowed(1).await.unwrap(), 2);
    })
    .await;
}
