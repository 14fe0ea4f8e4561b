//! Feature `tracing`: an event for each event of the library, and a span for each attempt.

use std::fmt::{Debug, Display, Formatter, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use resilience::{
    Bulkhead, CircuitBreaker, Error, Keyed, RetryBudget, bulkhead, circuit_breaker, fallback,
    retry, timeout,
};
use resilience_tests::EventLog;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::subscriber::set_default;
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::LevelFilter;
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

    /// The lines up to the text of an error.
    fn without_errors(&self) -> Vec<String> {
        let cut = |line: String| match line.split_once(" error=") {
            Some((before, _)) => String::from(before),
            None => line,
        };
        self.lines().into_iter().map(cut).collect()
    }
}

fn log() -> (Log, tracing::subscriber::DefaultGuard) {
    let log = Log::default();
    let guard = set_default(tracing_subscriber::registry().with(log.clone()));
    (log, guard)
}

/// A log of what a program logs by default.
fn log_above_debug() -> (Log, tracing::subscriber::DefaultGuard) {
    let log = Log::default();
    let layer = log.clone().with_filter(LevelFilter::INFO);
    let guard = set_default(tracing_subscriber::registry().with(layer));
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
                "DEBUG attempt failed, another attempt follows \
                 function=\"observability::tracing::talkative\" attempt=1 delay_ms=10 \
                 error=\"down\""
            ),
            format!("INFO {} asking", span(2)),
            format!("INFO {} asked", span(2)),
            String::from(
                "DEBUG the last attempt failed too \
                 function=\"observability::tracing::talkative\" attempts=2 error=\"down\""
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
        log.without_errors(),
        [
            "DEBUG timed out function=\"observability::tracing::silent\" limit_ms=1000",
            "WARN circuit breaker rejects calls circuit_breaker=\"breaker\" from=closed to=open \
             reason=failure_threshold",
            "WARN calls are answered by a fallback function=\"observability::tracing::silent\"",
            "DEBUG circuit breaker rejected a call circuit_breaker=\"breaker\" \
             function=\"observability::tracing::silent\" retry_after_ms=30000",
            "DEBUG fallback used function=\"observability::tracing::silent\"",
            "INFO circuit breaker changed its state circuit_breaker=\"breaker\" from=open \
             to=closed reason=by_hand",
        ]
    );
}

static OUTAGE: CircuitBreaker = CircuitBreaker::new("outage").failure_threshold(5);

#[fallback(value = ())]
#[circuit_breaker(OUTAGE)]
#[retry(max_attempts = 2, base_delay = 1ms, jitter = none)]
async fn flooded(well: bool) -> Result<(), Failed> {
    if well { Ok(()) } else { Err(Failed::Function("down")) }
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_logged_as_its_changes_and_not_call_by_call() {
    let _alone = alone().await;
    let (log, _guard) = log_above_debug();
    flooded(true).await.expect("well");
    for _ in 0..1_000 {
        flooded(false).await.expect("it has a fallback");
    }
    OUTAGE.reset();
    flooded(true).await.expect("well");
    flooded(true).await.expect("well");
    assert_eq!(
        log.without_errors(),
        [
            "WARN calls are answered by a fallback function=\"observability::tracing::flooded\"",
            "WARN circuit breaker rejects calls circuit_breaker=\"outage\" from=closed to=open \
             reason=failure_threshold",
            "INFO circuit breaker changed its state circuit_breaker=\"outage\" from=open \
             to=closed reason=by_hand",
            "INFO the function answers again function=\"observability::tracing::flooded\" \
             fallbacks=1000",
        ]
    );
}

static REFUSING: CircuitBreaker = CircuitBreaker::new("refusing").consecutive_failures(1);

#[fallback(value = ())]
#[circuit_breaker(REFUSING)]
async fn refused() -> Result<(), &'static str> {
    Err("connection refused")
}

#[tokio::test(start_paused = true)]
async fn a_breaker_that_opens_is_logged_with_the_error_that_opened_it() {
    let _alone = alone().await;
    let (log, _guard) = log_above_debug();
    refused().await.expect("it has a fallback");
    let lines = log.lines();
    let opened = lines.iter().find(|line| line.contains("rejects calls")).expect("a line");
    assert!(
        opened.ends_with("reason=consecutive_failures error=\"connection refused\""),
        "{opened}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_breaker_that_is_kept_closed_is_logged_once_in_an_open_spell() {
    let _alone = alone().await;
    let (log, _guard) = log_above_debug();
    let template = CircuitBreaker::new("kept").consecutive_failures(1);
    let breakers: Keyed<CircuitBreaker> = Keyed::new(template).max_open(0.5);
    for second in 0..60 {
        for key in ["a", "b"] {
            let down = async || Err::<(), _>("down");
            assert!(breakers.get(key).call(down).await.is_err());
        }
        tokio::time::advance(Duration::from_secs(u64::from(second < 59))).await;
    }
    let line = "WARN circuit breaker stays closed, because as many keys as may be are open \
                circuit_breaker=\"kept\" key=\"b\" reason=consecutive_failures open=1 keys=2 \
                error=\"down\"";
    let lines = log.lines();
    let kept: Vec<_> = lines.iter().filter(|line| line.contains("stays closed")).collect();
    assert_eq!(kept, [line, line]);
}

#[fallback(value = ())]
async fn unsteady(well: bool) -> Result<(), &'static str> {
    if well { Ok(()) } else { Err("down") }
}

