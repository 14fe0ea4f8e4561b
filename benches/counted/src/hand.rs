//! The same layers as a careful engineer writes them for one function, without a library. Our
//! layers are compared with them. They do less: no deadline for the inner layers, no queue, no
//! window, no counters, no observers.

use std::pin::{Pin, pin};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep, sleep_until};

use crate::{ApiError, Result, Subject, fails, fails_twice, opaque, work};

const MAX_ATTEMPTS: u32 = 3;

async fn retry<F: Future<Output = Result<u64>>>(
    delay: Duration,
    call: impl Fn() -> F,
) -> Result<u64> {
    let mut attempt = 1;
    loop {
        match call().await {
            Err(_) if attempt < MAX_ATTEMPTS => attempt += 1,
            result => return result,
        }
        if !delay.is_zero() {
            sleep(delay).await;
        }
    }
}

/// Generation of a breaker: an odd number is open.
static GENERATION: AtomicU64 = AtomicU64::new(0);
static FAILURES: AtomicU64 = AtomicU64::new(0);

async fn breaker<F: Future<Output = Result<u64>>>(call: impl FnOnce() -> F) -> Result<u64> {
    let generation = GENERATION.load(Acquire);
    if generation % 2 == 1 {
        return Err(ApiError::Status(0));
    }
    let result = call().await;
    if result.is_err()
        && GENERATION.load(Acquire) == generation
        && FAILURES.fetch_add(1, AcqRel) == 4
    {
        GENERATION.store(generation + 1, Release);
    }
    result
}

/// Guard of a slot. Dropping it releases the slot.
struct Slot<'a>(&'a AtomicU64);

impl<'a> Slot<'a> {
    fn take(inside: &'a AtomicU64, limit: u64) -> Option<Self> {
        let add = |inside: u64| (inside < limit).then_some(inside + 1);
        inside.fetch_update(AcqRel, Relaxed, add).ok().map(|_| Self(inside))
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Release);
    }
}

static INSIDE: AtomicU64 = AtomicU64::new(0);

async fn bulkhead<F: Future<Output = Result<u64>>>(call: impl FnOnce() -> F) -> Result<u64> {
    let Some(_slot) = Slot::take(&INSIDE, 64) else { return Err(ApiError::Status(0)) };
    call().await
}

/// Ends a call after a limit. It reads no time and sets no timer before the first suspension.
async fn timeout<F: Future<Output = Result<u64>>>(
    limit: Duration,
    call: impl FnOnce() -> F,
) -> Result<u64> {
    let mut work = pin!(call());
    let mut timer: Pin<&mut Option<Sleep>> = pin!(None);
    std::future::poll_fn(|cx| {
        if let Poll::Ready(result) = work.as_mut().poll(cx) {
            return Poll::Ready(result);
        }
        if timer.is_none() {
            timer.set(Some(sleep_until(Instant::now() + limit)));
        }
        let timer = timer.as_mut().as_pin_mut().expect("the timer is set");
        timer.poll(cx).map(|()| Err(ApiError::Status(0)))
    })
    .await
}

async fn all_five(suspends: bool) -> Result<u64> {
    let call = || timeout(Duration::from_secs(1), move || work(suspends));
    let result = bulkhead(|| breaker(|| retry(Duration::from_secs(1), call))).await;
    result.or(Ok(0))
}

/// Calls that succeed.
#[must_use]
pub fn subjects() -> Vec<Subject> {
    let hand = "by hand";
    let second = Duration::from_secs(1);
    vec![
        Subject::new("retry", hand, move |suspends| retry(second, move || work(suspends))),
        Subject::new("breaker, failures", hand, |suspends| breaker(move || work(suspends))),
        Subject::new("bulkhead", hand, |suspends| bulkhead(move || work(suspends))),
        Subject::new("timeout", hand, move |suspends| timeout(second, move || work(suspends))),
        Subject::new("five layers", hand, all_five),
        Subject::new("opaque work", "nobody", opaque),
        Subject::new("retry, opaque work", hand, move |suspends| {
            retry(second, move || opaque(suspends))
        }),
        Subject::new("breaker, failures, opaque work", hand, |suspends| {
            breaker(move || opaque(suspends))
        }),
    ]
}

/// Calls that do not simply succeed.
#[must_use]
pub fn failing() -> Vec<Subject> {
    let hand = "by hand";
    vec![
        Subject::new("three attempts fail", hand, |suspends| {
            retry(Duration::ZERO, move || fails(suspends))
        }),
        Subject::new("two retries, then success", hand, |suspends| {
            retry(Duration::ZERO, move || fails_twice(suspends))
        }),
        Subject::new("clock, one reading", hand, |_| async { Instant::now() }).without_work(),
    ]
}
