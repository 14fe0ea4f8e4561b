//! seatbelt: each layer alone, without logs and metrics. It has no bulkhead, so there is no row for
//! all five layers.

use std::time::Duration;

use layered::{Execute, Service, Stack};
use seatbelt::breaker::{Breaker, BreakerLayer};
use seatbelt::retry::{Backoff, Retry, RetryLayer};
use seatbelt::timeout::Timeout;
use seatbelt::{RecoveryInfo, ResilienceContext};
use subjects::poll_to_end;
use tick::Clock;

use super::breaker::OPEN_FOR;
use super::{Failed, SECOND, Subject, fails, fails_twice, kept, work};

type Output = Result<u64, Failed>;

type Context = ResilienceContext<bool, Output>;

/// Returns a context, whose timers run in a task of the runtime.
fn context() -> Context {
    ResilienceContext::new(Clock::new_tokio())
}

fn recovery(output: &Output) -> RecoveryInfo {
    if output.is_ok() { RecoveryInfo::never() } else { RecoveryInfo::retry() }
}

fn retry(context: &Context, delay: Duration) -> RetryLayer<bool, Output> {
    Retry::layer("retry", context)
        .clone_input()
        .recovery_with(|output, _| recovery(output))
        .max_retry_attempts(2)
        .backoff(Backoff::Constant)
        .base_delay(delay)
        .use_jitter(false)
}

fn breaker(context: &Context) -> BreakerLayer<bool, Output> {
    Breaker::layer("breaker", context)
        .recovery_with(|output, _| recovery(output))
        .rejected_input_error(|_, _| Failed)
        .failure_threshold(0.5)
        .min_throughput(20)
        .sampling_duration(60 * SECOND)
        .break_duration(OPEN_FOR)
}

/// Creates a subject whose calls share one service.
fn subject(layer: &'static str, service: impl Service<bool, Out = Output> + 'static) -> Subject {
    let service = kept(service);
    Subject::new(layer, "seatbelt", |suspends| service.execute(suspends))
}

pub(super) fn subjects() -> Vec<Subject> {
    let context = context();
    let timeout = Timeout::layer("timeout", &context).timeout_error(|_| Failed).timeout(SECOND);
    vec![
        subject("retry", (retry(&context, SECOND), Execute::new(work)).into_service()),
        subject("breaker, rate over time", (breaker(&context), Execute::new(work)).into_service()),
        subject("timeout", (timeout, Execute::new(work)).into_service()),
    ]
}

/// Calls that do not simply succeed.
pub(super) fn failing() -> Vec<Subject> {
    let context = context();
    let open = (breaker(&context), Execute::new(fails)).into_service();
    for _ in 0..200 {
        drop(poll_to_end(open.execute(false)));
    }
    vec![
        subject(
            "three attempts fail",
            (retry(&context, Duration::ZERO), Execute::new(fails)).into_service(),
        ),
        subject(
            "two retries, then success",
            (retry(&context, Duration::ZERO), Execute::new(fails_twice)).into_service(),
        ),
        subject("breaker open", open).without_work(),
    ]
}
