//! Any text in a file: nothing panics, and a refused file changes nothing.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use resilience::registry;
use resilience_tests::assert_round_trip;

use crate::file::{alone, configure, in_force, refused};
use crate::program::POOL;

/// Lines that have a meaning in a file, and some that do not.
const WORDS: [&str; 34] = [
    "[circuit_breaker.payment]",
    "[circuit_breaker.stock]",
    "[bulkhead.payment]",
    "[retry.standard]",
    "[policy.mail]",
    "[policy.mail.retry]",
    "[function.'shop::own']",
    "[[function.'shop::nested'.circuit_breaker]]",
    "[circuit_breaker]",
    "[retry.nobody]",
    "failure_threshold = 3",
    "failure_threshold = 0",
    "failure_rate = 0.5",
    "failure_rate = nan",
    "minimum_calls = 20",
    "window_calls = 30",
    "window_calls = 0x1F",
    "window = '1h'",
    "window = '1e9h'",
    "open_backoff = { factor = inf, max = '1s' }",
    "open_backoff = { max = '1min', factor = 2 }",
    "open_for = '2s'",
    "slow_call_rate = 0.5",
    "slow_call = '1s'",
    "max_concurrent = 8",
    "max_concurrent = -8",
    "max_attempts = 4",
    "base_delay = '5s'",
    "max_delay = '1s'",
    "jitter = 'none'",
    "timeout = '2s'",
    "timeout = ['2s', '1s']",
    "retry = {}",
    "= \u{1F980} ]",
];

fn run<S: Strategy<Value = String>>(cases: u32, texts: S) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let run = TestRunner::new(config).run(&texts, |text| {
        assert_round_trip(&text);
        Ok(())
    });
    run.expect("no text breaks it");
}

#[tokio::test]
async fn text_is_applied_or_refused_as_a_whole() {
    let _alone = alone().await;
    run(256, any::<String>());
    run(256, "[\\[\\]{}=.,\"'a-z0-9_\n #-]{0,80}");
}

#[tokio::test]
async fn lines_are_applied_or_refused_as_a_whole() {
    let _alone = alone().await;
    run(
        512,
        prop::collection::vec(prop::sample::select(&WORDS[..]), 0..8)
            .prop_map(|lines| lines.join("\n")),
    );
}

/// Values of every kind, at the ends of their ranges and beyond.
const VALUES: [&str; 52] = [
    "0",
    "1",
    "2",
    "3",
    "5",
    "20",
    "100",
    "4294967295",
    "4294967296",
    "-1",
    "+7",
    "0x10",
    "1_0",
    "0.0",
    "-0.0",
    "0.5",
    "1.0",
    "1e0",
    "1.5",
    "2.0",
    "1e-300",
    "1e300",
    "inf",
    "-inf",
    "nan",
    "'0s'",
    "'0min'",
    "'0.0h'",
    "'00ns'",
    "'1ns'",
    "'7us'",
    "'0.0000000001s'",
    "'1.0000000009s'",
    "'1ms'",
    "'1.5s'",
    "'59s'",
    "'60s'",
    "'2min'",
    "'1h'",
    "'18446744073709551615s'",
    "'18446744073709551615.999999999s'",
    "'18446744073709551616s'",
    "'30 s'",
    "'1µs'",
    "{ factor = 2.0, max = '10min' }",
    "{ factor = 1, max = '1ns' }",
    "{ factor = 1e308, max = '18446744073709551615s' }",
    "{ factor = 1.0, max = '0s' }",
    "{}",
    "\"cons\\u0074ant\"",
    "['5s', '1s']",
    "true",
];

/// Words that are values of some option.
const CHOICES: [&str; 11] = [
    "'constant'",
    "'linear'",
    "'exponential'",
    "'none'",
    "'full'",
    "'equal'",
    "'decorrelated'",
    "'allow'",
    "'collapse'",
    "'failure'",
    "'ignore'",
];

