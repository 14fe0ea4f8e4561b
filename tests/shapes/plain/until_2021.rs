//! Syntax that later editions read in another way.

#[allow(unused_imports)]
use resilience::{bulkhead, circuit_breaker, fallback, rate_limiter, resilient, retry, timeout};

use crate::{spawned, Answer};

/// A name that is a keyword in later editions.
// #[attribute]
async fn gen(gen: u32) -> Answer<u32> {
    Ok(gen)
}

/// A macro in whose edition `expr` matches neither `_` nor `const { … }`.
macro_rules! either {
    ($value:expr) => {
        $value
    };
    (_) => {
        0
    };
}

// #[attribute]
async fn older_fragments(count: u32) -> Answer<u32> {
    Ok(either!(count) + either!(_))
}

#[tokio::test(start_paused = true)]
async fn old_syntax() {
    spawned(async {
        assert_eq!(gen(1).await.unwrap(), 1);
        assert_eq!(older_fragments(1).await.unwrap(), 1);
    })
    .await;
}
