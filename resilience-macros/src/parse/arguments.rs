//! From tokens to a list of arguments: `positional, key = value, clone(a, b)`.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use resilience_options::duration::UNIT_NAMES;
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::visit_mut::{self, VisitMut};
use syn::{Error, Expr, Ident, Path, Token};

use crate::diagnostics::{Diagnostics, Reported};
use crate::syntax::{path_of, ungrouped};

pub(super) enum Argument {
    Positional(Expr),
    Named(Ident, Expr),
}

/// Reads all arguments that can be read. The result is an error if there are others.
pub(super) fn read(
    tokens: TokenStream,
    diagnostics: &mut Diagnostics,
) -> (Vec<Argument>, Result<(), Reported>) {
    let (mut arguments, mut complete) = (Vec::new(), Ok(()));
    let list = |input: ParseStream<'_>| {
        while !input.is_empty() {
            match argument(input) {
                Ok(argument) => arguments.push(argument),
                Err(error) => {
                    complete = Err(diagnostics.push(error));
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
        complete = Err(diagnostics.push(error));
    }
    (arguments, complete)
}

/// Skips to the next `, key =` or to the end. A comma alone may be part of the broken argument, as
/// in a closure.
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
    if is_named(input) { named(input) } else { positional(input) }
}

fn positional(input: ParseStream<'_>) -> syn::Result<Argument> {
    let written = expression(input)?;
    if ends(input) {
        return Ok(Argument::Positional(written));
    }
    Err(match path_of(&written).and_then(Path::get_ident) {
        // `key: value`, `key value`
        Some(key) => input.error(format!("expected `=`: write `{key} = value`")),
        None => no_comma(input),
    })
}

fn named(input: ParseStream<'_>) -> syn::Result<Argument> {
    let key = input.call(Ident::parse_any)?;
    input.parse::<Token![=]>()?;
    if ends(input) {
        return Err(Error::new(key.span(), format!("expected a value after `{key} =`")));
    }
    let written = expression(input)?;
    if ends(input) { Ok(Argument::Named(key, written)) } else { Err(no_comma(input)) }
}

fn ends(input: ParseStream<'_>) -> bool {
    input.is_empty() || input.peek(Token![,])
}

fn no_comma(input: ParseStream<'_>) -> Error {
    input.error(
        "expected a comma or the end of the arguments, as in `key = value, other_key = value`",
    )
}

fn expression(input: ParseStream<'_>) -> syn::Result<Expr> {
    refuse_space_before_unit(input)?;
    let mut written = input.parse()?;
    let mut exit = Exit(None);
    exit.visit_expr_mut(&mut written);
    match exit.0 {
        None => Ok(ungrouped(written)),
        Some(span) => Err(Error::new(
            span,
            "`?` and `return` are not allowed in attribute arguments: they would bypass the outer \
             layers. Write them in the body, or in the closure of a fallback, `|failure| …`",
        )),
    }
}

/// `500 ms`
fn refuse_space_before_unit(input: ParseStream<'_>) -> syn::Result<()> {
    let ahead = input.fork();
    if let Expr::Lit(number) = &ahead.parse()?
        && let Ok(unit) = ahead.parse::<Ident>()
        && UNIT_NAMES.iter().any(|name| unit == name)
    {
        input.advance_to(&ahead);
        return Err(Error::new_spanned(
            quote!(#number #unit),
            format!(
                "a duration has no space before its unit: write `{}{unit}`",
                number.to_token_stream()
            ),
        ));
    }
    Ok(())
}

/// The `?` or `return` at which an expression leaves the function.
struct Exit(Option<Span>);

impl VisitMut for Exit {
    fn visit_expr_mut(&mut self, written: &mut Expr) {
        match written {
            Expr::Try(tried) => self.0 = Some(tried.question_token.span),
            Expr::Return(returned) => self.0 = Some(returned.return_token.span),
            // An exit inside leaves these, not the function.
            Expr::Closure(_) | Expr::Async(_) => return,
            _ => {}
        }
        visit_mut::visit_expr_mut(self, written);
    }
}
