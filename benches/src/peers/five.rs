//! All five layers, composed by hand from the best crate for each: tokio's semaphore, recloser or
//! nobreak, backon, and tokio's timeout.

use std::future::Future;

use backon::{ConstantBuilder, Retryable};
use recloser::AsyncRecloser;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::{Failed, SECOND, Subject, breaker, kept, work};

/// The layers that calls share.
pub(crate) struct Layers {
    bulkhead: Semaphore,
    breaker: &'static AsyncRecloser,
}

impl Layers {
    pub(crate) fn new(max_concurrent: usize) -> &'static Self {
        kept(Self { bulkhead: Semaphore::new(max_concurrent), breaker: breaker::recloser() })
    }

    /// Makes a call through all layers. If the last attempt fails, the fallback answers 0.
    pub(crate) async fn call<F>(&self, call: impl Fn() -> F + Copy, backoff: ConstantBuilder) -> u64
    where
        F: Future<Output = Result<u64, Failed>>,
    {
        let attempt = || async move { timeout(SECOND, call()).await.unwrap_or(Err(Failed)) };
        let Ok(_permit) = self.bulkhead.acquire().await else { return 0 };
        self.breaker.call(attempt.retry(backoff)).await.unwrap_or(0)
    }
}

pub(crate) fn backoff() -> ConstantBuilder {
    ConstantBuilder::new().with_delay(SECOND).with_max_times(2)
}

pub(super) fn subjects() -> Vec<Subject> {
    let layers = Layers::new(64);
    let (semaphore, nobreak) = (kept(Semaphore::new(64)), breaker::nobreak());
    vec![
        Subject::new("five layers", "the best by hand", move |suspends| async move {
            layers.call(|| work(suspends), backoff()).await
        }),
        // nobreak counts only failures, like the breaker of `ours::all_five`.
        Subject::new("five layers", "the same with nobreak", move |suspends| async move {
            let attempt =
                || async move { timeout(SECOND, work(suspends)).await.unwrap_or(Err(Failed)) };
            let Ok(_permit) = semaphore.acquire().await else { return 0 };
            nobreak.call_async(|| attempt.retry(backoff())).await.unwrap_or(0)
        }),
    ]
}
