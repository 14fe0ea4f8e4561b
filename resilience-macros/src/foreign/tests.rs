//! The tables against the attributes, and values in our units.

use syn::Expr;

use super::advice;
use super::names::names;
use crate::attribute::AttributeKind::{self, Bulkhead, CircuitBreaker, Fallback, Retry, Timeout};
use crate::driver;

fn expr(text: &str) -> Expr {
    syn::parse_str(text).expect(text)
}

/// The code between the first backticks.
fn code(advice: &str) -> &str {
    advice.split('`').nth(1).expect("there is code")
}

#[test]
fn values_are_translated() {
    for (attribute, key, value, expected) in [
        (CircuitBreaker, "failure_rate_threshold", "50", "failure_rate = 0.5"),
        (CircuitBreaker, "failureRateThreshold", "50.0", "failure_rate = 0.5"),
        (CircuitBreaker, "failure_ratio", "0.1", "failure_rate = 0.1"),
        (CircuitBreaker, "success_rate", "0.9", "failure_rate = 0.1"),
        (CircuitBreaker, "wait_duration_in_open_state", "60000", "open_for = 60s"),
        (CircuitBreaker, "sleep_window_in_milliseconds", "5000", "open_for = 5s"),
        (CircuitBreaker, "break_duration", "TimeSpan.FromSeconds(30)", "open_for = 30s"),
        (CircuitBreaker, "sliding_window_size", "100", "window_calls = 100"),
        (CircuitBreaker, "sliding_window_size", "10s", "window = 10s"),
        (CircuitBreaker, "open_for_secs", "30", "open_for = 30s"),
        (CircuitBreaker, "threshold", "5", "consecutive_failures = 5"),
        (CircuitBreaker, "threshold", "0.5", "failure_rate = 0.5"),
        (Retry, "max_retries", "3", "max_attempts = 4"),
        (Retry, "retries", "LIMIT", "max_attempts = LIMIT + 1"),
        (Retry, "stop", "stop_after_attempt(3)", "max_attempts = 3"),
        (Retry, "wait", "wait_fixed(2)", "base_delay = 2s, backoff = fixed"),
        (Retry, "wait_duration", "\"PT0.5S\"", "base_delay = 500ms"),
        (Retry, "delay_ms", "100", "base_delay = 100ms"),
        (Retry, "base_delay_ms", "100", "base_delay = 100ms"),
        (Retry, "maxAttempts", "3", "max_attempts = 3"),
        (Retry, "abort_if", "is_fatal", "when = |error| !is_fatal(error)"),
        (Retry, "retry_if", "is_busy(e)", "when = |e| is_busy(e)"),
        (Bulkhead, "max_wait_duration", "500", "max_wait = 500ms"),
        (Timeout, "secs", "5", "#[timeout(5s)]"),
        (Timeout, "ms", "500", "#[timeout(500ms)]"),
        (Timeout, "fallback", "cached", "#[fallback(cached)]"),
        (Fallback, "fallback_method", "\"cached\"", "#[fallback(cached)]"),
        (Fallback, "default", "3", "value = 3"),
    ] {
        let advice = advice(attribute, key, &expr(value)).expect(key);
        // rustc prints tokens without these spaces.
        let code = code(&advice).replace(" (", "(").replace("! f", "!f");
        assert_eq!(code, expected, "{key} = {value}");
    }
}

/// Advice that can be followed: none leads to the next refusal of a name.
#[test]
fn each_suggested_argument_exists() {
    let function = "async fn charge() -> Result<(), Error> { Ok(()) }".parse().expect("tokens");
    for attribute in AttributeKind::ALL {
        for foreign in names(attribute).filter(|foreign| foreign.advice.starts_with("write `")) {
            let suggested = code(foreign.advice).replace("{}", "X");
            if suggested.starts_with("#[") || suggested.contains('…') {
                continue;
            }
            let arguments = suggested.parse().expect("tokens");
            let expanded = driver::expand(attribute, arguments, &function).to_string();
            assert!(!expanded.contains("has no argument"), "{}: {expanded}", foreign.advice);
        }
    }
}

#[test]
fn no_foreign_name_is_a_key_of_ours() {
    for attribute in AttributeKind::ALL {
        for foreign in names(attribute) {
            for name in foreign.names {
                // Only a key that the attribute does not take is looked up.
                let is_common = foreign.advice.starts_with("write `#[fallback");
                assert!(is_common || !attribute.takes(name), "{attribute:?} takes {name}");
            }
        }
    }
}
