//! The kinds of value an argument can have.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{Error, Expr, ExprLit, Lit, Result};

use super::reader::path_of;
use crate::report::{list, nearest, one_of};

/// `500ms`, or any expression of type `Duration`.
pub(crate) struct Duration {
    written: Expr,
    literal: Option<std::time::Duration>,
}

const UNITS: [(&str, f64); 6] =
    [("ns", 1e-9), ("us", 1e-6), ("ms", 1e-3), ("s", 1.0), ("min", 60.0), ("h", 3600.0)];

impl Duration {
    pub(crate) fn parse(written: Expr) -> Result<Self> {
        let literal = match &written {
            Expr::Lit(ExprLit { lit, .. }) => Some(literal(lit)?),
            Expr::Unary(unary)
                if matches!(unary.op, syn::UnOp::Neg(_)) && matches!(*unary.expr, Expr::Lit(_)) =>
            {
                return Err(Error::new_spanned(unary, "a duration can't be negative"));
            }
            _ => None,
        };
        Ok(Self { written, literal })
    }

    /// The value, if it was written as a literal.
    pub(crate) const fn literal(&self) -> Option<std::time::Duration> {
        self.literal
    }

    /// What was written, if its value is not known here.
    pub(crate) const fn computed(&self) -> Option<&Expr> {
        if self.literal.is_none() { Some(&self.written) } else { None }
    }

    /// As an expression of type `Duration`; constant if it was a literal.
    pub(crate) fn expression(&self) -> TokenStream {
        match self.literal {
            Some(literal) => {
                let (seconds, nanos) = (literal.as_secs(), literal.subsec_nanos());
                quote_spanned!(self.written.span()=> ::core::time::Duration::new(#seconds, #nanos))
            }
            None => self.written.to_token_stream(),
        }
    }
}

impl ToTokens for Duration {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.written.to_tokens(tokens);
    }
}

fn literal(lit: &Lit) -> Result<std::time::Duration> {
    let (digits, suffix) = match lit {
        Lit::Int(int) => (int.base10_digits(), int.suffix()),
        Lit::Float(float) => (float.base10_digits(), float.suffix()),
        _ => {
            return Err(Error::new_spanned(
                lit,
                "expected a duration, as in `500ms`, `1.5s` or `2min`, without quotes",
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
        let hint = match suffix {
            "m" => String::from("did you mean `min`, or `ms`?"),
            other => {
                let known = UNITS.map(|(name, _)| name);
                nearest(other, &known).unwrap_or_else(|| format!("the units are {}", list(&known)))
            }
        };
        return Err(Error::new_spanned(lit, format!("`{suffix}` is no unit of time: {hint}")));
    };
    let value: f64 = digits.parse().map_err(|_| Error::new_spanned(lit, "this is no number"))?;
    // To the nanosecond: the nearest `f64` of 0.1 s is a little off, its duration is not.
    std::time::Duration::try_from_secs_f64(value * unit)
        .map_err(|_| Error::new_spanned(lit, "this is longer than any clock can tell"))
}

/// `3`, or any constant expression.
pub(crate) struct Number {
    written: Expr,
    literal: Option<u64>,
}

impl Number {
    pub(crate) fn parse(key: &str, written: Expr) -> Result<Self> {
        let literal = match &written {
            Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) if matches!(int.suffix(), "" | "u32") => {
                Some(int.base10_parse()?)
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
        if literal.is_some_and(|literal| literal > u64::from(u32::MAX)) {
            return Err(Error::new_spanned(written, format!("`{key}` can be at most {}", u32::MAX)));
        }
        Ok(Self { written, literal })
    }

    pub(crate) const fn literal(&self) -> Option<u64> {
        self.literal
    }
}

impl ToTokens for Number {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.written.to_tokens(tokens);
    }
}

/// A literal like `0.5` must be in the range; any other expression is left to rustc.
pub(crate) fn float(key: &str, written: &Expr, in_range: fn(f64) -> bool, range: &str) -> Result<()> {
    let message = match written {
        Expr::Lit(ExprLit { lit: Lit::Float(float), .. }) if matches!(float.suffix(), "" | "f64") => {
            if float.base10_parse().is_ok_and(in_range) {
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
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => format!("`{key}` must be {range}"),
        _ => return Ok(()),
    };
    Err(Error::new_spanned(written, message))
}

/// A number that something is multiplied with again and again.
pub(crate) fn factor(key: &str, written: &Expr) -> Result<()> {
    float(
        key,
        written,
        |factor| factor >= 1.0,
        "at least 1.0: with less each delay would be shorter than the one before",
    )
}

/// One of a few words, as in `jitter = none`.
pub(crate) fn word<T: Copy>(key: &str, written: &Expr, words: &[(&'static str, T)]) -> Result<T> {
    let found = path_of(written).and_then(syn::Path::get_ident).map(ToString::to_string);
    if let Some((_, value)) = words.iter().find(|(word, _)| found.as_deref() == Some(word)) {
        return Ok(*value);
    }
    let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let message = match found {
        Some(found) => {
            let hint = nearest(&found, &known).unwrap_or_else(|| format!("it is {}", one_of(&known)));
            format!("`{key}` can't be `{found}`: {hint}")
        }
        None => format!("`{key}` is one word: {}", one_of(&known)),
    };
    Err(Error::new_spanned(written, message))
}
