//! Several mistakes in one table: every mistake is reported, at the value to blame.

use std::time::Duration;

use resilience::registry;
use resilience_options::{
    AdaptiveTimeoutOptions, BulkheadOptions, CircuitBreakerOptions, Kind, Options, Refusal,
    RetryBudgetOptions, RetryOptions, Value,
};

use crate::file::{alone, configure, refused};

#[tokio::test]
async fn an_empty_window_does_not_hide_a_threshold_that_is_too_high() {
    let _alone = alone().await;
    assert_eq!(
        refused(
            "[circuit_breaker.payment]\nwindow = \"0s\"\nfailure_threshold = 11\n\
             window_calls = 10\n"
        ),
        [
            "2:10: `window` must be longer than zero: an empty window holds no failures",
            "3:21: `failure_threshold` is more than `window_calls`: the window never holds enough \
             failures, and the breaker could never open",
        ]
    );
}

#[tokio::test]
async fn each_limit_of_a_list_is_checked() {
    let _alone = alone().await;
    let message = "`timeout` must be longer than zero: no call can succeed in zero time";
    assert_eq!(
        refused("[function.'shop::own']\ntimeout = ['0s', '0s']"),
        [format!("2:12: {message}"), format!("2:18: {message}")]
    );
}

/// A value of a key in the text.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    key: String,
    value: String,
}

/// One mistake: the fewest entries that make it, and the place that the report must name.
#[derive(Clone, Debug)]
struct Mistake {
    entries: Vec<Entry>,
    blamed: String,
    /// Characters from the beginning of the blamed value to the place.
    offset: usize,
    /// Keys that are not judged together with this mistake: their values, or their absence, are
    /// the reason for it.
    reasons: Vec<String>,
    /// The message or its beginning; empty if the value is not even readable.
    message: String,
    /// Set if one value is wrong, whatever the others are.
    is_wrong_value: bool,
}

fn entry(prefix: &str, name: &str, value: &str) -> Entry {
    Entry { key: format!("{prefix}{name}"), value: value.to_owned() }
}

fn text_of(value: Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        Value::Duration(duration) => format!("'{}s'", duration.as_secs()),
        Value::Word(word) => format!("'{word}'"),
        Value::Growth { factor, max } => {
            format!("{{ factor = {factor:?}, max = '{}s' }}", max.as_secs())
        }
        Value::Switch(is_on) => is_on.to_string(),
        Value::Rate { calls, period } => {
            format!("{{ calls = {calls}, period = '{}s' }}", period.as_secs())
        }
        Value::Function => panic!("no file can set a function"),
    }
}

/// Values of each kind, wrong ones among them, of which every mistake can be made.
fn values(kind: Kind) -> Vec<Value> {
    let seconds = |seconds| Value::Duration(Duration::from_secs(seconds));
    let growth = |(factor, seconds)| Value::Growth { factor, max: Duration::from_secs(seconds) };
    let rate = |(calls, s)| Value::Rate { calls, period: Duration::from_secs(s) };
    match kind {
        Kind::Number => [0, 1, 10, 11].map(Value::Number).to_vec(),
        Kind::Float => [-1.0, 0.5, 2.0].map(Value::Float).to_vec(),
        Kind::Duration => [0, 1, 10].map(seconds).to_vec(),
        Kind::Word(list) => list.names().map(Value::Word).collect(),
        Kind::Switch => [false, true].map(Value::Switch).to_vec(),
        Kind::Rate => [(0, 60), (10, 0), (1, 1)].map(rate).to_vec(),
        Kind::Growth => [(0.5, 60), (2.0, 0), (2.0, 1)].map(growth).to_vec(),
    }
}

const fn unreadable(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "'many'",
        Kind::Float => "true",
        Kind::Duration => "7",
        Kind::Word(_) => "'strange'",
        Kind::Growth | Kind::Rate => "2.0",
        Kind::Switch => "'yes'",
    }
}

