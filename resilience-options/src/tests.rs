//! Rules that the options of every policy follow.

use std::time::Duration;

use crate::{
    AdaptiveTimeoutOptions, BackoffKind, BulkheadOptions, CircuitBreakerOptions, Jitter, Kind,
    Options, RateLimiterOptions, RetryBudgetOptions, RetryOptions, TimeoutOptions, Value,
};

/// Valid and invalid values of a kind.
fn values(kind: Kind) -> Vec<Value> {
    match kind {
        Kind::Number => [0, 1, 2, 10, 11, u32::MAX].map(Value::Number).to_vec(),
        Kind::Float => {
            [-1.0, 0.0, 0.5, 1.0, 2.0, 1e9, f64::INFINITY, f64::NAN].map(Value::Float).to_vec()
        }
        Kind::Duration => {
            [0, 1, 10, 60, 3600].map(|s| Value::Duration(Duration::from_secs(s))).to_vec()
        }
        Kind::Switch => [false, true].map(Value::Switch).to_vec(),
        Kind::Word(list) => list.names().map(Value::Word).collect(),
        Kind::Growth => {
            let growth = |(factor, s)| Value::Growth { factor, max: Duration::from_secs(s) };
            [(0.5, 60), (2.0, 0), (0.5, 0), (2.0, 1), (2.0, 3600)].map(growth).to_vec()
        }
        Kind::Rate => {
            let rate = |(calls, s)| Value::Rate { calls, period: Duration::from_secs(s) };
            [(0, 60), (10, 0), (0, 0), (u32::MAX, 1), (1, u64::MAX), (1, 60), (5_000, 3_600)]
                .map(rate)
                .to_vec()
        }
    }
}

/// Every option with every value.
fn settings<O: Options>() -> Vec<(&'static str, Value)> {
    let settings_of = |option: &crate::OptionInfo| {
        let name = option.name;
        values(option.kind).into_iter().map(move |value| (name, value))
    };
    O::OPTIONS.iter().flat_map(settings_of).collect()
}

fn with<O: Options>(settings: &[(&str, Value)]) -> O {
    let mut options = O::NONE;
    for (name, value) in settings {
        options.set(name, Some(*value));
    }
    options
}

fn messages(refusals: &[crate::Refusal]) -> Vec<&'static str> {
    refusals.iter().map(|refusal| refusal.message).collect()
}

fn every_setting_is_declared<O: Options>() {
    for (name, value) in settings::<O>() {
        let options = with::<O>(&[(name, value)]);
        // NaN is not equal to itself, so its text is compared.
        let is_same = options.declared(name).is_some_and(|declared| {
            declared == value || format!("{declared:?}") == format!("{value:?}")
        });
        assert!(is_same, "{name} = {value:?}");
        let mut cleared = options;
        cleared.set(name, None);
        assert_eq!(cleared.declared(name), None);
    }
    let mut untouched = O::NONE;
    untouched.set("no such option", Some(Value::Number(1)));
    assert!(O::OPTIONS.iter().all(|option| untouched.declared(option.name).is_none()));
}

/// Checks that every mistake of two options is reported, for every pair of values: what is wrong in
/// one value, and what is wrong together. An option with a wrong value is blamed once. A refusal
/// blames declared options, and names them in its sentence.
fn both_of_two_wrong_options_are_reported<O: Options>() {
    let settings = settings::<O>();
    for first in &settings {
        for second in settings.iter().filter(|second| second.0 != first.0) {
            let both = with::<O>(&[*first, *second]);
            let found = both.refusals(&[], &[]);
            let context = format!("{first:?}, {second:?}: {:?}", messages(&found));
            let is_wrong =
                |setting: &(&str, Value)| !with::<O>(&[*setting]).refused_values().is_empty();
            let wrong: Vec<_> =
                [first, second].into_iter().filter(|it| is_wrong(it)).map(|it| it.0).collect();
            let alone = [first, second].map(|it| with::<O>(&[*it]).refused_values()).concat();
            let together = both.contradictions().into_iter().chain(both.without_effect());
            let concerns_wrong = |refusal: &crate::Refusal| {
                refusal.keys.iter().chain(refusal.compared).any(|key| wrong.contains(key))
            };
            let together = together.filter(|refusal| !concerns_wrong(refusal));
            let expected: Vec<_> = alone.into_iter().chain(together).collect();
            assert_eq!(found.len(), expected.len(), "{context}");
            for refusal in expected {
                assert!(found.contains(&refusal), "hidden: {}: {context}", refusal.message);
            }
            for refusal in &found {
                assert!(!refusal.keys.is_empty(), "{context}");
                for key in refusal.keys {
                    assert!(both.declared(key).is_some(), "blames {key}, not declared: {context}");
                    assert!(
                        refusal.message.contains(&format!("`{key}`"))
                            || refusal.message.contains(&format!("`{key} = "))
                            || *key == "backoff",
                        "does not name {key}: {context}"
                    );
                }
            }
        }
    }
}

