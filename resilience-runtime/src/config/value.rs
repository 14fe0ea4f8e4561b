//! Values of options as text in a file.

use std::time::Duration;

use resilience_options::duration::{self, DurationError};
use resilience_options::text;
use resilience_options::{Kind, Value, WordList};
use toml::Spanned;
use toml::de::DeValue;

use super::diagnostics::Diagnostics;
use super::quoted::{Quoted, shortened};

/// Value in the file, with its place.
pub(super) type Written<'t> = Spanned<DeValue<'t>>;

/// Reads the value of an option. Returns `None` after it has reported a mistake.
pub(super) fn read(
    key: &str,
    kind: Kind,
    written: &Written<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Value> {
    let value = match kind {
        Kind::Number => number(key, written).map(Value::Number),
        Kind::Float => float(key, written).map(Value::Float),
        Kind::Duration => duration(key, written).map(Value::Duration),
        Kind::Word(list) => word(key, list, written).map(Value::Word),
        Kind::Switch => switch(key, written).map(Value::Switch),
        Kind::Growth => return growth(key, written, diagnostics),
        Kind::Rate => return rate(key, written, diagnostics),
    };
    value.map_err(|message| diagnostics.at(written.span(), message)).ok()
}

/// Writes a value so that [`read`] can read it; `None` for a value that only code can set.
pub(super) fn write(value: Value) -> Option<String> {
    Some(match value {
        Value::Number(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        Value::Duration(duration) => write_duration(duration),
        Value::Word(word) => format!("\"{word}\""),
        Value::Growth { factor, max } => {
            format!("{{ factor = {factor:?}, max = {} }}", write_duration(max))
        }
        Value::Switch(is_on) => is_on.to_string(),
        Value::Rate { calls, period } => {
            format!("{{ calls = {calls}, period = {} }}", write_duration(period))
        }
        Value::Function => return None,
    })
}

fn write_duration(duration: Duration) -> String {
    format!("\"{}\"", duration::format(duration))
}

fn number(key: &str, written: &Written<'_>) -> Result<u32, String> {
    let DeValue::Integer(integer) = written.get_ref() else {
        return Err(format!("`{key}` must be a whole number, as in `{key} = 3`"));
    };
    match i128::from_str_radix(integer.as_str(), integer.radix()) {
        Ok(number @ ..0) => Err(format!("`{key}` can't be negative: {number}")),
        Ok(number) => u32::try_from(number).map_err(|_| too_large(key)),
        Err(_) => Err(too_large(key)),
    }
}

fn switch(key: &str, written: &Written<'_>) -> Result<bool, String> {
    let expected = || format!("`{key}` must be `true` or `false`");
    written.get_ref().as_bool().ok_or_else(expected)
}

fn too_large(key: &str) -> String {
    format!("`{key}` can be at most {}", u32::MAX)
}

/// Reads a number, with or without a decimal point.
fn float(key: &str, written: &Written<'_>) -> Result<f64, String> {
    let number = match written.get_ref() {
        DeValue::Float(float) => float.as_str().parse().ok(),
        DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().parse().ok(),
        _ => None,
    };
    number.ok_or_else(|| format!("`{key}` must be a number, as in `{key} = 1.0`"))
}

fn duration(key: &str, written: &Written<'_>) -> Result<Duration, String> {
    let missing_unit = |number: &str| Err(DurationError::MissingUnit(shortened(number).into()));
    let read = match written.get_ref() {
        DeValue::String(text) => duration::parse(&shortened(text)),
        DeValue::Integer(number) => missing_unit(number.as_str()),
        DeValue::Float(number) => missing_unit(number.as_str()),
        _ => {
            return Err(format!(
                "`{key}` must be a duration, as in `\"500ms\"`, `\"1.5s\"` or `\"2min\"`"
            ));
        }
    };
    read.map_err(|error| format!("{error:#}"))
}

fn word(key: &str, list: WordList, written: &Written<'_>) -> Result<&'static str, String> {
    let words: Vec<&'static str> = list.names().collect();
    let quoted: Vec<String> = words.iter().map(|word| format!("`\"{word}\"`")).collect();
    let one_of = text::joined(&quoted, "or");
    let Some(found) = written.get_ref().as_str() else {
        return Err(format!("`{key}` must be {one_of}"));
    };
    words.iter().find(|word| **word == found).copied().ok_or_else(|| {
        let hint = text::did_you_mean(found, &words).unwrap_or_else(|| format!("write {one_of}"));
        format!("`{key}` can't be {}: {hint}", Quoted(found))
    })
}

fn growth(key: &str, written: &Written<'_>, diagnostics: &mut Diagnostics) -> Option<Value> {
    let expected = format!(
        "`{key}` must be a factor and a longest spell, as in \
         `{key} = {{ factor = 2.0, max = \"5min\" }}`"
    );
    let parts = [("factor", Kind::Float), ("max", Kind::Duration)];
    match pair(key, written, parts, &expected, diagnostics)? {
        (Value::Float(factor), Value::Duration(max)) => Some(Value::Growth { factor, max }),
        _ => None,
    }
}

fn rate(key: &str, written: &Written<'_>, diagnostics: &mut Diagnostics) -> Option<Value> {
    let expected = format!(
        "`{key}` must be a number of calls and the time for them, as in \
         `{key} = {{ calls = 100, period = \"1min\" }}`"
    );
    let parts = [("calls", Kind::Number), ("period", Kind::Duration)];
    match pair(key, written, parts, &expected, diagnostics)? {
        (Value::Number(calls), Value::Duration(period)) => Some(Value::Rate { calls, period }),
        _ => None,
    }
}

/// Reads a table of two parts.
fn pair(
    key: &str,
    written: &Written<'_>,
    [first, second]: [(&str, Kind); 2],
    expected: &str,
    diagnostics: &mut Diagnostics,
) -> Option<(Value, Value)> {
    let Some(table) = written.get_ref().as_table() else {
        diagnostics.at(written.span(), expected);
        return None;
    };
    let is_part = |part: &str| part == first.0 || part == second.0;
    for part in table.keys().filter(|part| !is_part(part.get_ref())) {
        diagnostics.at_with(part.span(), || {
            format!("unknown key {} in `{key}`: {expected}", Quoted(part.get_ref()))
        });
    }
    let (Some(one), Some(other)) = (table.get(first.0), table.get(second.0)) else {
        diagnostics.at(written.span(), expected);
        return None;
    };
    let one = read(first.0, first.1, one, diagnostics);
    let other = read(second.0, second.1, other, diagnostics);
    Some((one?, other?))
}
