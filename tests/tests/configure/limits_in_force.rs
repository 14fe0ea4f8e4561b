//! `limits()` of every policy: the values in force and their origins.

use std::time::Duration;

use resilience::declared::Layer;
use resilience::limits::{LimitValue, Limits, Origin};
use resilience::{CircuitBreaker, RetryPolicy, registry};
use resilience_options::{
    AdaptiveTimeoutOptions, BulkheadOptions, CircuitBreakerOptions, OptionInfo, Options,
    RetryBudgetOptions, RetryOptions,
};
use resilience_tests::SECOND;

use crate::file::{alone, configure, refused};
use crate::program::{BUDGET, LATENCY, MAIL, PAYMENT, PER_HOST, PER_TENANT, POOL, STANDARD, STOCK};

fn value(limits: &Limits, name: &str) -> LimitValue {
    limits.get(name).unwrap_or_else(|| panic!("no `{name}` in `{limits}`")).value()
}

fn origin(limits: &Limits, name: &str) -> Origin {
    limits.get(name).unwrap_or_else(|| panic!("no `{name}` in `{limits}`")).origin()
}

/// The limits of each kind of policy, as text.
fn all() -> [String; 6] {
    let limits = [
        PAYMENT.limits(),
        POOL.limits(),
        STANDARD.limits(),
        BUDGET.limits(),
        LATENCY.limits(),
        MAIL.limits(),
    ];
    limits.map(|limits| limits.to_string())
}

const IN_CODE: [&str; 6] = [
    "failure_threshold = 5, window = 1min, open_for = 30s, half_open_probes = 1, \
     success_threshold = 3, probe_timeout = 30s, on_abandon = ignore",
    "max_concurrent = 2, max_wait = 0s, max_queue = 10000",
    "max_attempts = 2, backoff = exponential, base_delay = 0s, max_delay = 1min, factor = 2.0, \
     jitter = full, max_retry_after = 1min, nested = collapse",
    "ratio = 0.0, min_per_sec = 0",
    "percentile = 0.99, multiplier = 1.5, min = 10ms, max = 4s, window = 1min, minimum_calls = 20",
    "timeout = 5s",
];

const FILE: &str = "
    [circuit_breaker.payment]
    failure_rate = 0.25
    open_for = '10s'
    open_backoff = { factor = 2.0, max = '10min' }
    on_abandon = 'failure'
    [bulkhead.payment]
    max_wait = '200ms'
    max_queue = 3
    [retry.standard]
    max_attempts = 4
    backoff = 'linear'
    max_elapsed = '90s'
    [retry_budget.retries]
    ratio = 0.5
    [adaptive_timeout.latency]
    multiplier = 3
    minimum_calls = 50
    [policy.mail]
    timeout = '1.5s'
";

const UNDER_THE_FILE: [&str; 6] = [
    "failure_rate = 0.25 (file), minimum_calls = 20 (file), window = 1min, open_for = 10s (file), \
     open_backoff = (2.0, 10min) (file), half_open_probes = 1, success_threshold = 3, \
     probe_timeout = 10s (file), on_abandon = failure (file)",
    "max_concurrent = 2, max_wait = 200ms (file), max_queue = 3 (file)",
    "max_attempts = 4 (file), backoff = linear (file), base_delay = 0s, max_delay = 1min, \
     jitter = full, max_elapsed = 90s (file), max_retry_after = 1min, nested = collapse",
    "ratio = 0.5 (file), min_per_sec = 0",
    "percentile = 0.99, multiplier = 3.0 (file), min = 10ms, max = 4s, window = 1min, \
     minimum_calls = 50 (file)",
    "timeout = 1500ms (file)",
];

#[tokio::test]
async fn limits_come_from_the_code_then_from_the_file_and_from_the_code_again() {
    let _alone = alone().await;
    assert_eq!(all(), IN_CODE);
    configure(FILE);
    assert_eq!(all(), UNDER_THE_FILE);
    refused("[circuit_breaker.payment]\nopen_for = '0s'");
    assert_eq!(all(), UNDER_THE_FILE, "a refused file changes nothing");
    configure("");
    assert_eq!(all(), IN_CODE);
}

