//! Declarations without an effect, which the compiler can't see: a start-up check finds them.

use resilience::report::Warning;
use resilience::{CircuitBreaker, Error, Keyed, Policy, circuit_breaker, registry, resilient};

static RATELESS: CircuitBreaker = CircuitBreaker::new("rateless\n").minimum_calls(5);
static PER_HOST: Keyed<CircuitBreaker> =
    Keyed::new(CircuitBreaker::new("never slow").slow_call_rate(0.5));
static EMPTY: Policy = Policy::new("empty");
static SOUND: CircuitBreaker = CircuitBreaker::new("sound").minimum_calls(5).failure_rate(0.5);
resilience::register!(PER_HOST, SOUND);

#[circuit_breaker(RATELESS)]
async fn charge() -> Result<(), Error> {
    Ok(())
}

#[resilient(EMPTY)]
async fn refund() -> Result<(), Error> {
    Ok(())
}

#[test]
fn the_check_and_the_report_show_them() {
    let expected = [
        "circuit breaker `never slow`: `slow_call_rate` needs `slow_call`, the duration from \
         which a call is slow: add `slow_call`, or remove `slow_call_rate`",
        "circuit breaker `rateless\\n`: `minimum_calls` only applies to a rate: add \
         `failure_rate` or `slow_call`, or remove `minimum_calls`",
        "policy `empty`: it has no layer: add one, as in `.timeout(…)`, or begin with \
         `Policy::important(…)`",
    ];
    let error = registry().check().expect_err("some have no effect");
    let mut found: Vec<_> = error.without_effect().iter().map(ToString::to_string).collect();
    found.sort();
    assert_eq!(found, expected);
    for line in expected {
        assert!(error.to_string().contains(&format!("\n- {line}")), "{error}");
    }
    let report = registry().report();
    let warned = report.warnings().filter(|warning| matches!(warning, Warning::NoEffect(_)));
    let warned = warned.count();
    assert_eq!(warned, expected.len());
    // The functions are only listed and never called.
    let _ = (charge, refund);
}
