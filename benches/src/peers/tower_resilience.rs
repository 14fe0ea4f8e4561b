//! tower-resilience: each layer alone, and four of them with a fallback by hand.

use std::future::pending;
use std::time::Duration;

use subjects::{hold_for_ever, poll_to_end};
use tower::util::ServiceExt;
use tower::{Service, ServiceBuilder, service_fn};
use tower_resilience_bulkhead::BulkheadLayer;
use tower_resilience_circuitbreaker::{CircuitBreakerLayer, SlidingWindowType};
use tower_resilience_retry::RetryLayer;
use tower_resilience_timelimiter::TimeLimiterLayer;

use super::{Failed, SECOND, Subject, fails, fails_twice, kept, work};

const WHO: &str = "tower-resilience";

/// Window of the breaker with a rate over time. This breaker keeps every call in the window, and
/// visits all of them at each call. With a window of a minute, as for the other crates, no call
/// would leave the window while this program runs, so the figure would depend on the time of the
/// run. This window holds about two hundred calls.
const WINDOW: Duration = Duration::from_micros(100);

fn breaker(window: SlidingWindowType) -> CircuitBreakerLayer {
    CircuitBreakerLayer::builder()
        .failure_rate_threshold(0.5)
        .sliding_window_type(window)
        .sliding_window_size(100)
        .sliding_window_duration(WINDOW)
        .build()
        .expect("the limits are in order")
}

/// Creates a subject whose calls share one service, and clone it, as usual with tower.
fn subject<S>(layer: &'static str, service: S) -> Subject
where
    S: Service<bool> + Clone + Send + Sync + 'static,
    S::Future: Send,
{
    Subject::new(layer, WHO, move |suspends| service.clone().oneshot(suspends))
}

/// Returns four layers around a call: all but the fallback.
pub(crate) fn four<F>(
    max_concurrent: usize,
    call: impl Fn(bool) -> F + Clone + Send + Sync + 'static,
) -> impl Service<bool, Response = u64, Error: std::fmt::Debug, Future: Send>
+ Clone
+ Send
+ Sync
+ 'static
where
    F: Future<Output = Result<u64, Failed>> + Send + 'static,
{
    let bulkhead = BulkheadLayer::builder()
        .max_concurrent_calls(max_concurrent)
        .build()
        .expect("the limits are in order");
    ServiceBuilder::new()
        .layer(bulkhead)
        .layer(breaker(SlidingWindowType::CountBased))
        .layer(RetryLayer::builder().max_attempts(3).fixed_backoff(SECOND).build())
        .layer(TimeLimiterLayer::builder().timeout_duration(SECOND).build())
        .service(service_fn(call))
}

pub(super) fn subjects() -> Vec<Subject> {
    let builder = ServiceBuilder::new;
    let bulkhead =
        BulkheadLayer::builder().max_concurrent_calls(64).build().expect("the limits are in order");
    let retry = RetryLayer::builder().max_attempts(3).fixed_backoff(SECOND).build();
    let timeout = TimeLimiterLayer::builder().timeout_duration(SECOND).build();
    let four = kept(four(64, work));
    vec![
        subject("retry", builder().layer(retry).service(service_fn(work))),
        subject(
            "breaker, rate over time",
            builder().layer(breaker(SlidingWindowType::TimeBased)).service(service_fn(work)),
        ),
        subject(
            "breaker, last calls",
            builder().layer(breaker(SlidingWindowType::CountBased)).service(service_fn(work)),
        ),
        subject("bulkhead", builder().layer(bulkhead).service(service_fn(work))),
        subject("timeout", builder().layer(timeout).service(service_fn(work))),
        Subject::new("five layers", WHO, move |suspends| async move {
            four.clone().oneshot(suspends).await.unwrap_or(0)
        }),
    ]
}

/// Calls that do not simply succeed.
pub(super) fn failing() -> Vec<Subject> {
    let builder = ServiceBuilder::new;
    let retry = RetryLayer::builder().max_attempts(3).fixed_backoff(Duration::ZERO).build();
    let open = builder().layer(breaker(SlidingWindowType::CountBased)).service(service_fn(fails));
    for _ in 0..200 {
        drop(poll_to_end(open.clone().oneshot(false)));
    }
    let bulkhead = BulkheadLayer::builder()
        .max_concurrent_calls(1)
        .max_wait_duration(Duration::ZERO)
        .build()
        .expect("the limits are in order");
    let full = builder().layer(bulkhead).service(service_fn(|_| pending::<Result<u64, Failed>>()));
    hold_for_ever(full.clone().oneshot(false));
    vec![
        subject(
            "two retries, then success",
            builder().layer(retry).service(service_fn(fails_twice)),
        ),
        subject("breaker open", open).without_work(),
        subject("bulkhead full", full).without_work(),
    ]
}