#[tokio::test]
async fn limits_are_data() {
    let _alone = alone().await;
    configure(FILE);
    let limits = PAYMENT.limits();
    assert_eq!(value(&limits, "failure_rate"), LimitValue::Float(0.25));
    assert_eq!(value(&limits, "half_open_probes"), LimitValue::Number(1));
    assert_eq!(value(&limits, "open_for"), LimitValue::Duration(10 * SECOND));
    assert_eq!(value(&limits, "on_abandon"), LimitValue::Word("failure"));
    let LimitValue::Growth { factor, max, .. } = value(&limits, "open_backoff") else {
        panic!("no growth: {limits}");
    };
    assert_eq!((factor.to_bits(), max), (2_f64.to_bits(), 600 * SECOND));
    assert_eq!(origin(&limits, "open_for"), Origin::File);
    assert_eq!(origin(&limits, "window"), Origin::Code);
    assert_eq!(value(&MAIL.limits(), "timeout"), LimitValue::Duration(SECOND * 3 / 2));
}

#[tokio::test]
async fn a_value_that_the_file_repeats_comes_from_the_code() {
    let _alone = alone().await;
    configure(
        "[circuit_breaker.payment]\nfailure_threshold = 5\nopen_for = '30s'\n[policy.mail]\n\
         timeout = '5s'",
    );
    assert_eq!(origin(&PAYMENT.limits(), "failure_threshold"), Origin::Code);
    assert_eq!(origin(&MAIL.limits(), "timeout"), Origin::Code);
    assert_eq!(origin(&PAYMENT.limits(), "open_for"), Origin::Code, "a default is of the code");
    configure(&registry().to_toml());
    assert_eq!(all(), IN_CODE, "the written file repeats everything");
    configure("");
}

#[tokio::test]
async fn a_default_that_follows_another_option_of_the_file_comes_from_the_file() {
    let _alone = alone().await;
    configure("[circuit_breaker.payment]\nopen_for = '7s'");
    assert_eq!(value(&PAYMENT.limits(), "probe_timeout"), LimitValue::Duration(7 * SECOND));
    assert_eq!(origin(&PAYMENT.limits(), "probe_timeout"), Origin::File);
    configure("");
}

/// The limits of each layer of a function, as text.
fn of_layers(path: &str) -> Vec<Option<String>> {
    let function = registry().function(path).expect("annotated");
    let limits = function.layers().iter().map(Layer::limits);
    limits.map(|limits| limits.map(|limits| limits.to_string())).collect()
}

#[tokio::test]
async fn every_layer_of_a_function_has_limits_with_their_origin() {
    let _alone = alone().await;
    configure("[function.'shop::own']\ntimeout = ['4s', '1s']\nbulkhead.max_concurrent = 9");
    let own = of_layers("shop::own");
    assert_eq!(own[0].as_deref(), Some("timeout = 4s (file)"));
    assert_eq!(
        own[1].as_deref(),
        Some("max_concurrent = 9 (file), max_wait = 0s, max_queue = 10000")
    );
    assert_eq!(own[4].as_deref(), Some("timeout = 1s"));
    assert_eq!(of_layers("shop::mail"), [Some(MAIL.limits().to_string())]);
    assert_eq!(of_layers("shop::followed"), [Some(LATENCY.limits().to_string())]);
    configure("");
}

#[tokio::test]
async fn a_limit_that_the_code_computes_for_each_call_has_no_value_of_its_own() {
    let _alone = alone().await;
    let by_call = of_layers("shop::by_call");
    assert_eq!(by_call[0], None, "the whole limit is computed");
    assert_eq!(
        by_call[1].as_deref(),
        Some(
            "max_attempts = 3, backoff = computed for each call, jitter = none, \
             max_elapsed = computed for each call, max_retry_after = 1min, nested = collapse"
        )
    );
    assert_eq!(by_call[3], Some(PER_HOST.limits().to_string()), "the template");
    let function = registry().function("shop::by_call").expect("annotated");
    let retry = function.layers()[1].retry_policy().expect("a retry");
    assert_eq!(value(&retry.limits(), "max_elapsed"), LimitValue::Computed);
    assert!(format!("{retry:?}").contains("max_elapsed: computed for each call"), "{retry:?}");
}

