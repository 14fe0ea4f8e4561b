//! Names, keys and error texts that would move the cursor of a terminal, or turn its text around.

use std::time::Duration;

use resilience::declared::AnnotatedFunction;
use resilience::events::TransitionReason;
use resilience::{Bulkhead, CircuitBreaker, Error, bulkhead, circuit_breaker, registry};

static BREAKER: CircuitBreaker = CircuitBreaker::new("a\nb\u{1b}[2J\u{202e}\0");
static POOL: Bulkhead = Bulkhead::new("a\nb\u{1b}[2J\u{202e}\0");

#[circuit_breaker(BREAKER, name = "hostile::x\ny\u{2066}")]
#[bulkhead(POOL)]
async fn charge() -> Result<(), Error> {
    Ok(())
}

fn is_harmless(text: &str) -> bool {
    !text.contains(['\u{1b}', '\0', '\u{202e}', '\u{2066}'])
}

#[tokio::test]
async fn nothing_that_is_displayed_has_them() {
    assert_eq!(charge().await, Ok(()));
    let error = Error::CircuitOpen {
        name: BREAKER.name(),
        key: Some("k\u{1b}\nk".into()),
        retry_after: Some(Duration::from_secs(1)),
        reason: TransitionReason::ConsecutiveFailures,
        last_failure: Some("e\u{202e}\nf".into()),
    };
    assert_eq!(
        error.to_string(),
        "circuit breaker `a\\nb\\u{1b}[2J\\u{202e}\\u{0}` (key `k\\u{1b}\\nk`) is open \
         because of a run of failures, last failure: e\\u{202e}\\nf; come back in 1s"
    );
    let timed_out = Error::TimedOut { function: "x\ny", limit: Duration::from_secs(1) };
    assert_eq!(timed_out.to_string(), "`x\\ny` timed out after 1s");
    let functions = registry().functions().filter(|it| it.path().starts_with("hostile::"));
    for layer in functions.flat_map(AnnotatedFunction::layers) {
        let text = layer.to_string();
        assert!(is_harmless(&text) && !text.contains('\n'), "{text:?}");
    }
    assert!(is_harmless(&registry().report().to_string()));
    for breaker in registry().health().circuit_breakers {
        assert!(is_harmless(&breaker.to_string()), "{breaker:?}");
    }
}
