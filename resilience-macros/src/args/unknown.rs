//! Guessing what was meant by an argument that does not exist.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Expr, Path};

use super::reader::{Reader, path_of};
use super::value::Duration;
use super::{Kind, Layer};
use crate::report::{Report, joined, suggestion, written};

/// What other libraries count in its place: it does not include the first call.
const RETRIES: [&str; 8] = [
    "attempts",
    "max_retries",
    "max_retry_attempts",
    "retries",
    "times",
    "tries",
    "max_times",
    "retry_count",
];

/// What arguments go by in other libraries.
const OTHER_NAMES: [(&str, &[&str]); 8] = [
    (
        "base_delay",
        &[
            "delay",
            "initial_delay",
            "min_delay",
            "initial_interval",
            "interval",
            "initial_backoff",
            "wait",
            "wait_duration",
        ],
    ),
    ("max_delay", &["max_interval", "max_backoff", "max_wait_duration"]),
    ("factor", &["multiplier", "exponential_base"]),
    ("max_elapsed", &["max_elapsed_time", "max_total_delay", "max_duration"]),
    ("when", &["if", "on", "only_if", "retry_if", "retry_on", "condition", "filter", "predicate"]),
    ("failure_threshold", &["failures", "max_failures", "threshold"]),
    ("open_for", &["cooldown", "recovery_timeout", "reset_timeout", "sleep_window"]),
    ("max_concurrent", &["concurrency", "limit", "max_concurrent_calls", "permits", "size"]),
];

/// The arguments that an attribute takes by name: those it asks for.
fn keys(kind: Kind) -> Vec<&'static str> {
    let mut report = Report::default();
    let mut reader = Reader::new(kind, Span::call_site(), TokenStream::new(), &mut report);
    drop(Layer::read(kind, &mut reader));
    reader.into_known()
}

/// What to say of `key = value`, which is none of the `known`.
pub(super) fn key(kind: Kind, key: &Ident, value: &Expr, known: &[&'static str]) -> String {
    let attribute = kind.name();
    let takes: Vec<&str> =
        known.iter().copied().filter(|key| !matches!(*key, "crate" | "name")).collect();
    let name = key.to_string();
    let owners =
        Kind::ALL.into_iter().filter(|other| *other != kind && keys(*other).contains(&&*name));
    let owners: Vec<String> = owners.map(|other| format!("`#[{}]`", other.name())).collect();
    let is_layer = Kind::ALL.iter().any(|kind| kind.name() == name);
    let hint = if kind == Kind::Resilient && (is_layer || !owners.is_empty()) {
        String::from("what the layers do is said where the `static Policy` is declared")
    } else if kind == Kind::Timeout
        && Duration::parse(value.clone()).is_ok_and(|limit| limit.known().is_some())
    {
        format!("the limit stands by itself: write `#[timeout({})]`", written(value))
    } else if name == "clone" && matches!(kind, Kind::Retry | Kind::Resilient) {
        format!("the parameters stand in parentheses: write `clone({})`", written(value))
    } else if kind == Kind::Retry && RETRIES.contains(&&*name) {
        String::from("write `max_attempts`, which counts the first call too")
    } else if let Some((ours, _)) =
        OTHER_NAMES.iter().find(|(ours, others)| known.contains(ours) && others.contains(&&*name))
    {
        format!("here that is `{ours}`")
    } else if !owners.is_empty() {
        format!("that belongs to {}", joined(&owners, "or"))
    } else {
        suggestion(&name, &takes)
    };
    format!("`#[{attribute}]` has no argument `{key}`: {hint}")
}

/// `max_attempts(3)`, `max_attempts == 3`, or `max_attempts` alone, where the attribute takes `max_attempts = 3`.
pub(super) fn key_without_equals(kind: Kind, value: &Expr) -> Option<String> {
    let (path, argument) = match value {
        Expr::Call(call) if call.args.len() == 1 => (path_of(&call.func)?, call.args.first()),
        Expr::Binary(compared) => (path_of(&compared.left)?, Some(&*compared.right)),
        other => (path_of(other)?, None),
    };
    let key = Path::get_ident(path)?;
    // These two may well be what a parameter is called.
    if key == "name" || key == "value" || !keys(kind).iter().any(|known| key == known) {
        return None;
    }
    let argument = argument.map_or_else(|| String::from("…"), written);
    Some(format!("an argument is written `key = value`: `{key} = {argument}`"))
}
