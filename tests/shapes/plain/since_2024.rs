//! Syntax that only this edition has.

use std::future::{Future, ready};

#[allow(unused_imports)]
use resilience::{bulkhead, circuit_breaker, fallback, rate_limiter, resilient, retry, timeout};

use crate::{Answer, spawned};

// #[attribute]
async fn let_chains(text: &str) -> Answer<u32> {
    if let Some((left, right)) = text.split_once('=')
        && let Ok(left) = left.parse::<u32>()
        && left > 0
    {
        return Ok(left + right.parse::<u32>()?);
    }
    Ok(0)
}

// #[attribute]
async fn r#gen(r#gen: u32) -> Answer<u32> {
    Ok(r#gen)
}

// #[attribute]
async fn captures_nothing(list: &[u32]) -> Answer<impl Iterator<Item = u32> + use<>> {
    ready(()).await;
    Ok(0..list[0])
}

/// A return type that captures every lifetime in scope.
// #[attribute]
fn captures_everything(text: &str, other: &str) -> impl Future<Output = Answer<usize>> {
    let more = other.len();
    async move { Ok(text.len() + more) }
}

// #[attribute]
async fn temporaries_in_conditions(list: &std::sync::Mutex<Vec<u32>>) -> Answer<usize> {
    ready(()).await;
    if let Some(first) = list.lock().map_err(|_| "poisoned")?.first() {
        Ok(*first as usize)
    } else {
        Ok(list.lock().map_err(|_| "poisoned")?.len())
    }
}

#[tokio::test(start_paused = true)]
async fn new_syntax() {
    spawned(async {
        assert_eq!(let_chains("1=2").await.unwrap(), 3);
        assert_eq!(r#gen(1).await.unwrap(), 1);
        assert_eq!(captures_nothing(&[3]).await.unwrap().sum::<u32>(), 3);
        assert_eq!(captures_everything("a", "b").await.unwrap(), 2);
        assert_eq!(temporaries_in_conditions(&std::sync::Mutex::default()).await.unwrap(), 0);
    })
    .await;
}
