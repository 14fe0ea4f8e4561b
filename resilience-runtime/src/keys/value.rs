//! The kinds of value a key can have.

use std::time::Duration;

use toml::Spanned;
use toml::de::DeValue;

use super::{Mistakes, duration, nearest};
use crate::circuit_breaker::{Abandon, OpenBackoff};
use crate::retry::{BackoffKind, Jitter, Nested};
use crate::timeout;

/// A value as it stands in the file.
pub(crate) type Written<'t> = Spanned<DeValue<'t>>;

/// What a key can be set to.
pub(crate) trait Value: Copy {
    /// Reads it; `None` with a mistake.
    fn read(key: &str, written: &Written<'_>, mistakes: &mut Mistakes) -> Option<Self>;

    /// As it would stand in a file; `None` for what only code can say.
    fn write(self) -> Option<String>;
}

impl Value for u32 {
    fn read(key: &str, written: &Written<'_>, mistakes: &mut Mistakes) -> Option<Self> {
        let message = match written.get_ref() {
            DeValue::Integer(integer) => {
                match i128::from_str_radix(integer.as_str(), integer.radix()) {
                    Ok(number @ ..0) => format!("`{key}` can't be negative: {number}"),
                    Ok(number) if Self::try_from(number).is_ok() => {
                        return Self::try_from(number).ok();
                    }
                    _ => format!("`{key}` can be at most {}", Self::MAX),
                }
            }
            _ => format!("`{key}` is a whole number, as in `{key} = 3`"),
        };
        mistakes.at(written.span(), message);
        None
    }

    fn write(self) -> Option<String> {
        Some(self.to_string())
    }
}

/// Where a whole number is meant as such, its point may be left out.
impl Value for f64 {
    fn read(key: &str, written: &Written<'_>, mistakes: &mut Mistakes) -> Option<Self> {
        let number = match written.get_ref() {
            DeValue::Float(float) => float.as_str().parse().ok(),
            DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().parse().ok(),
            _ => None,
        };
        if number.is_none() {
            mistakes.at(written.span(), format!("`{key}` is a number, as in `{key} = 1.0`"));
        }
        number
    }

    fn write(self) -> Option<String> {
        Some(format!("{self:?}"))
    }
}

impl Value for Duration {
    fn read(key: &str, written: &Written<'_>, mistakes: &mut Mistakes) -> Option<Self> {
        let read = match written.get_ref() {
            DeValue::String(text) => duration::parse(text),
            DeValue::Integer(number) => Err(duration::without_unit(number.as_str())),
            DeValue::Float(number) => Err(duration::without_unit(number.as_str())),
            _ => Err(format!("`{key}` is a duration, as in `\"500ms\"`, `\"1.5s\"` or `\"2min\"`")),
        };
        read.map_err(|message| mistakes.at(written.span(), message)).ok()
    }

    fn write(self) -> Option<String> {
        Some(write_duration(self))
    }
}

pub(crate) fn write_duration(duration: Duration) -> String {
    format!("\"{}\"", duration::format(duration))
}

/// The limit of a timeout.
pub(crate) fn read_timeout(written: &Written<'_>, mistakes: &mut Mistakes) -> Option<Duration> {
    let limit = Duration::read("timeout", written, mistakes)?;
    if let Some(reason) = timeout::refusal(limit) {
        mistakes.at(written.span(), reason);
        return None;
    }
    Some(limit)
}

/// One of a few words.
fn word<T: Copy>(
    key: &str,
    written: &Written<'_>,
    known: &[(&'static str, T)],
    mistakes: &mut Mistakes,
) -> Option<T> {
    let words: Vec<_> = known.iter().map(|(word, _)| *word).collect();
    let all = words.iter().map(|word| format!("`\"{word}\"`")).collect::<Vec<_>>().join(", ");
    let found = written.get_ref().as_str();
    if let Some((_, value)) = known.iter().find(|(word, _)| Some(*word) == found) {
        return Some(*value);
    }
    let message = match found {
        Some(found) => {
            let hint = nearest(found, &words).unwrap_or_else(|| format!("it is one of {all}"));
            format!("`{key}` can't be `{found}`: {hint}")
        }
        None => format!("`{key}` is one of {all}"),
    };
    mistakes.at(written.span(), message);
    None
}

fn quoted(word: Option<&str>) -> Option<String> {
    word.map(|word| format!("\"{word}\""))
}

macro_rules! words {
    ($type:ident: $($word:literal => $variant:ident),+) => {
        impl Value for $type {
            fn read(key: &str, written: &Written<'_>, mistakes: &mut Mistakes) -> Option<Self> {
                word(key, written, &[$(($word, Self::$variant)),+], mistakes)
            }

            fn write(self) -> Option<String> {
                quoted(match self {
                    $(Self::$variant => Some($word),)+
                    #[allow(unreachable_patterns, reason = "of the types that have more to say in code")]
                    _ => None,
                })
            }
        }
    };
}

words!(Abandon: "ignore" => Ignore, "failure" => Failure);
words!(BackoffKind: "constant" => Constant, "linear" => Linear, "exponential" => Exponential);
words!(Jitter: "full" => Full, "equal" => Equal, "decorrelated" => Decorrelated, "none" => None);
words!(Nested: "collapse" => Collapse, "allow" => Allow);

impl Value for OpenBackoff {
    fn read(key: &str, written: &Written<'_>, mistakes: &mut Mistakes) -> Option<Self> {
        let example = format!(
            "`{key}` is a factor and a longest spell, as in `{key} = {{ factor = 2.0, max = \"5min\" }}`"
        );
        let Some(table) = written.get_ref().as_table() else {
            mistakes.at(written.span(), example);
            return None;
        };
        for part in table.keys().filter(|part| !matches!(part.get_ref().as_ref(), "factor" | "max"))
        {
            mistakes.at(part.span(), format!("`{key}` has no `{}`: {example}", part.get_ref()));
        }
        let (Some(factor), Some(max)) = (table.get("factor"), table.get("max")) else {
            mistakes.at(written.span(), example);
            return None;
        };
        let (factor, max) =
            (f64::read("factor", factor, mistakes), Duration::read("max", max, mistakes));
        Some(Self { factor: factor?, max: max? })
    }

    fn write(self) -> Option<String> {
        Some(format!("{{ factor = {:?}, max = {} }}", self.factor, write_duration(self.max)))
    }
}