/// Every mistake that the options of one policy can have, each once. `prefix` comes before each
/// key, `code` are the options of the code that matter.
fn mistakes<O: Options + Copy>(prefix: &str, code: O) -> Vec<Mistake> {
    let mut mistakes: Vec<Mistake> = Vec::new();
    for option in O::OPTIONS {
        mistakes.push(Mistake {
            entries: vec![entry(prefix, option.name, unreadable(option.kind))],
            blamed: format!("{prefix}{}", option.name),
            offset: 0,
            reasons: Vec::new(),
            message: String::new(),
            is_wrong_value: true,
        });
    }
    let mut add = |settings: &[(&str, Value)], refusals: Vec<Refusal>, is_wrong_value| {
        for refusal in refusals {
            if mistakes.iter().any(|known| known.message == refusal.message) {
                continue;
            }
            let entries =
                settings.iter().map(|(name, value)| entry(prefix, name, &text_of(*value)));
            mistakes.push(Mistake {
                entries: entries.collect(),
                blamed: format!("{prefix}{}", refusal.keys[0]),
                offset: 0,
                reasons: refusal.compared.iter().map(|key| format!("{prefix}{key}")).collect(),
                message: refusal.message.to_owned(),
                is_wrong_value,
            });
        }
    };
    let with = |settings: &[(&str, Value)]| {
        let mut options = code;
        for replaced in settings.iter().flat_map(|(name, _)| O::replaced_by(name)) {
            options.set(replaced, None);
        }
        for (name, value) in settings {
            options.set(name, Some(*value));
        }
        options
    };
    let settings = O::OPTIONS
        .iter()
        .flat_map(|option| values(option.kind).into_iter().map(move |value| (option.name, value)));
    let (right, wrong): (Vec<_>, Vec<_>) =
        settings.partition(|setting| with(&[*setting]).refused_values().is_empty());
    for setting in wrong {
        add(&[setting], with(&[setting]).refused_values(), true);
    }
    for setting in &right {
        add(&[*setting], with(&[*setting]).without_effect(), false);
    }
    for (index, first) in right.iter().enumerate() {
        for second in right[index..].iter().filter(|second| second.0 != first.0) {
            let both = with(&[*first, *second]);
            add(&[*first, *second], both.contradictions(), false);
            add(&[*first, *second], both.without_effect(), false);
        }
    }
    mistakes
}

/// All breakers of the program count the failures of a window, so `window` has an effect.
const WITH_THRESHOLD: CircuitBreakerOptions =
    CircuitBreakerOptions { failure_threshold: Some(1), ..CircuitBreakerOptions::NONE };

/// Mistakes in the table of a function or a policy with all four kinds of layers.
fn mistakes_in_layers() -> Vec<Mistake> {
    let mut all = mistakes("retry.", RetryOptions::NONE);
    all.extend(mistakes("circuit_breaker.", WITH_THRESHOLD));
    all.extend(mistakes("bulkhead.", BulkheadOptions::NONE));
    all
}

fn wrong_timeout(value: &str, offset: usize, message: &str) -> Mistake {
    Mistake {
        entries: vec![entry("", "timeout", value)],
        blamed: "timeout".to_owned(),
        offset,
        reasons: Vec::new(),
        message: message.to_owned(),
        is_wrong_value: true,
    }
}

/// A time of `shop::own` that is longer than the limit around it.
fn too_long(prefix: &str, name: &str) -> Mistake {
    let layer = match prefix {
        "retry." => RetryOptions::OPTIONS,
        _ => BulkheadOptions::OPTIONS,
    };
    let others = layer.iter().filter(|option| option.name != name);
    let others = others.map(|option| format!("{prefix}{}", option.name));
    Mistake {
        entries: vec![entry(prefix, name, "'6s'")],
        blamed: format!("{prefix}{name}"),
        offset: 0,
        reasons: others.chain([String::from("timeout")]).collect(),
        message: format!("this `{name}` (6s) can never pass"),
        is_wrong_value: true,
    }
}

/// Returns the entries of both mistakes, each key once; `None` if the mistakes can't be made
/// together.
fn together(first: &Mistake, second: &Mistake) -> Option<Vec<Entry>> {
    let sets = |mistake: &Mistake, key: &str| mistake.entries.iter().any(|it| it.key == key);
    let interferes = |one: &Mistake, other: &Mistake| {
        one.reasons.iter().any(|key| sets(other, key) && !sets(one, key))
    };
    if interferes(first, second) || interferes(second, first) {
        return None;
    }
    let mut entries = first.entries.clone();
    for entry in &second.entries {
        match entries.iter().find(|known| known.key == entry.key) {
            None => entries.push(entry.clone()),
            Some(known) if known == entry => {}
            Some(_) => return None,
        }
    }
    Some(entries)
}

