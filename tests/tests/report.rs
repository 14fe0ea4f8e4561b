//! The report about a program that has many mistakes.
//!
//! A program of its own: a report is about all of a program.

use std::time::Duration;

use resilience::report::Warning;
use resilience::{
    AdaptiveTimeout, BackoffKind, Bulkhead, CircuitBreaker, Error, Failure, Keyed, Policy,
    RetryBudget, RetryPolicy, bulkhead, circuit_breaker, fallback, registry, resilient, retry,
    timeout,
};

static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment").failure_threshold(3);
static POOL: Bulkhead =
    Bulkhead::new("payment").max_concurrent(5).max_wait(Duration::from_secs(3)).max_queue(20);
static BUDGET: RetryBudget = RetryBudget::new("budget");
static STANDARD: RetryPolicy = RetryPolicy::new("standard")
    .max_attempts(4)
    .base_delay(Duration::from_millis(100))
    .budget(&BUDGET);
static LATENCY: AdaptiveTimeout = AdaptiveTimeout::new("latency").max(Duration::from_secs(2));
static MAIL: Policy = Policy::critical("mail <\"best\"\ntries>");
static PER_HOST: Keyed<CircuitBreaker> = Keyed::new(
    CircuitBreaker::new("host")
        .failure_rate(0.25)
        .window_calls(100)
        .slow_call(Duration::from_secs(1))
        .open_backoff(2.0, Duration::from_secs(600)),
);
static FORGOTTEN: CircuitBreaker = CircuitBreaker::new("forgotten");
static USED_BY_CALL: CircuitBreaker = CircuitBreaker::new("used by call");
static NEVER_NAMED: RetryPolicy = RetryPolicy::new("never named").backoff(BackoffKind::Constant);
static POLICY_USED_BY_CALL: Policy = Policy::critical("also used by call");
resilience::register!(FORGOTTEN, USED_BY_CALL, NEVER_NAMED);
resilience::register!(POLICY_USED_BY_CALL);

#[fallback(value = 0)]
#[bulkhead(POOL)]
#[circuit_breaker(PAYMENT)]
#[retry(STANDARD)]
#[timeout(800ms, name = "payment::charge")]
async fn charge() -> Result<u32, Error> {
    Ok(1)
}

#[circuit_breaker(PAYMENT)]
#[timeout(2s, name = "payment::refund")]
async fn refund() -> Result<u32, Error> {
    Ok(1)
}

#[circuit_breaker(PAYMENT)]
#[retry(base_delay = patience, max_elapsed = patience * 3)]
#[timeout(LATENCY)]
async fn status(patience: Duration) -> Result<u32, Error> {
    Ok(1)
}

#[resilient(MAIL)]
async fn mail() -> Result<u32, Failure<&'static str>> {
    lookup("mail.example").await
}

#[circuit_breaker(PER_HOST.get(host))]
#[retry(max_attempts = 2, backoff = constant, base_delay = 10ms, max_elapsed = 1s)]
#[bulkhead(max_concurrent = 1, max_wait = 0s)]
async fn lookup(host: &str) -> Result<u32, Failure<&'static str>> {
    if host.is_empty() { Ok(0) } else { Err(Failure::Function("down")) }
}

/// Replaces the line numbers of this file by `#`.
fn without_lines(text: &str) -> String {
    let mut after = text.split("report.rs:");
    let before = after.next().map(String::from);
    let hidden = after.map(|after| {
        let rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
        format!("report.rs:{}{rest}", "#".repeat(after.len() - rest.len()))
    });
    before.into_iter().chain(hidden).collect()
}

#[tokio::test(start_paused = true)]
async fn the_report_warns_about_mistakes_that_the_compiler_can_not_see() {
    let warnings = || registry().report().warnings().map(ToString::to_string).collect::<Vec<_>>();
    let unused = |what: &str| {
        let text = "is not used: no function names it, and no call has come through it";
        format!(
            "{what}, listed at tests/tests/report.rs:##, {text}. Name it in an attribute, or \
             remove it"
        )
    };
    let found: Vec<_> = warnings().iter().map(|warning| without_lines(warning)).collect();
    assert_eq!(
        found,
        [
            String::from(
                "the functions on circuit breaker `payment` have different timeouts: \
                 `payment::charge` 800ms, `payment::refund` 2s. Failures of the function with the \
                 shortest timeout open it for all: use one timeout, or one breaker per function"
            ),
            unused("circuit breaker `forgotten`"),
            unused("circuit breaker `used by call`"),
            unused("retry policy `never named`"),
            unused("policy `also used by call`"),
        ]
    );

    USED_BY_CALL.call(async || Ok::<_, ()>(())).await.expect("well");
    POLICY_USED_BY_CALL.call(async || Ok::<_, ()>(())).await.expect("well");
    mail().await.expect_err("down");
    charge().await.expect("well");
    let report = registry().report();
    let kinds: Vec<_> = report
        .warnings()
        .map(|warning| match warning {
            Warning::DifferentTimeouts { breaker, .. } => {
                format!("different timeouts on {breaker}")
            }
            Warning::Unused { kind, name, .. } => format!("unused: {kind} {name}"),
            Warning::NestedRetries { function, times, .. } => format!("{function}: {times} nested"),
            other => panic!("{other}"),
        })
        .collect();
    assert_eq!(
        kinds,
        [
            "different timeouts on payment",
            "unused: circuit breaker forgotten",
            "unused: retry policy never named",
            "report::lookup: 2 nested",
        ]
    );
    let nested = warnings().pop().expect("the last one");
    assert!(
        nested.starts_with("`report::lookup` failed 2 times inside an attempt of another retry"),
        "{nested}"
    );

    assert_eq!(without_lines(&report.to_string()), include_str!("report.txt"));
    assert_eq!(report.mermaid().to_string(), include_str!("report.mmd"));
}

#[test]
fn names_that_are_unique_within_their_kind_pass_the_check() {
    registry().check().expect("a circuit breaker and a bulkhead may share a name");
    assert!(registry().duplicates().is_empty());
}

#[test]
fn the_documentation_shows_what_is_printed() {
    let documented = include_str!("../../resilience-runtime/docs/registry.md");
    let printed = include_str!("report.txt");
    let lines = printed.lines().map(|line| {
        // The path and line of a user's program.
        line.replace("tests/tests/report.rs:##", &format!("{:<24}", "src/payment.rs:24"))
    });
    let head: Vec<_> = lines.clone().take(2).collect();
    let charge: Vec<_> =
        lines.skip_while(|line| !line.starts_with("payment::charge")).take(5).collect();
    for shown in [head.join("\n"), charge.join("\n")] {
        assert!(documented.contains(&shown), "{shown}");
    }
    let warning =
        printed.lines().find(|line| line.contains("different timeouts")).expect("there is one");
    assert!(documented.contains(warning), "{warning}");
}
