//! Retries: backon, tower, tokio-retry, tryhard.

use std::future::{Ready, ready};
use std::time::Duration;

use backon::{ConstantBuilder, Retryable};
use tokio_retry::strategy::FixedInterval;
use tower::util::ServiceExt;
use tower::{retry, service_fn};

use super::{Failed, SECOND, Subject, fails, fails_twice, work};

/// Number of attempts left, without a delay: tower's policies with a delay have their own timer.
#[derive(Clone)]
struct Attempts(u32);

impl retry::Policy<bool, u64, Failed> for Attempts {
    type Future = Ready<()>;

    fn retry(&mut self, _: &mut bool, result: &mut Result<u64, Failed>) -> Option<Ready<()>> {
        (result.is_err() && self.0 > 0).then(|| {
            self.0 -= 1;
            ready(())
        })
    }

    fn clone_request(&mut self, suspends: &bool) -> Option<bool> {
        Some(*suspends)
    }
}

fn backon(delay: Duration) -> ConstantBuilder {
    ConstantBuilder::new().with_delay(delay).with_max_times(2)
}

fn tokio_retry(delay: Duration) -> impl Iterator<Item = Duration> {
    FixedInterval::new(delay).take(2)
}

pub(super) fn subjects() -> Vec<Subject> {
    let layer = "retry";
    vec![
        Subject::new(layer, "backon", |suspends| async move {
            (move || work(suspends)).retry(backon(SECOND)).await
        }),
        Subject::new(layer, "tower", |suspends| {
            retry::Retry::new(Attempts(2), service_fn(work)).oneshot(suspends)
        }),
        Subject::new(layer, "tokio-retry", |suspends| {
            tokio_retry::Retry::start(tokio_retry(SECOND), move || work(suspends))
        }),
        Subject::new(layer, "tryhard", |suspends| async move {
            tryhard::retry_fn(move || work(suspends)).retries(2).fixed_backoff(SECOND).await
        }),
    ]
}

/// Calls that do not simply succeed. All crates but tower sleep for a tick of the timer although
/// the delay is zero.
pub(super) fn failing() -> Vec<Subject> {
    let (fail, succeed) = ("three attempts fail", "two retries, then success");
    let no_delay = Duration::ZERO;
    vec![
        Subject::new(fail, "tower", |suspends| {
            retry::Retry::new(Attempts(2), service_fn(fails)).oneshot(suspends)
        }),
        Subject::new(succeed, "tower", |suspends| {
            retry::Retry::new(Attempts(2), service_fn(fails_twice)).oneshot(suspends)
        }),
        Subject::new(succeed, "backon", move |suspends| async move {
            (move || fails_twice(suspends)).retry(backon(no_delay)).await
        }),
        Subject::new(succeed, "tokio-retry", move |suspends| {
            tokio_retry::Retry::start(tokio_retry(no_delay), move || fails_twice(suspends))
        }),
        Subject::new(succeed, "tryhard", move |suspends| async move {
            tryhard::retry_fn(move || fails_twice(suspends))
                .retries(2)
                .fixed_backoff(no_delay)
                .await
        }),
    ]
}
