//! Other attributes, above ours and below.

use std::future::ready;

use async_trait::async_trait;
#[allow(unused_imports)]
use resilience::{bulkhead, circuit_breaker, fallback, rate_limiter, resilient, retry, timeout};
use tracing::instrument;

use crate::{Answer, ApiError, spawned};

/// Functions under `instrument`, which moves the arguments: above ours it ends up inside.
#[instrument]
// #[attribute]
async fn instrumented_above(text: &str) -> Answer<usize> {
    ready(()).await;
    Ok(text.len())
}

// #[attribute]
#[instrument(ret, err)]
async fn instrumented_below(text: &str, list: Vec<u32>) -> Answer<usize> {
    ready(()).await;
    Ok(text.parse::<usize>()? + list.len())
}

#[instrument(skip(list), err(Debug))]
// #[attribute] clone(list)
async fn instrumented_and_consumed(list: Vec<u32>) -> Answer<usize> {
    ready(()).await;
    Ok(list.into_iter().max().map_or(0, |_| 1))
}

#[tracing::instrument(level = "debug", fields(more = %text.trim()), skip_all)]
// #[attribute]
#[tracing::instrument(name = "inner")]
async fn instrumented_twice(text: &str) -> Answer<usize> {
    ready(()).await;
    Ok(text.len())
}

struct Client;

#[async_trait]
trait Service {
    async fn above(&self, text: &str) -> Answer<usize>;
    async fn below(&self, text: &str) -> Answer<usize>;
}

#[async_trait]
impl Service for Client {
    #[instrument(skip(self))]
    // #[attribute]
    async fn above(&self, text: &str) -> Answer<usize> {
        ready(()).await;
        Ok(text.len())
    }

    // #[attribute]
    #[instrument(skip(self))]
    async fn below(&self, text: &str) -> Answer<usize> {
        ready(()).await;
        Ok(text.len())
    }
}

impl Client {
    #[instrument(skip_all, err)]
    // #[attribute]
    async fn method_above(&self, text: &str) -> Answer<usize> {
        if text.is_empty() {
            return Err(ApiError::from("empty"));
        }
        Ok(text.parse()?)
    }

    // #[attribute]
    #[instrument(skip_all, err)]
    async fn method_below(&self, text: &str) -> Answer<usize> {
        ready(()).await;
        Ok(text.parse()?)
    }
}

/// The return type of a `main`.
#[tokio::main(flavor = "current_thread", start_paused = true)]
// #[attribute]
async fn main_above() -> Answer<()> {
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    Ok(())
}

// #[attribute]
#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main_below() -> Answer<()> {
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    Ok(())
}

#[tokio::test(start_paused = true)]
// #[attribute]
async fn a_test_above() -> Answer<()> {
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    Ok(())
}

// #[attribute]
#[tokio::test(start_paused = true)]
async fn a_test_below() -> Answer<()> {
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    Ok(())
}

#[test]
fn a_main_of_tokio() {
    main_above().unwrap();
    main_below().unwrap();
}

#[tokio::test(start_paused = true)]
async fn instrumented() {
    spawned(async {
        assert_eq!(instrumented_above("abc").await.unwrap(), 3);
        assert_eq!(instrumented_below("3", vec![1]).await.unwrap(), 4);
        assert_eq!(instrumented_and_consumed(vec![1]).await.unwrap(), 1);
        assert_eq!(instrumented_twice("abc").await.unwrap(), 3);
        assert_eq!(Client.above("abc").await.unwrap(), 3);
        assert_eq!(Client.below("abc").await.unwrap(), 3);
        assert_eq!(Client.method_above("3").await.unwrap(), 3);
        assert!(Client.method_above("").await.is_err());
        assert_eq!(Client.method_below("3").await.unwrap(), 3);
    })
    .await;
}
