//! A combined policy behaves like the stack of attributes with the same layers: one scenario for
//! attributes, `#[resilient]` and `Policy::call`.

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::Mutex;
use std::time::Duration;

use futures_util::FutureExt;
use resilience::{
    Bulkhead, CircuitBreaker, Class, Classify, Error, Failure, Jitter, Policy, RetryPolicy, Stats,
    bulkhead, circuit_breaker, retry, timeout,
};
use resilience_tests::{ms, stats_of};
use tokio::time::{Instant, advance, sleep, timeout_at};

const SCENARIO: &str = include_str!("scenario.txt");

#[derive(Debug)]
enum ApiError {
    Function(&'static str),
    Policy(Error),
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self::Policy(error)
    }
}

impl Classify for ApiError {
    fn classify(&self) -> Class {
        match self {
            Self::Function("permanent") => Class::Permanent,
            Self::Function("ignored") => Class::Ignored,
            Self::Function(_) => Class::Transient,
            Self::Policy(error) => error.classify(),
        }
    }
}

/// Results of the dependency in the attempts that follow.
type Plan = Mutex<VecDeque<String>>;

async fn dependency(plan: &Plan) -> Result<(), ApiError> {
    let step = plan.lock().expect("no panic").pop_front().expect("no attempt more than planned");
    match step.as_str() {
        "ok" => Ok(()),
        "slow" => {
            sleep(Duration::from_secs(60)).await;
            Ok(())
        }
        "hang" => std::future::pending().await,
        "panic" => panic!("on purpose"),
        "fail" => Err(ApiError::Function("fail")),
        "permanent" => Err(ApiError::Function("permanent")),
        "ignored" => Err(ApiError::Function("ignored")),
        other => panic!("no such step: {other}"),
    }
}

const fn breaker() -> CircuitBreaker {
    CircuitBreaker::new("scenario").failure_threshold(2).success_threshold(1)
}

const fn pool() -> Bulkhead {
    Bulkhead::new("scenario").max_concurrent(1).max_wait(Duration::ZERO)
}

const fn retries() -> RetryPolicy {
    RetryPolicy::new("scenario").base_delay(ms(100)).factor(1.0).jitter(Jitter::None)
}

static BREAKER: CircuitBreaker = breaker();
static POOL: Bulkhead = pool();
static RETRIES: RetryPolicy = retries();

#[bulkhead(POOL)]
#[circuit_breaker(BREAKER)]
#[retry(RETRIES)]
#[timeout(1s)]
async fn by_attributes(plan: &Plan) -> Result<(), ApiError> {
    dependency(plan).await
}

const fn policy() -> Policy {
    Policy::new("scenario")
        .timeout(Duration::from_secs(1))
        .retry(retries())
        .circuit_breaker(breaker())
        .bulkhead(pool())
}

static POLICY: Policy = policy();
static CALLED: Policy = policy();

#[resilience::resilient(POLICY)]
async fn by_resilient(plan: &Plan) -> Result<(), ApiError> {
    dependency(plan).await
}

async fn by_call(plan: &Plan) -> Result<(), ApiError> {
    CALLED.call_classified(|| dependency(plan)).await.map_err(Failure::into_error)
}

async fn yields() -> Result<(), ()> {
    tokio::task::yield_now().await;
    Ok(())
}

fn outcome(result: Result<(), ApiError>) -> &'static str {
    match result {
        Ok(()) => "ok",
        Err(ApiError::Function(error)) => error,
        Err(ApiError::Policy(Error::TimedOut { .. })) => "timed out",
        Err(ApiError::Policy(Error::CircuitOpen { .. })) => "open",
        Err(ApiError::Policy(Error::BulkheadFull { .. })) => "full",
        Err(ApiError::Policy(other)) => panic!("{other}"),
    }
}

/// Runs the scenario and compares the outcome of each call.
async fn run(
    pool: &Bulkhead,
    call: impl for<'a> Fn(
        &'a Plan,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<(), ApiError>> + 'a>>,
) {
    for (number, line) in SCENARIO.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let line = line.trim();
        if let Some(time) = line.strip_prefix("pass ") {
            let milliseconds = time.trim_end_matches(" ms").parse().expect("a number");
            advance(ms(milliseconds)).await;
            continue;
        }
        let (steps, expected) = line.split_once('|').expect("steps | outcome");
        let steps: VecDeque<String> = steps.split_whitespace().map(String::from).collect();
        let start = Instant::now();
        let outcome = if steps[0] == "full" {
            let nothing = Plan::default();
            let (_, result) = tokio::join!(pool.call(yields), call(&nothing));
            outcome(result)
        } else {
            let patience = ms(if steps.iter().any(|step| step == "hang") { 500 } else { 60_000 });
            let plan = Mutex::new(steps);
            let outcome =
                match timeout_at(start + patience, AssertUnwindSafe(call(&plan)).catch_unwind())
                    .await
                {
                    Ok(Ok(result)) => outcome(result),
                    Ok(Err(_)) => "panicked",
                    Err(_) => "abandoned",
                };
            if outcome != "open" {
                assert!(
                    plan.lock().expect("no panic").is_empty(),
                    "line {}: too few attempts",
                    number + 1
                );
            }
            outcome
        };
        let outcome = format!("{outcome} after {} ms", start.elapsed().as_millis());
        assert_eq!(outcome, expected.trim(), "line {}: {line}", number + 1);
    }
}

#[tokio::test(start_paused = true)]
async fn attributes_resilient_and_call_behave_alike_in_one_scenario() {
    run(&POOL, |plan| Box::pin(by_attributes(plan))).await;
    run(POLICY.pool().expect("declared"), |plan| Box::pin(by_resilient(plan))).await;
    run(CALLED.pool().expect("declared"), |plan| Box::pin(by_call(plan))).await;

    let stats = |name: &str| stats_of(&format!("{}::{name}", module_path!()));
    let by_attributes: Stats = stats("by_attributes");
    assert!(by_attributes.calls > 20 && by_attributes.retries > 5, "{by_attributes:?}");
    assert_eq!(by_attributes.abandoned, 2);
    assert_eq!(by_attributes, stats("by_resilient"));
    assert_eq!(by_attributes, POLICY.stats());
    assert_eq!(by_attributes, CALLED.stats());
    assert_eq!(BREAKER.snapshot(), POLICY.breaker().expect("declared").snapshot());
}
