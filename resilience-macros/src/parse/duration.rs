//! `500ms`, or any expression of type `Duration`.

use std::time::Duration;

use proc_macro2::{Ident, Literal, TokenStream, TokenTree};
use quote::ToTokens;
use resilience_options::duration::{self, DurationError, UNIT_NAMES};
use syn::{Error, Expr, ExprCall, ExprLit, Lit, Path, Result};

use crate::model::WrittenDuration;
use crate::syntax::{path_of, unwrapped};

/// Reads a duration. Only rustc, or only the call, knows the value of most expressions.
pub(super) fn duration(written: Expr) -> Result<WrittenDuration> {
    let known = match &written {
        Expr::Lit(ExprLit { lit, .. }) => Some(literal(lit)?),
        Expr::Unary(unary)
            if matches!(unary.op, syn::UnOp::Neg(_)) && matches!(*unary.expr, Expr::Lit(_)) =>
        {
            return Err(Error::new_spanned(unary, DurationError::Negative));
        }
        Expr::Call(call) if is_of_negative(call) => {
            return Err(Error::new_spanned(&call.args, DurationError::Negative));
        }
        other => constructed(other),
    };
    Ok(WrittenDuration::new(written, known))
}

/// `500ms`
fn literal(lit: &Lit) -> Result<Duration> {
    if let Some((digits, suffix)) = digits_and_suffix(lit) {
        return duration::from_parts(digits, suffix)
            .map_err(|error| Error::new_spanned(lit, error));
    }
    let message = match lit {
        Lit::Str(text) if duration::parse(&text.value()).is_ok() => {
            format!("a duration is written without quotes: write `{}`", text.value())
        }
        _ => String::from(
            "expected a duration, as in `500ms`, `1.5s` or `2min`, or an expression of type \
             `Duration`",
        ),
    };
    Err(Error::new_spanned(lit, message))
}

/// `1_000ms` → `1000`, `ms`
fn digits_and_suffix(lit: &Lit) -> Option<(&str, &str)> {
    match lit {
        Lit::Int(int) => Some((int.base10_digits(), int.suffix())),
        Lit::Float(float) => Some((float.base10_digits(), float.suffix())),
        _ => None,
    }
}

/// The error about a duration with a unit that is a part of an expression: rustc has no units.
pub(super) fn misplaced_unit(written: &Expr) -> Option<Error> {
    let (literal, value) = match unwrapped(written) {
        Expr::Lit(_) => return None,
        Expr::Unary(unary) if matches!(*unary.expr, Expr::Lit(_)) => return None,
        // `(2.0, 10min)`
        Expr::Tuple(pair) => return pair.elems.iter().find_map(misplaced_unit),
        Expr::Assign(pair) => return misplaced_unit(&pair.right),
        other => with_unit(other.to_token_stream())?,
    };
    Some(not_a_part(&literal, value))
}

fn not_a_part(literal: &Literal, value: Duration) -> Error {
    let message =
        format!("`{literal}` can't be a part of an expression: write `{}`", constructor(value));
    Error::new(literal.span(), message)
}

/// The first `500ms` among these tokens, and its value.
fn with_unit(tokens: TokenStream) -> Option<(Literal, Duration)> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Literal(literal) => {
            let lit = Lit::new(literal.clone());
            let (digits, suffix) = digits_and_suffix(&lit)?;
            let is_unit = UNIT_NAMES.contains(&suffix);
            let value = duration::from_parts(digits, suffix).ok().filter(|_| is_unit)?;
            Some((literal, value))
        }
        TokenTree::Group(group) => with_unit(group.stream()),
        TokenTree::Ident(_) | TokenTree::Punct(_) => None,
    })
}

/// `Duration::from_millis(500)`
fn constructor(value: Duration) -> String {
    let (unit, number) = match (value.subsec_nanos(), value.as_nanos()) {
        (0, _) => ("secs", value.as_secs().into()),
        (_, nanos) if nanos.is_multiple_of(1_000_000) => ("millis", nanos / 1_000_000),
        (_, nanos) if nanos.is_multiple_of(1_000) => ("micros", nanos / 1_000),
        (_, nanos) => ("nanos", nanos),
    };
    format!("Duration::from_{unit}({number})")
}

/// `Duration::from_secs_f64(-1.0)`
fn is_of_negative(call: &ExprCall) -> bool {
    let is_negative = |argument: &Expr| {
        matches!(argument, Expr::Unary(unary)
        if matches!(unary.op, syn::UnOp::Neg(_)) && matches!(*unary.expr, Expr::Lit(_)))
    };
    path_of(&call.func).and_then(of_duration).is_some() && call.args.iter().all(is_negative)
}

/// `Duration::name` → `name`
fn of_duration(path: &Path) -> Option<&Ident> {
    let mut segments = path.segments.iter().rev();
    let name = &segments.next()?.ident;
    (segments.next()?.ident == "Duration").then_some(name)
}

/// `Duration::from_secs(5)`, `Duration::ZERO`
fn constructed(written: &Expr) -> Option<Duration> {
    let (called, argument) = match written {
        Expr::Call(call) if call.args.len() == 1 => (path_of(&call.func)?, call.args.first()),
        other => (path_of(other)?, None),
    };
    let name = of_duration(called)?.to_string();
    let number = match argument {
        Some(Expr::Lit(ExprLit { lit: Lit::Int(int), .. })) => int.base10_parse::<u64>().ok(),
        Some(Expr::Lit(ExprLit { lit: Lit::Float(float), .. })) if name == "from_secs_f64" => {
            return Duration::try_from_secs_f64(float.base10_parse().ok()?).ok();
        }
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
