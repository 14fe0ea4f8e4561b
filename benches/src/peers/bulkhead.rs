//! Bulkheads: tokio's semaphore by hand, and tower's concurrency limit.

use tokio::sync::Semaphore;
use tower::limit::ConcurrencyLimit;
use tower::service_fn;
use tower::util::ServiceExt;

use super::{Failed, Subject, kept, work};

async fn with_permit(semaphore: &Semaphore, suspends: bool) -> Result<u64, Failed> {
    let _permit = semaphore.acquire().await.map_err(|_| Failed)?;
    work(suspends).await
}

pub(super) fn subjects() -> Vec<Subject> {
    let layer = "bulkhead";
    let semaphore = kept(Semaphore::new(64));
    let tower = kept(ConcurrencyLimit::new(service_fn(work), 64));
    vec![
        Subject::new(layer, "tokio Semaphore", move |suspends| with_permit(semaphore, suspends)),
        Subject::new(layer, "tower", move |suspends| tower.clone().oneshot(suspends)),
    ]
}

pub(super) fn failing() -> Vec<Subject> {
    let semaphore = kept(Semaphore::new(0));
    vec![
        Subject::new("bulkhead full", "tokio Semaphore", move |_| async {
            semaphore.try_acquire().is_ok()
        })
        .without_work(),
    ]
}
