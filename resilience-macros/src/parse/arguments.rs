//! From tokens to a list of arguments: `positional, key = value, clone(a, b)`.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use resilience_options::duration;
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::visit_mut::{self, VisitMut};
use syn::{BinOp, Error, Expr, Ident, Lit, Path, Token};

use crate::diagnostics::{Diagnostics, Reported};
use crate::syntax::{path_of, ungrouped};
use crate::wording::source_text;

pub(super) enum Argument {
    Positional(Expr),
    Named(Ident, Expr),
}

impl Argument {
    /// The key; `None` for a positional argument.
    pub(super) fn key(&self) -> Option<String> {
        match self {
            Self::Positional(_) => None,
            Self::Named(key, _) => Some(key.to_string()),
        }
    }

    pub(super) const fn value(&self) -> &Expr {
        match self {
            Self::Positional(value) | Self::Named(_, value) => value,
        }
    }
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
        return match with_hyphens(&written) {
            Some(message) => Err(Error::new_spanned(&written, message)),
            None => Ok(Argument::Positional(written)),
        };
    }
    Err(match path_of(&written).and_then(Path::get_ident) {
        // `key: value`, `key => value`, `key value`
        Some(key) => {
            let value = value_of_pair(&input.fork());
            input.error(format!("expected `=`: write `{key} = {value}`"))
        }
        None => no_comma(input),
    })
}

/// The value in `key: value`, `key => value` or `key value`.
fn value_of_pair(input: ParseStream<'_>) -> String {
    let mut value = TokenStream::new();
    while let Ok(token) = input.parse::<TokenTree>() {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => break,
            TokenTree::Punct(punct) if value.is_empty() && ":=>".contains(punct.as_char()) => {}
            _ => value.extend([token]),
        }
    }
    if value.is_empty() { String::from("value") } else { source_text(value) }
}

/// The message about `max-attempts = 3`.
fn with_hyphens(written: &Expr) -> Option<String> {
    let Expr::Assign(pair) = written else { return None };
    let key = joined_by_hyphens(&pair.left)?;
    let value = source_text(&pair.right);
    Some(format!("an argument's name has underscores: write `{key} = {value}`"))
}

fn joined_by_hyphens(written: &Expr) -> Option<String> {
    match written {
        Expr::Binary(pair) if matches!(pair.op, BinOp::Sub(_)) => {
            Some(format!("{}_{}", joined_by_hyphens(&pair.left)?, joined_by_hyphens(&pair.right)?))
        }
        other => path_of(other).and_then(Path::get_ident).map(ToString::to_string),
    }
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
    refuse_spelling_of_number(input)?;
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

/// `500 ms`, `50%`, `.5s`
fn refuse_spelling_of_number(input: ParseStream<'_>) -> syn::Result<()> {
    let ahead = input.fork();
    let dot: Option<Token![.]> = ahead.parse()?;
    let Ok(number) = ahead.parse::<Lit>() else { return Ok(()) };
    let (Lit::Int(_) | Lit::Float(_)) = &number else { return Ok(()) };
    let (tokens, message) = if dot.is_some() {
        (
            quote!(#dot #number),
            format!("a number starts with a digit: write `0.{number}`", number = quote!(#number)),
        )
    } else if let Ok(percent) = ahead.parse::<Token![%]>()
        && ends(&ahead)
    {
        let share = percentage(&number);
        (quote!(#number #percent), format!("a share is written as a fraction: write `{share:?}`"))
    } else if let Ok(unit) = ahead.parse::<Ident>()
        && let Some(message) = spaced(&number, &unit)
    {
        (quote!(#number #unit), message)
    } else {
        return Ok(());
    };
    input.advance_to(&ahead);
    Err(Error::new_spanned(tokens, message))
}

/// `50` → `0.5`
fn percentage(number: &Lit) -> f64 {
    let percent: f64 = match number {
        Lit::Int(int) => int.base10_parse().unwrap_or(50.0),
        Lit::Float(float) => float.base10_parse().unwrap_or(50.0),
        _ => 50.0,
    };
    (percent * 1e7).round() / 1e9
}

/// The message about `500 ms` and `5 seconds`.
fn spaced(number: &Lit, unit: &Ident) -> Option<String> {
    let (digits, unit) = (number.to_token_stream().to_string(), unit.to_string());
    match duration::from_parts(&digits, &unit) {
        Ok(_) => Some(format!("a duration has no space before its unit: write `{digits}{unit}`")),
        Err(error) => duration::is_like_a_unit(&unit).then(|| error.to_string()),
    }
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
