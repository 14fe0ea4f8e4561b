//! Options of policies in attributes: their values, and every mistake in them.

use std::time::Duration;

use proc_macro2::{TokenStream, TokenTree};
use resilience_options::{
    BackoffKind, BulkheadOptions, CircuitBreakerOptions, Jitter, OnAbandon, OpenBackoff, Options,
    RetryOptions,
};

use super::mutilated::tokens;
use crate::attribute::AttributeKind;
use crate::diagnostics::Diagnostics;
use crate::model::{LayerKind, WrittenOptions};
use crate::{driver, parse};

const FUNCTION: &str = "async fn charge() -> Result<(), Error> { Ok(()) }";

/// The only layer of an attribute without mistakes.
fn layer(attribute: AttributeKind, arguments: &str) -> LayerKind {
    let mut function = syn::parse_str(FUNCTION).expect("a function");
    let mut diagnostics = Diagnostics::default();
    let stack = parse::stack(attribute, tokens(arguments), &mut function, &mut diagnostics);
    diagnostics.finish().expect("no mistakes");
    stack.layers.into_iter().next().expect("a layer").kind
}

fn retry(arguments: &str) -> WrittenOptions<RetryOptions> {
    let LayerKind::Retry(retry) = layer(AttributeKind::Retry, arguments) else { panic!("a retry") };
    let crate::model::RetryPlan::Inline(inline) = retry.plan else { panic!("options") };
    inline.options
}

fn circuit_breaker(arguments: &str) -> WrittenOptions<CircuitBreakerOptions> {
    let LayerKind::CircuitBreaker(breaker) = layer(AttributeKind::CircuitBreaker, arguments) else {
        panic!("a circuit breaker")
    };
    let crate::model::Subject::Own(own) = breaker.subject else { panic!("options") };
    *own
}

/// The messages of the errors in an expansion.
fn messages(attribute: AttributeKind, arguments: &str) -> Vec<String> {
    let mut messages = Vec::new();
    let expanded = driver::expand(attribute, tokens(arguments), &tokens(FUNCTION));
    collect_messages(expanded, &mut messages);
    messages
}

/// `compile_error! { "message" }`
fn collect_messages(tokens: TokenStream, messages: &mut Vec<String>) {
    let mut is_error = false;
    for token in tokens {
        match token {
            TokenTree::Ident(ident) if ident == "compile_error" => is_error = true,
            TokenTree::Group(group) if is_error => {
                let message: syn::LitStr = syn::parse2(group.stream()).expect("a message");
                messages.push(message.value());
                is_error = false;
            }
            TokenTree::Group(group) => collect_messages(group.stream(), messages),
            _ => {}
        }
    }
}

#[test]
fn values_of_every_kind_are_read() {
    let options = circuit_breaker(
        "failure_threshold = 7, slow_call = 1.5s, slow_call_rate = 0.25, \
         open_backoff = (2.0, 10min), on_abandon = failure",
    );
    let CircuitBreakerOptions { failure_threshold, slow_call, slow_call_rate, .. } = options.values;
    assert_eq!(failure_threshold, Some(7));
    assert_eq!(slow_call, Some(Duration::from_millis(1500)));
    assert_eq!(slow_call_rate, Some(0.25));
    let ten_minutes = Duration::from_secs(600);
    assert_eq!(options.values.open_backoff, Some(OpenBackoff { factor: 2.0, max: ten_minutes }));
    assert_eq!(options.values.on_abandon, Some(OnAbandon::Failure));
    assert!(options.unknown.is_empty());
}

#[test]
fn an_expression_has_a_placeholder_and_is_unknown() {
    let options = circuit_breaker(
        "failure_threshold = LIMIT, slow_call = limits::SLOW, slow_call_rate = RATE, \
         open_backoff = (FACTOR, MAX)",
    );
    assert_eq!(
        options.unknown,
        ["failure_threshold", "slow_call", "slow_call_rate", "open_backoff"]
    );
    for name in &options.unknown {
        assert!(options.values.declared(name).is_some(), "{name}");
    }
}

#[test]
fn a_retry_with_unknown_values_has_the_shortest_delays() {
    let values = retry("max_attempts = N, factor = F, jitter = none, base_delay = 1s").values;
    assert_eq!((values.max_attempts(), values.jitter()), (2, Jitter::None));
    assert_eq!(values.grown_delay(5), Duration::from_secs(1));
}