#[tokio::test(start_paused = true)]
async fn a_function_that_fails_now_and_then_is_summed_up() {
    let _alone = alone().await;
    let (log, _guard) = log_above_debug();
    for second in 0..=60 {
        for well in [true, false, false, true] {
            unsteady(well).await.expect("it has a fallback");
        }
        if second < 60 {
            tokio::time::advance(Duration::from_secs(1)).await;
        }
    }
    let (begin, end) = (
        "WARN calls are answered by a fallback function=\"observability::tracing::unsteady\" \
         error=\"down\" unlogged=",
        "INFO the function answers again function=\"observability::tracing::unsteady\" fallbacks=2",
    );
    let lines = log.lines();
    assert_eq!(lines, [&format!("{begin}0"), end, &format!("{begin}59"), end]);
}

#[fallback(value = ())]
async fn down_again(well: bool) -> Result<(), &'static str> {
    if well { Ok(()) } else { Err("down") }
}

#[tokio::test(start_paused = true)]
async fn an_outage_that_begins_soon_after_another_is_logged_when_it_lasts() {
    let _alone = alone().await;
    let (log, _guard) = log_above_debug();
    for well in [false, true, false] {
        down_again(well).await.expect("it has a fallback");
        tokio::time::advance(Duration::from_secs(1)).await;
    }
    assert_eq!(log.lines().len(), 2, "the second outage began within a minute");
    tokio::time::advance(Duration::from_secs(60)).await;
    for well in [false, false, true] {
        down_again(well).await.expect("it has a fallback");
    }
    let lines = log.lines();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("WARN calls are answered by a fallback"), "{lines:?}");
    assert!(lines[1].starts_with("INFO the function answers again"), "{lines:?}");
    assert!(lines[1].ends_with("fallbacks=3"), "{lines:?}");
}

static BUDGET: RetryBudget = RetryBudget::new("spent").ratio(0.0).min_per_sec(0);

#[retry(max_attempts = 2, base_delay = 1ms, jitter = none, budget = BUDGET)]
async fn spends() -> Result<(), &'static str> {
    Err("down")
}

#[tokio::test(start_paused = true)]
async fn an_empty_budget_is_logged_once_a_minute() {
    let _alone = alone().await;
    let (log, _guard) = log_above_debug();
    for _ in 0..120 {
        spends().await.expect_err("it is down");
        tokio::time::advance(Duration::from_secs(1)).await;
    }
    let line = |unlogged: u32| {
        format!(
            "WARN retry budget is empty, failed attempts are not retried retry_budget=\"spent\" \
             unlogged={unlogged}"
        )
    };
    assert_eq!(log.lines(), [line(0), line(59)]);
}

#[tokio::test(start_paused = true)]
async fn a_table_that_is_now_full_now_not_is_logged_once_a_minute() {
    let _alone = alone().await;
    let (log, _guard) = log_above_debug();
    let breakers: Keyed<CircuitBreaker> = Keyed::new(CircuitBreaker::new("flips")).capacity(1);
    let bulkheads: Keyed<Bulkhead> = Keyed::new(Bulkhead::new("flips")).capacity(1);
    let events = EventLog::of(|event| match event {
        resilience::Event::KeyedFull { name: "flips", kind, .. } => Some(*kind),
        _ => None,
    });
    for _ in 0..120 {
        let (_breaker, _bulkhead) = (breakers.get("a"), bulkheads.get("a"));
        breakers.get("b");
        bulkheads.get("b");
        breakers.remove("a");
        bulkheads.remove("a");
        tokio::time::advance(Duration::from_secs(1)).await;
    }
    assert_eq!(events.take().len(), 240, "observers see each");
    let breaker = "WARN no place for the breaker of a new key: calls of such keys are not \
                   protected circuit_breaker=\"flips\" key=\"b\" capacity=1 unlogged=";
    let bulkhead = "WARN no place for the bulkhead of a new key: such keys share one bulkhead \
                    bulkhead=\"flips\" key=\"b\" capacity=1 unlogged=";
    let lines = [(breaker, 0), (bulkhead, 0), (breaker, 59), (bulkhead, 59)];
    assert_eq!(log.lines(), lines.map(|(line, unlogged)| format!("{line}{unlogged}")));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_made_of_a_call_that_nobody_logs() {
    struct Watched<'a>(&'a AtomicUsize);
    impl Display for Watched<'_> {
        fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
            self.0.fetch_add(1, Ordering::Relaxed);
            f.write_str("down")
        }
    }
    #[retry(max_attempts = 3, base_delay = 1ms)]
    async fn watched(texts: &AtomicUsize) -> Result<(), Watched<'_>> {
        Err(Watched(texts))
    }
    let _alone = alone().await;
    let texts = AtomicUsize::new(0);
    let (_log, guard) = log_above_debug();
    assert!(watched(&texts).await.is_err());
    assert_eq!(texts.load(Ordering::Relaxed), 0);
    drop(guard);
    let (_log, _guard) = log();
    assert!(watched(&texts).await.is_err());
    assert_eq!(texts.load(Ordering::Relaxed), 3);
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

#[tokio::test(start_paused = true)]
async fn detached_work_logs_inside_the_span_of_its_caller() {
    #[timeout(1s, cancel = false)]
    async fn detached() -> Result<(), Failed> {
        tracing::info!(target: "user", "begins");
        tokio::time::sleep(Duration::from_secs(2)).await;
        tracing::info!(target: "user", "ends");
        Ok(())
    }
    let _alone = alone().await;
    let (log, _guard) = log();
    let span = tracing::info_span!(target: "user", "request", id = 7);
    tracing::Instrument::instrument(detached(), span).await.expect_err("late");
    resilience::registry().detached_work().ended().await;
    let lines = log.lines();
    let user: Vec<_> = lines.iter().filter(|line| !line.contains("limit_ms")).collect();
    assert_eq!(user, ["INFO [request id=7] begins", "INFO [request id=7] ends"]);
}
