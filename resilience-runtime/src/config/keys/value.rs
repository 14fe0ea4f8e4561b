//! The kinds of value a key can have.

use std::time::Duration;

use toml::Spanned;
use toml::de::DeValue;

use super::duration;
use crate::config::diagnostics::Diagnostics;
use crate::config::nearest::nearest;

/// A value as it stands in the file.
pub(crate) type Written<'t> = Spanned<DeValue<'t>>;

/// What a key can be set to.
pub(crate) trait Value: Copy {
    /// Reads it; `None` with a mistake.
    fn read(key: &str, written: &Written<'_>, diagnostics: &mut Diagnostics) -> Option<Self>;

    /// As it would stand in a file; `None` for what only code can say.
    fn write(self) -> Option<String>;
}

impl Value for u32 {
    fn read(key: &str, written: &Written<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
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
        diagnostics.at(written.span(), message);
        None
    }

    fn write(self) -> Option<String> {
        Some(self.to_string())
    }
}

/// Where a whole number is meant as such, its point may be left out.
impl Value for f64 {
    fn read(key: &str, written: &Written<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let number = match written.get_ref() {
            DeValue::Float(float) => float.as_str().parse().ok(),
            DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().parse().ok(),
            _ => None,
        };
        if number.is_none() {
            diagnostics.at(written.span(), format!("`{key}` is a number, as in `{key} = 1.0`"));
        }
        number
    }

    fn write(self) -> Option<String> {
        Some(format!("{self:?}"))
    }
}

impl Value for Duration {
    fn read(key: &str, written: &Written<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let read = match written.get_ref() {
            DeValue::String(text) => duration::parse(text),
            DeValue::Integer(number) => Err(duration::without_unit(number.as_str())),
            DeValue::Float(number) => Err(duration::without_unit(number.as_str())),
            _ => Err(format!("`{key}` is a duration, as in `\"500ms\"`, `\"1.5s\"` or `\"2min\"`")),
        };
        read.map_err(|message| diagnostics.at(written.span(), message)).ok()
    }

    fn write(self) -> Option<String> {
        Some(write_duration(self))
    }
}

pub(crate) fn write_duration(duration: Duration) -> String {
    format!("\"{}\"", duration::format(duration))
}

/// One of a few names.
pub(crate) fn named_value<T: Copy>(
    key: &str,
    written: &Written<'_>,
    known: &[(&'static str, T)],
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    let names: Vec<_> = known.iter().map(|(name, _)| *name).collect();
    let all = names.iter().map(|name| format!("`\"{name}\"`")).collect::<Vec<_>>().join(", ");
    let found = written.get_ref().as_str();
    if let Some((_, value)) = known.iter().find(|(name, _)| Some(*name) == found) {
        return Some(*value);
    }
    let message = match found {
        Some(found) => {
            let hint = nearest(found, &names).unwrap_or_else(|| format!("it is one of {all}"));
            format!("`{key}` can't be `{found}`: {hint}")
        }
        None => format!("`{key}` is one of {all}"),
    };
    diagnostics.at(written.span(), message);
    None
}

pub(crate) fn quoted(name: Option<&str>) -> Option<String> {
    name.map(|name| format!("\"{name}\""))
}

/// The values that have a name each.
macro_rules! named_values {
    ($type:ident: $($name:literal => $variant:ident),+) => {
        impl $crate::config::keys::Value for $type {
            fn read(
                key: &str,
                written: &$crate::config::keys::Written<'_>,
                diagnostics: &mut $crate::config::diagnostics::Diagnostics,
            ) -> Option<Self> {
                $crate::config::keys::named_value(key, written, &[$(($name, Self::$variant)),+], diagnostics)
            }

            fn write(self) -> Option<String> {
                $crate::config::keys::quoted(match self {
                    $(Self::$variant => Some($name),)+
                    #[allow(unreachable_patterns, reason = "of the types that have more to say in code")]
                    _ => None,
                })
            }
        }
    };
}

pub(crate) use named_values;