#[test]
fn a_backoff_is_a_word_or_a_function() {
    let backoff = |arguments| retry(arguments).values.backoff.expect("a backoff");
    assert!(matches!(backoff("backoff = linear"), BackoffKind::Linear));
    assert!(matches!(backoff("backoff = |n| wait(n)"), BackoffKind::Custom(_)));
    assert!(matches!(backoff("backoff = fibonacci"), BackoffKind::Custom(_)));
    assert!(matches!(backoff("backoff = self::linear"), BackoffKind::Custom(_)));
}

#[test]
fn options_are_in_the_order_of_the_list() {
    let options = retry("nested = allow, backoff = fibonacci, max_attempts = 3");
    let names: Vec<&str> = options.written.iter().map(|option| option.name).collect();
    assert_eq!(names, ["max_attempts", "backoff", "nested"]);
}

#[test]
fn every_mistake_in_an_attribute_is_reported() {
    let arguments = "window = 0s, failure_threshold = 11, window_calls = 10";
    let found = messages(AttributeKind::CircuitBreaker, arguments);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("`window` must be longer than zero"), "{found:?}");
    assert!(found[1].starts_with("`failure_threshold` is more than `window_calls`"), "{found:?}");
}

#[test]
fn every_option_refuses_a_value_of_another_kind() {
    for option in BulkheadOptions::OPTIONS {
        let argument = format!("{} = \"x\"", option.name);
        assert_eq!(messages(AttributeKind::Bulkhead, &argument).len(), 1, "{argument}");
    }
    for argument in ["max_concurrent = 0", "max_concurrent = -1", "max_queue = 1.5"] {
        assert_eq!(messages(AttributeKind::Bulkhead, argument).len(), 1, "{argument}");
    }
}

#[test]
fn values_that_only_rustc_knows_are_not_refused() {
    let arguments = "failure_threshold = LIMIT, window_calls = 10, open_for = LONG, \
                     open_backoff = (2.0, MAX)";
    assert_eq!(messages(AttributeKind::CircuitBreaker, arguments), [""; 0]);
    let half_known = messages(AttributeKind::CircuitBreaker, "open_backoff = (0.5, MAX)");
    assert_eq!(half_known.len(), 1, "{half_known:?}");
}

#[test]
fn both_parts_of_a_growth_are_reported() {
    let found = messages(AttributeKind::CircuitBreaker, "open_backoff = (2, 10m)");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("write `2.0`"), "{found:?}");
}

#[test]
fn a_wrong_value_does_not_lead_to_a_second_message() {
    for arguments in [
        // A rate is written, though it is wrong.
        "minimum_calls = 10, failure_rate = \"0.5\"",
        "slow_call_rate = 0.5, slow_call = 2",
        "failure_rate = 50, minimum_calls = 10",
    ] {
        let found = messages(AttributeKind::CircuitBreaker, arguments);
        assert_eq!(found.len(), 1, "{arguments}: {found:?}");
    }
    for arguments in ["factor = 2.0, backoff = lnear", "base_delay = 5s, max_delay = 1"] {
        let found = messages(AttributeKind::Retry, arguments);
        assert_eq!(found.len(), 1, "{arguments}: {found:?}");
    }
}

#[test]
fn an_option_may_be_among_tokens_that_can_not_be_read() {
    let found = messages(AttributeKind::CircuitBreaker, "minimum_calls = 10, failure_rate 0.5");
    assert_eq!(found.len(), 1, "{found:?}");
    // Tokens that can't be read don't hide what is certain.
    let found = messages(AttributeKind::CircuitBreaker, "minimum_calls = 0, failure_rate 0.5");
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn a_number_without_a_point_is_out_of_range_or_gets_one() {
    let found = |argument| messages(AttributeKind::CircuitBreaker, argument).join("; ");
    assert!(found("failure_rate = 1").ends_with("write `1.0`"), "{}", found("failure_rate = 1"));
    assert!(found("failure_rate = 50").contains("at most 1.0"), "{}", found("failure_rate = 50"));
    assert!(found("failure_rate = -0.5").contains("at most 1.0"), "{}", found("failure_rate = -1"));
}

#[test]
fn options_with_a_shared_policy_are_refused() {
    let found = messages(AttributeKind::Bulkhead, "POOL, max_wait = 1s, max_concurrent = 5");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("`Bulkhead::new(\"…\").max_concurrent(…)`"), "{found:?}");
}
