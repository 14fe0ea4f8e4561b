//! A value in our units and with our meaning, as the user would write it.

use std::time::Duration;

use resilience_options::duration::{self, format};
use syn::{Expr, ExprLit, Lit};

use crate::predicate::{as_closure, is_variant};
use crate::syntax::{path_of, unwrapped};
use crate::wording::source_text;

/// Meaning of a value in another library.
#[derive(Clone, Copy, Debug)]
pub(super) enum Meaning {
    /// The message does not repeat the value.
    Any,
    /// A number, path or word with the same meaning as ours.
    Same,
    /// A number of calls.
    Count,
    /// A number of repetitions, without the first call.
    Repetitions,
    /// A share, or a percentage.
    Share,
    /// A share that is less than 1: `0.5`.
    Fraction,
    /// The share of successes.
    Successes,
    /// `true`
    Yes,
    /// `false`
    No,
    /// A duration, or a number in the unit that the name gives.
    Time,
    /// A number of milliseconds.
    Millis,
    /// A number of seconds.
    Seconds,
    /// A number of minutes.
    Minutes,
    /// A function, by its path or by its name in quotes.
    Function,
    /// A predicate that is true for what our key matches.
    Predicate,
    /// A predicate that is false for what our key matches.
    NotPredicate,
}

/// The value as text; `None` if it does not have this meaning.
pub(super) fn translated(
    meaning: Meaning,
    written: &Expr,
    unit: Option<Duration>,
) -> Option<String> {
    let written = unwrapped(written);
    match meaning {
        Meaning::Any => Some(String::new()),
        Meaning::Same => Some(plain(written)),
        Meaning::Count => count(written),
        Meaning::Repetitions => match number(written) {
            Some(number) => whole(number).map(|number| number.saturating_add(1).to_string()),
            None => count(written).map(|count| format!("{count} + 1")),
        },
        Meaning::Share => share(written).map(|share| format!("{share:?}")),
        Meaning::Successes => share(written).map(|share| format!("{:?}", rounded(1.0 - share))),
        Meaning::Yes => is_bool(written, true).then(String::new),
        Meaning::No => is_bool(written, false).then(String::new),
        Meaning::Fraction => {
            number(written).filter(|share| *share < 1.0).map(|share| format!("{share:?}"))
        }
        Meaning::Millis => time(written, Some(Duration::from_millis(1))),
        Meaning::Seconds => time(written, Some(Duration::from_secs(1))),
        Meaning::Minutes => time(written, Some(Duration::from_secs(60))),
        Meaning::Time => time(written, unit),
        Meaning::Function => function(written),
        Meaning::Predicate => Some(predicate(written)),
        Meaning::NotPredicate => Some(inverted(written)),
    }
}

/// The value without quotes around a number or a duration.
fn plain(written: &Expr) -> String {
    match text(written) {
        Some(text) if text.parse::<f64>().is_ok() || duration::parse(&text).is_ok() => text,
        _ => source_text(written),
    }
}

