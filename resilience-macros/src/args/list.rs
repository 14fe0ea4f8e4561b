//! Taking an attribute's tokens apart: `positional, key = value, clone(a, b)`.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::visit_mut::{self, VisitMut};
use syn::{Error, Expr, Ident, Path, Token};

use super::reader::path_of;
use super::value::UNITS;
use crate::report::Report;

pub(super) enum Argument {
    Positional(Expr),
    Named(Ident, Expr),
}

/// The arguments that can be read, and whether that is all of them. What can't is in the report.
pub(super) fn arguments(tokens: TokenStream, report: &mut Report) -> (Vec<Argument>, bool) {
    let (mut arguments, mut all) = (Vec::new(), true);
    let list = |input: ParseStream<'_>| {
        while !input.is_empty() {
            match argument(input) {
                Ok(argument) => arguments.push(argument),
                Err(error) => {
                    report.push(error);
                    all = false;
                    skip(input)?;
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    };
    if let Err(error) = list.parse2(tokens) {
        report.push(error);
        all = false;
    }
    (arguments, all)
}

/// To the next `, key =`, or the end: there surely begins another argument, be the broken one a closure with commas of its own.
fn skip(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() {
        let ahead = input.fork();
        if ahead.parse::<Token![,]>().is_ok() && (ahead.is_empty() || is_named(&ahead)) {
            break;
        }
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

fn is_named(input: ParseStream<'_>) -> bool {
    input.peek(Ident::peek_any)
        && input.peek2(Token![=])
        && !input.peek2(Token![==])
        && !input.peek2(Token![=>])
}

fn argument(input: ParseStream<'_>) -> syn::Result<Argument> {
    if !is_named(input) {
        let written = value(input)?;
        if ends(input) {
            return Ok(Argument::Positional(written));
        }
        return Err(match path_of(&written).and_then(Path::get_ident) {
            // `key: value`, `key value`
            Some(key) => input.error(format!("an argument is written `{key} = value`")),
            None => no_comma(input),
        });
    }
    let key = input.call(Ident::parse_any)?;
    input.parse::<Token![=]>()?;
    if ends(input) {
        return Err(Error::new(key.span(), format!("`{key} =` needs a value")));
    }
    let written = value(input)?;
    if ends(input) { Ok(Argument::Named(key, written)) } else { Err(no_comma(input)) }
}

fn ends(input: ParseStream<'_>) -> bool {
    input.is_empty() || input.peek(Token![,])
}

fn no_comma(input: ParseStream<'_>) -> Error {
    input.error(
        "expected a comma, or the end: arguments are separated by commas, each `argument = value`",
    )
}

/// An expression. `500 ms`, which is none, is told from other mistakes.
fn value(input: ParseStream<'_>) -> syn::Result<Expr> {
    let ahead = input.fork();
    let written: Expr = ahead.parse()?;
    if let Expr::Lit(number) = &written
        && let Ok(unit) = ahead.parse::<Ident>()
        && UNITS.iter().any(|(name, _)| unit == name)
    {
        input.advance_to(&ahead);
        return Err(Error::new_spanned(
            quote!(#number #unit),
            format!(
                "a duration is one word: write `{}{unit}`, without the space",
                number.to_token_stream()
            ),
        ));
    }
    let mut written = input.parse()?;
    let mut exit = Exit(None);
    exit.visit_expr_mut(&mut written);
    match exit.0 {
        None => Ok(ungrouped(written)),
        Some(place) => Err(Error::new(
            place,
            "an argument can't end the call, past the layers that stand around: move this into the body, or, for a fallback that may \
             fail, into a closure, `|failure| …`",
        )),
    }
}

/// Where an expression leaves the function that it stands in: at a `?` or `return`.
struct Exit(Option<Span>);

impl VisitMut for Exit {
    fn visit_expr_mut(&mut self, written: &mut Expr) {
        match written {
            Expr::Try(tried) => self.0 = Some(tried.question_token.span),
            Expr::Return(returned) => self.0 = Some(returned.return_token.span),
            // These are left, not the function.
            Expr::Closure(_) | Expr::Async(_) => return,
            _ => {}
        }
        visit_mut::visit_expr_mut(self, written);
    }
}

/// A path, literal or closure that comes from a macro's `$name:expr` or `$name:path` is in a group that can't be seen.
/// Operators stay in theirs, which holds them together.
pub(crate) fn ungrouped(written: Expr) -> Expr {
    match written {
        Expr::Group(group)
            if matches!(
                *group.expr,
                Expr::Path(_) | Expr::Lit(_) | Expr::Closure(_) | Expr::Group(_)
            ) =>
        {
            ungrouped(*group.expr)
        }
        other => other,
    }
}
