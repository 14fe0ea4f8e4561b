//! Values of arguments: durations, numbers, and keywords.

use std::time::Duration;

use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Error, Expr, ExprLit, Lit, Path, Result};

use crate::model::{Keyword, WrittenDuration, WrittenNumber};
use crate::syntax::path_of;
use crate::wording::{did_you_mean, list, nearest, one_of};

/// Units of durations, in seconds.
pub(super) const UNITS: [(&str, f64); 6] =
    [("ns", 1e-9), ("us", 1e-6), ("ms", 1e-3), ("s", 1.0), ("min", 60.0), ("h", 3600.0)];

/// Other names of the units.
const UNIT_ALIASES: [(&str, &[&str]); 5] = [
    ("us", &["µs", "μs", "micros"]),
    ("ms", &["millis", "msec", "milliseconds"]),
    ("s", &["sec", "secs", "second", "seconds"]),
    ("min", &["mins", "minute", "minutes"]),
    ("h", &["hr", "hrs", "hour", "hours"]),
];

/// `500ms`, or any expression of type `Duration`.
pub(super) fn duration(written: Expr) -> Result<WrittenDuration> {
    let known = match &written {
        Expr::Lit(ExprLit { lit, .. }) => Some(literal(lit)?),
        Expr::Unary(unary)
            if matches!(unary.op, syn::UnOp::Neg(_)) && matches!(*unary.expr, Expr::Lit(_)) =>
        {
            return Err(Error::new_spanned(unary, "a duration can't be negative"));
        }
        other => {
            if let Some(literal) = with_unit(other.to_token_stream()) {
                return Err(Error::new(
                    literal.span(),
                    format!(
                        "a unit is for a duration that stands by itself: in an expression write \
                         `Duration::from_…`, not `{literal}`"
                    ),
                ));
            }
            constructed(other)
        }
    };
    Ok(WrittenDuration::new(written, known))
}

/// The first `500ms` among these tokens.
fn with_unit(tokens: TokenStream) -> Option<Literal> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Literal(literal) => {
            let suffix = match Lit::new(literal.clone()) {
                Lit::Int(int) => int.suffix().to_owned(),
                Lit::Float(float) => float.suffix().to_owned(),
                _ => return None,
            };
            UNITS.iter().any(|(unit, _)| *unit == suffix).then_some(literal)
        }
        TokenTree::Group(group) => with_unit(group.stream()),
        TokenTree::Ident(_) | TokenTree::Punct(_) => None,
    })
}

/// `Duration::from_secs(5)`, `Duration::ZERO`
fn constructed(written: &Expr) -> Option<Duration> {
    let (called, argument) = match written {
        Expr::Call(call) if call.args.len() == 1 => (path_of(&call.func)?, call.args.first()),
        other => (path_of(other)?, None),
    };
    let mut segments = called.segments.iter().rev();
    let name = segments.next()?.ident.to_string();
    if segments.next()?.ident != "Duration" {
        return None;
    }
    let number = match argument {
        Some(Expr::Lit(ExprLit { lit: Lit::Int(int), .. })) => int.base10_parse::<u64>().ok(),
        _ => None,
    };
    match (name.as_str(), number) {
        ("ZERO", None) => Some(Duration::ZERO),
        ("from_secs", Some(number)) => Some(Duration::from_secs(number)),
        ("from_millis", Some(number)) => Some(Duration::from_millis(number)),
        ("from_micros", Some(number)) => Some(Duration::from_micros(number)),
        ("from_nanos", Some(number)) => Some(Duration::from_nanos(number)),
        _ => None,
    }
}

/// `500ms`
fn literal(lit: &Lit) -> Result<Duration> {
    let (digits, suffix) = match lit {
        Lit::Int(int) => (int.base10_digits(), int.suffix()),
        Lit::Float(float) => (float.base10_digits(), float.suffix()),
        Lit::Str(text) if text.parse::<Lit>().is_ok_and(|inside| literal(&inside).is_ok()) => {
            return Err(Error::new_spanned(
                lit,
                format!("a duration stands without quotes: write `{}`", text.value()),
            ));
        }
        _ => {
            return Err(Error::new_spanned(
                lit,
                "expected a duration, as in `500ms`, `1.5s` or `2min`, or an expression of type \
                 `Duration`",
            ));
        }
    };
    if suffix.is_empty() {
        return Err(Error::new_spanned(
            lit,
            format!(
                "`{lit}` of what? Write the unit: `{digits}s`, `{digits}ms` or `{digits}min`",
                lit = lit.to_token_stream()
            ),
        ));
    }
    let Some((_, unit)) = UNITS.iter().find(|(name, _)| *name == suffix) else {
        return Err(Error::new_spanned(
            lit,
            format!("`{suffix}` is no unit of time: {}", unit_hint(digits, suffix)),
        ));
    };
    let value: f64 = digits.parse().map_err(|_| Error::new_spanned(lit, "this is no number"))?;
    // Rounded to nanoseconds: the nearest `f64` of 0.1 s is a little off, the duration is not.
    Duration::try_from_secs_f64(value * unit)
        .map_err(|_| Error::new_spanned(lit, "this is longer than any clock can tell"))
}