#[tokio::test]
async fn a_resize_is_a_limit_set_by_hand_until_it_is_undone() {
    let _alone = alone().await;
    let limit = || {
        let limits = POOL.limits();
        (value(&limits, "max_concurrent"), origin(&limits, "max_concurrent"))
    };
    POOL.resize(7);
    assert_eq!(limit(), (LimitValue::Number(7), Origin::ByHand));
    assert_eq!(
        POOL.limits().to_string(),
        "max_concurrent = 7 (by hand), max_wait = 0s, max_queue = 10000"
    );
    configure("[bulkhead.payment]\nmax_concurrent = 4\nmax_wait = '1s'");
    assert_eq!(
        POOL.limits().to_string(),
        "max_concurrent = 7 (by hand), max_wait = 1s (file), max_queue = 10000",
        "a file leaves the resize in force"
    );
    POOL.resize(4);
    assert_eq!(limit(), (LimitValue::Number(4), Origin::ByHand), "although the file says so too");
    POOL.undo_resize();
    assert_eq!(limit(), (LimitValue::Number(4), Origin::File));
    POOL.resize(2);
    configure("");
    assert_eq!(limit(), (LimitValue::Number(2), Origin::ByHand), "although the code says so too");
    POOL.undo_resize();
    assert_eq!(limit(), (LimitValue::Number(2), Origin::Code));
}

#[tokio::test]
async fn every_instance_of_a_keyed_policy_has_the_limits_of_the_file() {
    let _alone = alone().await;
    let (early_host, early_tenant) = (PER_HOST.get("limits early"), PER_TENANT.get("limits early"));
    configure(
        "[circuit_breaker.host]\nfailure_threshold = 9\n[bulkhead.tenant]\nmax_concurrent = 1",
    );
    assert_eq!(value(&PER_HOST.limits(), "failure_threshold"), LimitValue::Number(9));
    assert_eq!(
        PER_TENANT.limits().to_string(),
        "max_concurrent = 1 (file), max_wait = 5s, max_queue = 10000"
    );
    let (late_host, late_tenant) = (PER_HOST.get("limits late"), PER_TENANT.get("limits late"));
    for host in [&early_host, &late_host] {
        let limits = host.limits();
        assert_eq!(value(&limits, "failure_threshold"), LimitValue::Number(9));
        assert_eq!(origin(&limits, "failure_threshold"), Origin::File);
    }
    for tenant in [&early_tenant, &late_tenant] {
        let shown = tenant.limits().to_string();
        assert_eq!(shown, "max_concurrent = 1 (file), max_wait = 5s, max_queue = 10000");
    }
    early_tenant.resize(2);
    assert_eq!(origin(&early_tenant.limits(), "max_concurrent"), Origin::ByHand);
    assert_eq!(origin(&late_tenant.limits(), "max_concurrent"), Origin::File, "its own");
    configure("");
    for host in [&early_host, &late_host] {
        assert_eq!(value(&host.limits(), "failure_threshold"), LimitValue::Number(4));
        assert_eq!(origin(&host.limits(), "failure_threshold"), Origin::Code);
    }
    early_tenant.undo_resize();
    for tenant in [&early_tenant, &late_tenant] {
        assert_eq!(
            tenant.limits().to_string(),
            "max_concurrent = 6, max_wait = 5s, max_queue = 10000"
        );
    }
}