/// "the window" in the second message is a noun, so it does not count as a mistake in the key
/// `window`.
#[test]
fn a_refusal_blames_its_keys_and_not_the_nouns_of_its_sentence() {
    let options = with::<CircuitBreakerOptions>(&[
        ("window", Value::Duration(Duration::ZERO)),
        ("failure_threshold", Value::Number(11)),
        ("window_calls", Value::Number(10)),
    ]);
    let blamed: Vec<_> = options.refusals(&[], &[]).iter().map(|refusal| refusal.keys).collect();
    assert_eq!(blamed, [&["window"][..], &["failure_threshold", "window_calls"][..]]);
}

/// Checks that a file which sets every option to its value in force is accepted, and changes
/// nothing. A file is only blamed for the options that it sets.
fn values_in_force_are_accepted<O: Options>(options: O) {
    let mut written = options;
    let mut keys = Vec::new();
    for option in O::OPTIONS {
        if let Some(value) = options.in_force(option.name).filter(|it| *it != Value::Function) {
            written.set(option.name, Some(value));
            keys.push(option.name);
        }
    }
    for replaced in keys.iter().flat_map(|key| O::replaced_by(key)) {
        if !keys.contains(replaced) {
            written.set(replaced, None);
        }
    }
    let mut found = written.refusals(&[], &[]);
    found.retain(|refusal| refusal.blames_any(&keys));
    assert!(found.is_empty(), "{options:?}: {:?}", messages(&found));
    for option in O::OPTIONS {
        assert_eq!(written.in_force(option.name), options.in_force(option.name), "{options:?}");
    }
}

fn values_in_force_are_accepted_for_every_valid_pair<O: Options>() {
    values_in_force_are_accepted(O::NONE);
    let settings = settings::<O>();
    for first in &settings {
        for second in &settings {
            let options = with::<O>(&[*first, *second]);
            if options.refused_values().is_empty() && options.contradictions().is_empty() {
                values_in_force_are_accepted(options);
            }
        }
    }
}

macro_rules! for_every_policy {
    ($($module:ident: $type:ty;)*) => {$(
        mod $module {
            use super::*;

            #[test]
            fn an_option_that_is_set_is_declared() {
                every_setting_is_declared::<$type>();
            }

            #[test]
            fn two_mistakes_are_both_reported() {
                both_of_two_wrong_options_are_reported::<$type>();
            }

            #[test]
            fn values_in_force_can_be_written_and_read_back() {
                values_in_force_are_accepted_for_every_valid_pair::<$type>();
            }

            #[test]
            fn a_builder_refuses_the_same_values_as_a_file() {
                for first in settings::<$type>() {
                    for second in settings::<$type>() {
                        let options = with::<$type>(&[first, second]);
                        let refused = !options.refused_values().is_empty()
                            || !options.contradictions().is_empty();
                        assert_eq!(options.first_refusal().is_some(), refused, "{options:?}");
                    }
                }
            }
        }
    )*};
}

for_every_policy! {
    circuit_breaker: CircuitBreakerOptions;
    bulkhead: BulkheadOptions;
    rate_limiter: RateLimiterOptions;
    retry: RetryOptions;
    retry_budget: RetryBudgetOptions;
    adaptive_timeout: AdaptiveTimeoutOptions;
    timeout: TimeoutOptions;
}

