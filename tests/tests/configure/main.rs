//! Limits from a file: `registry().configure(…)` and what belongs to it.

mod any_text;
mod limits;
mod precedence;
mod refusals;
mod under_load;
mod watch;
mod written;

use std::time::Duration;

use resilience::{
    AdaptiveTimeout, Bulkhead, CircuitBreaker, Failure, Keyed, Policy, RetryBudget, RetryPolicy, bulkhead,
    circuit_breaker, registry, resilient, retry, timeout,
};
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::sleep;

type Outcome = Result<(), resilience::Error>;

static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment").failure_threshold(5);
static STOCK: CircuitBreaker = CircuitBreaker::new("stock").window_calls(10).failure_rate(0.5);
static POOL: Bulkhead = Bulkhead::new("payment").max_concurrent(2).max_wait(Duration::ZERO);
static STANDARD: RetryPolicy = RetryPolicy::new("standard").max_attempts(2).base_delay(Duration::ZERO);
static MAIL: Policy = Policy::important("mail").bulkhead(Bulkhead::new("mail").max_concurrent(3));
static PER_HOST: Keyed<CircuitBreaker> = Keyed::new(CircuitBreaker::new("host").failure_threshold(4));
static PER_TENANT: Keyed<Bulkhead> = Keyed::new(Bulkhead::new("tenant").max_concurrent(6));
static UNNAMED: Bulkhead = Bulkhead::new("unnamed").max_concurrent(8);
resilience::list!(UNNAMED, PER_TENANT);
static BUDGET: RetryBudget = RetryBudget::new("retries").ratio(0.0).min_per_sec(0);
static LATENCY: AdaptiveTimeout = AdaptiveTimeout::new("latency").max(Duration::from_secs(4));
static POINTED: RetryPolicy = RetryPolicy::new("a.b");
resilience::list!(POINTED);
static STRANGE: Bulkhead = Bulkhead::new("a \"strange\"\nname\\");

/// Everything shared.
#[bulkhead(POOL)]
#[circuit_breaker(PAYMENT)]
#[retry(STANDARD)]
#[timeout(800ms, name = "shop::charge")]
async fn charge(takes: Duration) -> Outcome {
    sleep(takes).await;
    Ok(())
}

/// Everything its own.
#[timeout(5s, name = "shop::own")]
#[bulkhead(max_concurrent = 4, max_wait = 0s)]
#[circuit_breaker(failure_threshold = 7)]
#[retry(max_attempts = 3, base_delay = 10ms, jitter = none)]
#[timeout(1s)]
async fn own(takes: Duration) -> Outcome {
    sleep(takes).await;
    Ok(())
}

/// Two of a kind, and nothing between them that begins anew.
#[timeout(5s, name = "shop::nested")]
#[circuit_breaker(failure_threshold = 3)]
#[circuit_breaker(failure_threshold = 4)]
#[timeout(1s)]
async fn nested() -> Outcome {
    Ok(())
}

/// What only the call knows.
#[timeout(limit, name = "shop::by_call")]
#[retry(max_attempts = 3, max_elapsed = limit, backoff = |_| Duration::ZERO)]
#[circuit_breaker(STOCK)]
#[circuit_breaker(PER_HOST.get("a"))]
#[bulkhead(STRANGE)]
async fn by_call(limit: Duration) -> Outcome {
    Ok(())
}

#[retry(max_attempts = 2, base_delay = 0s, budget = BUDGET, name = "shop::budgeted")]
#[timeout(1s)]
async fn budgeted(takes: Duration) -> Outcome {
    sleep(takes).await;
    Ok(())
}

#[timeout(LATENCY, name = "shop::followed")]
async fn followed(takes: Duration) -> Outcome {
    sleep(takes).await;
    Ok(())
}

#[resilient(MAIL, name = "shop::mail")]
async fn mail(takes: Duration) -> Outcome {
    sleep(takes).await;
    Ok(())
}

/// What a timeout around leaves no room for.
#[timeout(5s, name = "shop::patient")]
#[retry(max_attempts = 2, max_elapsed = 4s, base_delay = 0s)]
#[bulkhead(max_wait = 3s)]
async fn patient() -> Outcome {
    Ok(())
}

/// The bulkhead waits as long as the timeout lets it: no wait is given.
#[timeout(2s, name = "shop::brief")]
#[bulkhead(max_concurrent = 4)]
async fn brief() -> Outcome {
    Ok(())
}

const LONG: Duration = Duration::from_secs(7);

/// What the attributes can't see: the wait is a constant.
#[timeout(2s, name = "shop::constant")]
#[bulkhead(max_wait = LONG)]
async fn constant() -> Outcome {
    Ok(())
}

/// Delays that fill most of the time there is.
#[timeout(4s, name = "shop::delayed")]
#[retry(max_attempts = 4, max_elapsed = 3500ms, backoff = constant, base_delay = 1s, jitter = none)]
async fn delayed() -> Outcome {
    Ok(())
}

/// Work that goes on when the limit around has passed.
#[timeout(1s, cancel = false, name = "shop::detached")]
#[timeout(5s)]
async fn detached() -> Outcome {
    Ok(())
}

/// Two functions of one name.
mod twins {
    use super::{Outcome, timeout};

    #[timeout(1s, name = "shop::twin")]
    pub(crate) async fn one() -> Outcome {
        Ok(())
    }

    #[timeout(2s, name = "shop::twin")]
    pub(crate) async fn other() -> Outcome {
        Ok(())
    }
}

/// There is one configuration a program: tests take turns, and begin with what the code says.
async fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::const_new(());
    let turn = TURN.lock().await;
    configure("");
    POOL.resize_as_configured();
    for breaker in registry().circuit_breakers() {
        breaker.reset();
    }
    turn
}

#[track_caller]
fn configure(text: &str) {
    if let Err(error) = registry().configure(text) {
        panic!("{error}")
    }
}

/// Every mistake in the text, which must have some, as `line:column: message`.
#[track_caller]
fn refused(text: &str) -> Vec<String> {
    let error = registry().configure(text).expect_err(text);
    let mistakes = error.mistakes().iter();
    mistakes
        .map(|mistake| format!("{}:{}: {}", mistake.line(), mistake.column(), mistake.message()))
        .collect()
}

/// What holds now, as the lines of a file without their comments.
fn in_force() -> Vec<String> {
    let text = registry().to_toml();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split(" #").next().unwrap_or(line).trim_end().to_owned()).collect()
}

#[track_caller]
fn holds(table: &str, line: &str) {
    let lines = in_force();
    let start =
        lines.iter().position(|line| line == table).unwrap_or_else(|| panic!("no {table} in {lines:#?}"));
    let end = lines[start..].iter().position(String::is_empty).map_or(lines.len(), |length| start + length);
    assert!(lines[start..end].iter().any(|one| one == line), "no `{line}` in {:#?}", &lines[start..end]);
}

async fn fail(breaker: &CircuitBreaker) {
    let failed = breaker.call(async || Err::<(), _>(())).await;
    assert!(matches!(failed, Err(Failure::Function(()))), "the breaker was open");
}

async fn succeed(breaker: &CircuitBreaker) {
    breaker.call(async || Ok::<_, ()>(())).await.expect("the breaker is closed");
}