#[tokio::test]
async fn the_layers_of_a_policy_have_limits_of_their_own() {
    let _alone = alone().await;
    let layers = MAIL.layers();
    let retry = layers.retry.expect("declared");
    let breaker = layers.circuit_breaker.expect("declared");
    let pool = layers.bulkhead.expect("declared");
    let origins = || {
        [
            origin(&retry.limits(), "max_attempts"),
            origin(&breaker.limits(), "consecutive_failures"),
            origin(&pool.limits(), "max_concurrent"),
        ]
    };
    assert_eq!(origins(), [Origin::Code; 3]);
    configure(
        "[policy.mail]\nretry.max_attempts = 4\ncircuit_breaker.consecutive_failures = 2\n\
         bulkhead.max_concurrent = 1",
    );
    assert_eq!(origins(), [Origin::File; 3]);
    assert_eq!(value(&retry.limits(), "max_attempts"), LimitValue::Number(4));
    assert_eq!(value(&breaker.limits(), "consecutive_failures"), LimitValue::Number(2));
    assert_eq!(value(&pool.limits(), "max_concurrent"), LimitValue::Number(1));
    assert_eq!(MAIL.limits().to_string(), "timeout = 5s");
    configure("");
    assert_eq!(origins(), [Origin::Code; 3]);
}

#[tokio::test]
async fn a_limit_that_is_unknown_or_not_in_force_is_none() {
    let _alone = alone().await;
    for limits in [PAYMENT.limits(), POOL.limits(), STANDARD.limits(), BUDGET.limits()] {
        assert_eq!(limits.get("no such limit"), None);
        assert_eq!(limits.get(""), None);
        assert_eq!(limits.get("timeout"), None);
    }
    assert_eq!(PAYMENT.limits().get("failure_rate"), None, "failures are counted");
    assert_eq!(STOCK.limits().get("failure_threshold"), None, "the share is looked at");
    let no_timeout = resilience::Policy::new("no timeout");
    assert_eq!((no_timeout.limits().get("timeout"), no_timeout.limits().iter().count()), (None, 0));
    assert_eq!(no_timeout.limits().to_string(), "");
}

#[tokio::test]
async fn limits_have_the_names_the_order_and_the_meaning_of_the_options() {
    fn assert_in_order(limits: &Limits, options: &[OptionInfo]) {
        let in_force = options.iter().filter(|option| limits.get(option.name).is_some());
        let expected: Vec<_> = in_force.map(|option| (option.name, option.about)).collect();
        let found: Vec<_> = limits.iter().map(|limit| (limit.name(), limit.about())).collect();
        assert_eq!(found, expected);
        assert_eq!(limits.into_iter().count(), found.len());
    }
    let _alone = alone().await;
    assert_in_order(&PAYMENT.limits(), CircuitBreakerOptions::OPTIONS);
    assert_in_order(&POOL.limits(), BulkheadOptions::OPTIONS);
    assert_in_order(&STANDARD.limits(), RetryOptions::OPTIONS);
    assert_in_order(&BUDGET.limits(), RetryBudgetOptions::OPTIONS);
    assert_in_order(&LATENCY.limits(), AdaptiveTimeoutOptions::OPTIONS);
}

#[test]
fn limits_of_the_code_are_displayed_as_an_attribute_gives_them() {
    let breaker = CircuitBreaker::new("displayed")
        .window_calls(50)
        .failure_rate(0.1)
        .slow_call(SECOND / 2)
        .slow_call_rate(1.0)
        .open_for(Duration::from_micros(1_500))
        .open_backoff(1.5, 2 * SECOND);
    assert_eq!(
        breaker.limits().to_string(),
        "failure_rate = 0.1, minimum_calls = 20, window_calls = 50, slow_call = 500ms, \
         slow_call_rate = 1.0, open_for = 1500us, open_backoff = (1.5, 2s), half_open_probes = 1, \
         success_threshold = 3, probe_timeout = 1500us, on_abandon = ignore"
    );
    let retry = RetryPolicy::new("displayed").backoff(resilience::BackoffKind::Custom(|_| SECOND));
    let limits = retry.limits();
    assert_eq!(value(&limits, "backoff"), LimitValue::Function);
    assert_eq!(
        limits.get("backoff").map(ToString::to_string).as_deref(),
        Some("backoff = a function")
    );
    assert_eq!(limits.get("base_delay"), None, "the function returns the whole delay");
    let origins = [Origin::Code, Origin::File, Origin::ByHand].map(|origin| origin.to_string());
    assert_eq!(origins, ["code", "file", "by hand"]);
}