#[test]
fn an_option_with_a_wrong_value_is_blamed_once() {
    let blamed = |settings: &[(&str, Value)]| -> Vec<_> {
        let options = with::<CircuitBreakerOptions>(settings);
        options.refusals(&[], &[]).iter().map(|refusal| refusal.keys).collect()
    };
    let zero = Value::Number(0);
    assert_eq!(blamed(&[("minimum_calls", zero)]), [["minimum_calls"]], "and no rate is missed");
    assert_eq!(
        blamed(&[
            ("failure_rate", Value::Float(0.5)),
            ("window_calls", zero),
            ("window", Value::Duration(Duration::from_secs(1))),
        ]),
        [["window_calls"]],
        "and they do not exclude each other yet"
    );
    assert_eq!(
        blamed(&[("failure_threshold", zero), ("window_calls", zero)]),
        [["failure_threshold"], ["window_calls"]]
    );
}

#[test]
fn an_option_that_may_be_missing_is_no_reason() {
    let options = with::<CircuitBreakerOptions>(&[("minimum_calls", Value::Number(10))]);
    assert_eq!(options.refusals(&[], &[]).len(), 1);
    assert_eq!(options.refusals(&[], &["failure_rate"]), []);
    assert_eq!(options.refusals(&[], &["window"]).len(), 1);
}

#[test]
fn each_option_without_effect_is_reported_once() {
    let options = with::<RetryOptions>(&[
        ("backoff", Value::Word("linear")),
        ("jitter", Value::Word("decorrelated")),
        ("factor", Value::Float(2.0)),
    ]);
    let blamed: Vec<_> = options.refusals(&[], &[]).iter().map(|refusal| refusal.keys).collect();
    assert_eq!(blamed, [["factor"], ["backoff"]]);
}

#[test]
fn values_of_placeholders_are_not_judged() {
    let options = with::<CircuitBreakerOptions>(&[
        ("failure_threshold", Value::Number(11)),
        ("window_calls", Value::Number(10)),
        ("window", Value::Duration(Duration::ZERO)),
    ]);
    let blamed = |unknown: &[&str]| -> Vec<_> {
        options.refusals(unknown, &[]).iter().map(|refusal| refusal.keys).collect()
    };
    assert_eq!(blamed(&["window", "window_calls"]), [["window", "window_calls"]]);
    assert_eq!(options.refusals(&[], &["window", "window_calls"]), []);
}

#[test]
fn delays_grow_by_their_formula_up_to_max_delay() {
    let delays = |backoff, jitter| {
        let options = RetryOptions {
            backoff: Some(backoff),
            base_delay: Some(Duration::from_secs(1)),
            max_delay: Some(Duration::from_secs(4)),
            jitter: Some(jitter),
            ..RetryOptions::NONE
        };
        [1, 2, 3, 4, 5].map(|attempt| options.least_delay(attempt).as_millis())
    };
    assert_eq!(delays(BackoffKind::Constant, Jitter::None), [1000; 5]);
    assert_eq!(delays(BackoffKind::Linear, Jitter::None), [1000, 2000, 3000, 4000, 4000]);
    assert_eq!(delays(BackoffKind::Exponential, Jitter::None), [1000, 2000, 4000, 4000, 4000]);
    assert_eq!(delays(BackoffKind::Linear, Jitter::Equal), [500, 1000, 1500, 2000, 2000]);
    assert_eq!(delays(BackoffKind::Linear, Jitter::Decorrelated), [1000; 5]);
    assert_eq!(delays(BackoffKind::Linear, Jitter::Full), [0; 5]);
    assert_eq!(delays(BackoffKind::Custom(|_| Duration::MAX), Jitter::None), [0; 5]);
}

#[test]
fn a_function_can_only_be_declared_by_code() {
    let options = RetryOptions {
        backoff: Some(BackoffKind::Custom(|_| Duration::ZERO)),
        ..RetryOptions::NONE
    };
    assert_eq!(options.declared("backoff"), Some(Value::Function));
    let mut set = RetryOptions::NONE;
    set.set("backoff", Some(Value::Function));
    assert_eq!(set.declared("backoff"), None);
}