/// Every table of the program, and the options that it may have.
fn tables() -> Vec<(String, Vec<String>)> {
    let text = registry().to_toml();
    let mut tables: Vec<(String, Vec<String>)> = Vec::new();
    for line in text.lines() {
        if line.starts_with('[') {
            tables.push((line.to_owned(), Vec::new()));
        } else if let (Some((name, _)), Some(table)) = (line.split_once(" ="), tables.last_mut()) {
            table.1.push(name.trim_start_matches("# ").to_owned());
        }
    }
    tables.retain(|(_, options)| !options.is_empty());
    tables
}

/// A table with some of its options, each with any value.
fn any_table() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        4 => prop::sample::select(&VALUES[..]).prop_map(str::to_owned),
        2 => prop::sample::select(&CHOICES[..]).prop_map(str::to_owned),
        2 => (0..200_u32, prop::sample::select(&["ns", "us", "ms", "s", "min", "h"][..]))
            .prop_map(|(number, unit)| format!("'{number}{unit}'")),
        2 => (0..200_u32).prop_map(|number| number.to_string()),
        1 => any::<f64>().prop_map(|number| format!("{number:?}")),
        1 => (0.0..1.0).prop_map(|share: f64| format!("{share:?}")),
    ];
    let lines = move |(head, options): (String, Vec<String>)| {
        let line = (prop::sample::select(options), value.clone());
        prop::collection::vec(line, 0..4).prop_map(move |mut lines| {
            lines.sort();
            lines.dedup_by(|one, other| one.0 == other.0);
            let lines = lines.iter().map(|(option, value)| format!("{option} = {value}\n"));
            format!("{head}\n{}", lines.collect::<String>())
        })
    };
    prop::sample::select(tables()).prop_flat_map(lines)
}

#[tokio::test]
async fn every_option_with_any_value_round_trips() {
    let _alone = alone().await;
    run(1_000, prop::collection::vec(any_table(), 1..3).prop_map(|tables| tables.concat()));
}

/// The longest open spell is also the time for which a probe keeps its place.
#[tokio::test]
async fn a_backoff_that_takes_the_place_from_probes_is_refused() {
    let _alone = alone().await;
    for name in ["own", "nested"] {
        for max in ["1ns", "1s", "2s"] {
            assert_round_trip(&format!(
                "[[function.'shop::{name}'.circuit_breaker]]\n\
                 open_backoff = {{ factor = 1, max = '{max}' }}\n\
                 [[function.'shop::{name}'.circuit_breaker]]\n"
            ));
            assert_round_trip(&format!(
                "[function.'shop::{name}'.circuit_breaker]\n\
                 open_backoff = {{ factor = 1, max = '{max}' }}\n"
            ));
        }
    }
    let text =
        "[function.'shop::own'.circuit_breaker]\nopen_backoff = { factor = 1, max = '1s' }\n";
    let [mistake] = &refused(text)[..] else { panic!("one mistake") };
    assert!(mistake.starts_with("2:16: a probe of the outer"), "{mistake}");
}

/// Adds one wrong line to a valid file.
#[tokio::test]
async fn one_mistake_refuses_the_whole_file() {
    let _alone = alone().await;
    let right = "[bulkhead.payment]\nmax_concurrent = 99\n[retry.standard]\nmax_attempts = \
         99\n[circuit_breaker.stock]\nfailure_threshold = 9\n";
    for wrong in WORDS {
        configure("");
        let text = format!("{right}{wrong}\n");
        assert_round_trip(&text);
        let taken = POOL.snapshot().max_concurrent == 99;
        let limits: BTreeMap<_, _> = in_force()
            .into_iter()
            .filter_map(|line| {
                line.split_once(" = ").map(|(key, value)| (key.to_owned(), value.to_owned()))
            })
            .filter(|(_, value)| value == "99")
            .collect();
        assert_eq!(limits.contains_key("max_concurrent"), taken, "half taken:\n{text}");
        assert_eq!(limits.contains_key("max_attempts"), taken, "half taken:\n{text}");
    }
}
