//! `0,5s`: a decimal comma, which rustc reads as the end of an argument.

use proc_macro2::Ident;
use quote::quote;
use resilience_options::Kind;
use syn::{Error, Expr, ExprLit, Lit, LitInt};

use super::arguments::Argument;
use crate::attribute::AttributeKind;

/// The error about two arguments that are one number with a decimal comma.
pub(super) fn decimal_comma(
    attribute: AttributeKind,
    before: &Argument,
    behind: &Argument,
) -> Option<Error> {
    let (key, whole) = match before {
        Argument::Named(key, value) => (Some(key), integer(value)?),
        Argument::Positional(value) => (None, integer(value)?),
    };
    let Argument::Positional(behind) = behind else { return None };
    let fraction = integer(behind)?;
    let is_meant = match key {
        None => attribute == AttributeKind::Timeout,
        Some(key) => takes_fraction(attribute, key),
    };
    if !is_meant || !whole.suffix().is_empty() {
        return None;
    }
    let number = format!("{whole}.{fraction}");
    let written = key.map_or_else(|| number.clone(), |key| format!("{key} = {number}"));
    Some(Error::new_spanned(
        quote!(#whole, #fraction),
        format!("a decimal point is a point: write `{written}`"),
    ))
}

fn integer(written: &Expr) -> Option<&LitInt> {
    match written {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => Some(int),
        _ => None,
    }
}

fn takes_fraction(attribute: AttributeKind, key: &Ident) -> bool {
    let kind = attribute.options().iter().find(|option| key == option.name);
    kind.is_some_and(|option| matches!(option.kind, Kind::Float | Kind::Duration))
}