fn text(written: &Expr) -> Option<String> {
    match written {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

fn is_bool(written: &Expr, expected: bool) -> bool {
    match written {
        Expr::Lit(ExprLit { lit: Lit::Bool(value), .. }) => value.value == expected,
        _ => text(written).is_some_and(|text| text == expected.to_string()),
    }
}

/// A number without a unit.
fn number(written: &Expr) -> Option<f64> {
    match written {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) if !is_unit(int.suffix()) => {
            int.base10_digits().parse().ok()
        }
        Expr::Lit(ExprLit { lit: Lit::Float(float), .. }) if !is_unit(float.suffix()) => {
            float.base10_digits().parse().ok()
        }
        _ => text(written)?.trim_end_matches('%').parse().ok(),
    }
}

fn is_unit(suffix: &str) -> bool {
    duration::UNIT_NAMES.contains(&suffix)
}

fn count(written: &Expr) -> Option<String> {
    match written {
        Expr::Lit(_) => whole(number(written)?).map(|number| number.to_string()),
        other => is_value(other).then(|| source_text(other)),
    }
}

/// Returns true for an expression that may be a number or a duration.
fn is_value(written: &Expr) -> bool {
    !matches!(written, Expr::Closure(_) | Expr::Tuple(_) | Expr::Array(_))
        && time_constructed(written).is_none()
        && !source_text(written).starts_with("Duration::")
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked before")]
fn whole(number: f64) -> Option<u64> {
    let is_whole = number >= 0.0 && number.fract() == 0.0 && number < 1e15;
    is_whole.then_some(number as u64)
}

/// `50` → `0.5`, `0.5` → `0.5`
fn share(written: &Expr) -> Option<f64> {
    let number = number(written)?;
    let is_percentage = number > 1.0 || text(written).is_some_and(|text| text.ends_with('%'));
    Some(if is_percentage { rounded(number / 100.0) } else { number })
}

fn rounded(share: f64) -> f64 {
    (share * 1e9).round() / 1e9
}

fn time(written: &Expr, unit: Option<Duration>) -> Option<String> {
    if let Some(number) = number(written) {
        let guessed =
            if number < 100.0 { Duration::from_secs(1) } else { Duration::from_millis(1) };
        return Some(shown(scaled(number, unit.unwrap_or(guessed))?));
    }
    if let Some(text) = text(written) {
        return duration::parse(&text).ok().or_else(|| iso(&text)).map(shown);
    }
    match time_constructed(written) {
        Some(time) => Some(shown(time)),
        None if matches!(written, Expr::Lit(_)) => {
            source_text(written).chars().next()?.is_ascii_digit().then(|| source_text(written))
        }
        None => {
            (!matches!(written, Expr::Closure(_) | Expr::Array(_))).then(|| source_text(written))
        }
    }
}

fn scaled(number: f64, unit: Duration) -> Option<Duration> {
    Duration::try_from_secs_f64(number * unit.as_secs_f64())
        .ok()
        .map(|time| Duration::from_micros(u64::try_from(time.as_micros()).unwrap_or(u64::MAX)))
}

/// Seconds up to some minutes: `60s` rather than `1min`.
fn shown(time: Duration) -> String {
    match time.subsec_nanos() {
        0 if time.as_secs() < 600 => format!("{}s", time.as_secs()),
        _ => format(time),
    }
}

/// `PT30S`, `PT1M`, `PT0.5S`
fn iso(text: &str) -> Option<Duration> {
    let text = text.strip_prefix("PT")?;
    let unit = text.chars().last()?;
    let number: f64 = text.strip_suffix(unit)?.parse().ok()?;
    let unit = match unit {
        'S' => 1,
        'M' => 60,
        'H' => 3600,
        _ => return None,
    };
    scaled(number, Duration::from_secs(unit))
}

/// `Duration.ofSeconds(5)`, `TimeSpan.FromSeconds(5)`, `timedelta(seconds = 5)`
fn time_constructed(written: &Expr) -> Option<Duration> {
    let (name, argument) = match written {
        Expr::MethodCall(call) if path_of(&call.receiver).is_some() => {
            (call.method.to_string(), call.args.first()?)
        }
        Expr::Call(call) => match call.args.first()? {
            Expr::Assign(named) => (source_text(&named.left), &*named.right),
            _ => return None,
        },
        _ => return None,
    };
    let unit = match name.to_lowercase().trim_start_matches("of").trim_start_matches("from") {
        "millis" | "milliseconds" => Duration::from_millis(1),
        "seconds" | "secs" => Duration::from_secs(1),
        "minutes" => Duration::from_secs(60),
        "hours" => Duration::from_secs(3600),
        _ => return None,
    };
    scaled(number(argument)?, unit)
}

fn function(written: &Expr) -> Option<String> {
    match text(written) {
        Some(text) => syn::parse_str::<syn::Path>(&text).ok().map(|_| text),
        None => Some(source_text(written)),
    }
}

/// A predicate over the error, from a function, a variant, or the outcome of a predicate.
fn predicate(written: &Expr) -> String {
    let text = match text(written) {
        Some(name) if syn::parse_str::<syn::Path>(&name).is_ok() => return name,
        Some(_) => return String::from("|error| …"),
        None => source_text(written),
    };
    match written {
        Expr::Closure(_) => text,
        Expr::Path(path) if !is_variant(&path.path) => text,
        other => as_closure(other, "error").unwrap_or_else(|| String::from("|error| …")),
    }
}

/// A predicate that is true where this one is false.
fn inverted(written: &Expr) -> String {
    match predicate(written) {
        function if !function.starts_with('|') => format!("|error| !{function}(error)"),
        _ => String::from("|error| !…"),
    }
}
