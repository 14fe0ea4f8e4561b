//! Any text in a file: nothing panics, and a refused file changes nothing.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use resilience::registry;

use crate::file::{alone, configure, in_force};
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

fn assert_all_or_nothing(text: &str) {
    let before = registry().to_toml();
    match registry().configure(text) {
        Ok(()) => {
            let after = registry().to_toml();
            assert!(registry().configure(&after).is_ok(), "not accepted again:\n{after}");
            assert_eq!(registry().to_toml(), after);
        }
        Err(error) => {
            assert!(!error.mistakes().is_empty());
            for mistake in error.mistakes() {
                let lines = text.split('\n').count();
                assert!((1..=lines).contains(&mistake.line()), "{mistake} of {lines} lines");
                assert!(mistake.column() >= 1 && !mistake.message().is_empty());
            }
            assert_eq!(registry().to_toml(), before, "changed by what was refused:\n{text}");
        }
    }
}

fn run<S: Strategy<Value = String>>(cases: u32, texts: S) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let run = TestRunner::new(config).run(&texts, |text| {
        assert_all_or_nothing(&text);
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

/// Adds one wrong line to a valid file.
#[tokio::test]
async fn one_mistake_refuses_the_whole_file() {
    let _alone = alone().await;
    let right = "[bulkhead.payment]\nmax_concurrent = 99\n[retry.standard]\nmax_attempts = \
         99\n[circuit_breaker.stock]\nfailure_threshold = 9\n";
    for wrong in WORDS {
        configure("");
        let text = format!("{right}{wrong}\n");
        assert_all_or_nothing(&text);
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
