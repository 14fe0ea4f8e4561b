//! Feature `tracing`: an event for each event of the library, and a span for each attempt.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use resilience::{
    Bulkhead, CircuitBreaker, Error, bulkhead, circuit_breaker, fallback, retry, timeout,
};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::subscriber::set_default;
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

use crate::turns::alone;

/// A line for each event: its level, the spans around it, its message and fields.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let written = match field.name() {
            "message" => write!(self.0, " {value:?}"),
            name => write!(self.0, " {name}={value:?}"),
        };
        written.expect("a string takes it all");
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Log {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields(String::new());
        attributes.record(&mut fields);
        let span = context.span(id).expect("it has just been made");
        span.extensions_mut().insert(format!(" [{}{}]", span.name(), fields.0));
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        assert!(matches!(event.metadata().target(), "resilience" | "user"));
        let mut line = Fields(event.metadata().level().to_string());
        for span in context.event_scope(event).into_iter().flatten() {
            line.0.push_str(span.extensions().get::<String>().expect("each span has its text"));
        }
        event.record(&mut line);
        self.0.lock().expect("no panic").push(line.0);
    }
}

impl Log {
    fn lines(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().expect("no panic"))
    }
}

fn log() -> (Log, tracing::subscriber::DefaultGuard) {
    let log = Log::default();
    let guard = set_default(tracing_subscriber::registry().with(log.clone()));
    (log, guard)
}

type Failed = resilience::Failure<&'static str>;

#[retry(max_attempts = 2, base_delay = 10ms, jitter = none)]
async fn talkative() -> Result<(), Failed> {
    tracing::info!(target: "user", "asking");
    tokio::task::yield_now().await;
    tracing::info!(target: "user", "asked");
    Err(Failed::Function("down"))
}

#[tokio::test(start_paused = true)]
async fn a_line_logged_inside_an_attempt_shows_the_attempt() {
    let _alone = alone().await;
    let (log, _guard) = log();
    talkative().await.expect_err("it is down");
    let span = |attempt| {
        format!("[attempt function=\"observability::tracing::talkative\" attempt={attempt}]")
    };
    assert_eq!(
        log.lines(),
        [
            format!("INFO {} asking", span(1)),
            format!("INFO {} asked", span(1)),
            String::from(
                "INFO attempt failed, another attempt follows \
                 function=\"observability::tracing::talkative\" attempt=1 delay=10ms"
            ),
            format!("INFO {} asking", span(2)),
            format!("INFO {} asked", span(2)),
            String::from(
                "WARN the last attempt failed too function=\"observability::tracing::talkative\" \
                 attempts=2"
            ),
        ]
    );
}

static BREAKER: CircuitBreaker = CircuitBreaker::new("breaker").failure_threshold(1);

#[fallback(value = ())]
#[circuit_breaker(BREAKER)]
#[timeout(1s)]
async fn silent() -> Result<(), Failed> {
    std::future::pending().await
}

#[tokio::test(start_paused = true)]
async fn every_event_is_logged_with_its_message() {
    let _alone = alone().await;
    let (log, _guard) = log();
    silent().await.expect("it has a fallback");
    silent().await.expect("it has a fallback");
    BREAKER.reset();
    assert_eq!(
        log.lines(),
        [
            "WARN timed out function=\"observability::tracing::silent\" limit=1s",
            "WARN circuit breaker rejects calls circuit_breaker=\"breaker\" from=closed to=open",
            "INFO fallback used function=\"observability::tracing::silent\"",
            "DEBUG circuit breaker rejected a call circuit_breaker=\"breaker\" \
             function=\"observability::tracing::silent\" retry_after=30s",
            "INFO fallback used function=\"observability::tracing::silent\"",
            "INFO circuit breaker changed its state circuit_breaker=\"breaker\" from=open \
             to=closed",
        ]
    );
}

static POOL: Bulkhead = Bulkhead::new("crowded").max_concurrent(1).max_wait(Duration::ZERO);

#[bulkhead(POOL)]
async fn waiting() -> Result<(), Error> {
    std::future::pending().await
}

struct Panicking;

impl<S: Subscriber> Layer<S> for Panicking {
    fn on_event(&self, _event: &Event<'_>, _context: Context<'_, S>) {
        panic!("a subscriber that panics");
    }
}

#[tokio::test]
async fn a_subscriber_that_panics_does_not_disturb_the_call() {
    let _alone = alone().await;
    let _guard = set_default(tracing_subscriber::registry().with(Panicking));
    tokio::select! {
        biased;
        _ = waiting() => unreachable!("it waits for ever"),
        rejected = waiting() => {
            assert!(matches!(rejected, Err(Error::BulkheadFull { .. })), "{rejected:?}");
        }
    }
    assert_eq!(POOL.snapshot().active, 0);
}