/// The suggestion for `5secs`.
fn unit_hint(digits: &str, suffix: &str) -> String {
    if suffix == "m" {
        return format!("write `{digits}min` for minutes, `{digits}ms` for milliseconds");
    }
    let known = UNITS.map(|(name, _)| name);
    let by_alias = UNIT_ALIASES.iter().find(|(_, aliases)| aliases.contains(&suffix));
    match by_alias.map(|(unit, _)| *unit).or_else(|| nearest(suffix, &known)) {
        Some(unit) => format!("write `{digits}{unit}`"),
        None => format!("the units are {}", list(&known)),
    }
}

/// `3`, or any constant expression.
pub(super) fn number(key: &str, written: Expr) -> Result<WrittenNumber> {
    let literal = match &written {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) if matches!(int.suffix(), "" | "u32") => {
            Some(int.base10_parse().map_err(|_| {
                Error::new_spanned(&written, format!("`{key}` can be at most {}", u32::MAX))
            })?)
        }
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => {
            return Err(Error::new_spanned(
                &written,
                format!("`{key}` is a plain number: write `{}`", int.base10_digits()),
            ));
        }
        Expr::Lit(_) | Expr::Closure(_) => {
            return Err(Error::new_spanned(
                written,
                format!("`{key}` is a whole number, as in `{key} = 3`"),
            ));
        }
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => {
            return Err(Error::new_spanned(unary, format!("`{key}` can't be negative")));
        }
        _ => None,
    };
    Ok(WrittenNumber::new(written, literal))
}

/// A literal like `0.5` must be in the range. Only rustc knows the value of another expression.
pub(super) fn float(
    key: &str,
    written: &Expr,
    in_range: fn(f64) -> bool,
    range: &str,
) -> Result<()> {
    let message = match written {
        Expr::Lit(ExprLit { lit: Lit::Float(float), .. })
            if matches!(float.suffix(), "" | "f64") =>
        {
            if float.base10_parse().is_ok_and(|float: f64| float.is_finite() && in_range(float)) {
                return Ok(());
            }
            format!("`{key}` must be {range}")
        }
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. })
            if int.base10_parse::<u32>().is_ok_and(|int| in_range(int.into())) =>
        {
            format!("`{key}` is a floating-point number: write `{int}.0`")
        }
        Expr::Lit(ExprLit { lit: Lit::Int(_), .. }) => format!("`{key}` must be {range}"),
        Expr::Lit(_) | Expr::Closure(_) => format!("`{key}` is a floating-point number, {range}"),
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => {
            format!("`{key}` must be {range}")
        }
        _ => return Ok(()),
    };
    Err(Error::new_spanned(written, message))
}

/// The factor between one delay and the next.
pub(super) fn factor(key: &str, written: &Expr) -> Result<()> {
    float(
        key,
        written,
        |factor| factor >= 1.0,
        "at least 1.0, and finite: with less each would be shorter than the one before",
    )
}

/// One of a few words, as in `jitter = none`.
pub(super) fn keyword<T: Keyword>(key: &str, written: &Expr) -> Result<T> {
    let found = path_of(written).and_then(Path::get_ident).map(ToString::to_string);
    if let Some(value) = T::ALL.iter().find(|value| found.as_deref() == Some(value.keyword())) {
        return Ok(*value);
    }
    let known: Vec<&str> = T::ALL.iter().map(|value| value.keyword()).collect();
    let message = match found {
        Some(found) => {
            let hint =
                did_you_mean(&found, &known).unwrap_or_else(|| format!("it is {}", one_of(&known)));
            format!("`{key}` can't be `{found}`: {hint}")
        }
        None => format!("`{key}` is one word: {}", one_of(&known)),
    };
    Err(Error::new_spanned(written, message))
}