/// Checks that each mistake is reported alone and together with every other mistake, and that
/// nothing changes.
fn assert_all_pairs_are_reported(table: &str, mistakes: &[Mistake]) {
    let before = registry().to_toml();
    let assert_reported = |entries: &[Entry], expected: &[&Mistake]| {
        let lines: Vec<_> = entries.iter().map(|it| format!("{} = {}", it.key, it.value)).collect();
        let text = format!("[{table}]\n{}\n", lines.join("\n"));
        let error = registry().configure(&text).expect_err(&text);
        for mistake in expected {
            let index = entries.iter().position(|entry| entry.key == mistake.blamed);
            let line = index.expect("a mistake blames one of its entries") + 2;
            let column = mistake.blamed.len() + " = ".len() + mistake.offset + 1;
            let is_reported = error.diagnostics().iter().any(|found| {
                (found.line(), found.column()) == (line, column)
                    && found.message().starts_with(&mistake.message)
            });
            assert!(is_reported, "{text}\nnot reported at {line}:{column}: {mistake:?}\n{error}");
        }
        if expected.iter().all(|mistake| mistake.is_wrong_value) {
            assert_eq!(error.diagnostics().len(), expected.len(), "{text}\n{error}");
        }
    };
    for (index, first) in mistakes.iter().enumerate() {
        assert_reported(&first.entries, &[first]);
        for second in &mistakes[index + 1..] {
            if let Some(entries) = together(first, second) {
                assert_reported(&entries, &[first, second]);
            }
        }
        assert_eq!(registry().to_toml(), before, "{first:?}");
        let pairs = mistakes.iter().filter(|second| together(first, second).is_some()).count();
        assert!(pairs > 1, "no other mistake can be made together with {first:?}");
    }
}

/// Limits of a file that is in force before the mistakes are made.
const IN_FORCE: &str = "[circuit_breaker.payment]\nopen_for = '7s'\n[bulkhead.payment]\n\
    max_concurrent = 3\n[retry.standard]\nmax_attempts = 4\n[retry_budget.retries]\n\
    min_per_sec = 2\n[adaptive_timeout.latency]\nminimum_calls = 30\n[policy.mail]\n\
    timeout = '4s'\n[function.'shop::own']\nbulkhead.max_concurrent = 3\n";

#[tokio::test]
async fn two_mistakes_in_a_circuit_breaker_are_both_reported() {
    let _alone = alone().await;
    configure(IN_FORCE);
    let mistakes = mistakes("", WITH_THRESHOLD);
    assert_all_pairs_are_reported("circuit_breaker.payment", &mistakes);
}

#[tokio::test]
async fn two_mistakes_in_a_bulkhead_are_both_reported() {
    let _alone = alone().await;
    configure(IN_FORCE);
    assert_all_pairs_are_reported("bulkhead.payment", &mistakes("", BulkheadOptions::NONE));
}

#[tokio::test]
async fn two_mistakes_in_a_retry_policy_are_both_reported() {
    let _alone = alone().await;
    configure(IN_FORCE);
    assert_all_pairs_are_reported("retry.standard", &mistakes("", RetryOptions::NONE));
}

#[tokio::test]
async fn two_mistakes_in_a_retry_budget_are_both_reported() {
    let _alone = alone().await;
    configure(IN_FORCE);
    assert_all_pairs_are_reported("retry_budget.retries", &mistakes("", RetryBudgetOptions::NONE));
}

#[tokio::test]
async fn two_mistakes_in_an_adaptive_timeout_are_both_reported() {
    let _alone = alone().await;
    configure(IN_FORCE);
    let mistakes = mistakes("", AdaptiveTimeoutOptions::NONE);
    assert_all_pairs_are_reported("adaptive_timeout.latency", &mistakes);
}

#[tokio::test]
async fn two_mistakes_in_a_policy_are_both_reported() {
    let _alone = alone().await;
    configure(IN_FORCE);
    let mut mistakes = mistakes_in_layers();
    mistakes.extend([
        wrong_timeout("'0s'", 0, "`timeout` must be longer than zero"),
        wrong_timeout("true", 0, "`timeout` must be a duration"),
    ]);
    assert_all_pairs_are_reported("policy.mail", &mistakes);
}

#[tokio::test]
async fn two_mistakes_in_the_attributes_of_a_function_are_both_reported() {
    let _alone = alone().await;
    configure(IN_FORCE);
    let mut mistakes = mistakes_in_layers();
    mistakes.extend([
        wrong_timeout("['0s', '1s']", 1, "`timeout` must be longer than zero"),
        wrong_timeout("['5s', '0s']", 7, "`timeout` must be longer than zero"),
        wrong_timeout("['5s', true]", 7, "`timeout` must be a duration"),
        wrong_timeout("'1s'", 0, "`shop::own` has 2 layers of this kind"),
        too_long("retry.", "max_elapsed"),
        too_long("bulkhead.", "max_wait"),
    ]);
    assert_all_pairs_are_reported("function.'shop::own'", &mistakes);
}
