//! The stages of an expansion, from the attribute that rustc reaches first to the new function.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Block, Error, Expr, Item, Stmt, parse_quote};

use crate::attribute::AttributeKind;
use crate::diagnostics::{CompileErrors, Diagnostics};
use crate::input::{AsyncBody, Function};
use crate::model::Stack;
use crate::{check, expand, markers, parse};

/// Expands `#[first(arguments)]` on `item`, which may have more attributes of ours.
///
/// A function is emitted even if something is wrong, so that its callers compile.
pub(crate) fn expand(
    first: AttributeKind,
    arguments: TokenStream,
    item: &TokenStream,
) -> TokenStream {
    match arguments.to_string().as_str() {
        markers::USED => return TokenStream::new(),
        markers::REPORTED => return item.clone(),
        _ => {}
    }
    match syn::parse2::<Function>(item.clone()) {
        Ok(function) => on_function(first, arguments, function),
        Err(_) if is_expression(item) => {
            let errors = on_code(first, item).into_compile_error();
            quote!({ #errors #item })
        }
        Err(_) if is_statement(item) => {
            let errors = on_code(first, item).into_compile_error();
            quote!(#item #errors)
        }
        Err(error) => {
            let errors = not_a_function(first, item, error).into_compile_error();
            let item = silenced(item);
            quote!(#item #errors)
        }
    }
}

fn on_function(
    first: AttributeKind,
    arguments: TokenStream,
    mut function: Function,
) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let stack = parse::stack(first, arguments, &mut function, &mut diagnostics);
    if diagnostics.is_empty() {
        check::stack(&stack, &function, &mut diagnostics);
    }
    with_layers(&stack, &function, diagnostics)
        .unwrap_or_else(|errors| expand::unexpanded(&stack, &function, &errors))
}

fn with_layers(
    stack: &Stack,
    function: &Function,
    diagnostics: Diagnostics,
) -> Result<TokenStream, CompileErrors> {
    diagnostics.finish()?;
    let body = AsyncBody::find(function)?;
    Ok(expand::function(stack, function, &body))
}

/// Returns true for `call().await?`, `|| { … }` and `{ … }`.
fn is_expression(code: &TokenStream) -> bool {
    syn::parse2::<Expr>(code.clone()).is_ok()
}

/// Returns true for `let answer = …;` and `call();`.
fn is_statement(code: &TokenStream) -> bool {
    let is_local_or_call = |statement: &Stmt| matches!(statement, Stmt::Local(_) | Stmt::Expr(..));
    Block::parse_within.parse2(code.clone()).is_ok_and(|all| all.iter().all(is_local_or_call))
}

/// The error about code inside a function. rustc has reported that an attribute can't be here.
fn on_code(first: AttributeKind, code: &TokenStream) -> Error {
    let message =
        format!("`#[{}]` only applies to async functions: move this code into one", first.name());
    Error::new(span_of_attribute(code), message)
}

/// The error about an item that is no function; the parser's error if rustc would refuse the item
/// in any case.
fn not_a_function(first: AttributeKind, item: &TokenStream, error: Error) -> Error {
    let fix = match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Verbatim(_)) | Err(_) => return error,
        Ok(Item::Impl(_) | Item::Trait(_) | Item::Mod(_)) => {
            ": write it above each function in here that needs it"
        }
        Ok(_) => "",
    };
    Error::new(
        span_of_attribute(item),
        format!("`#[{}]` only applies to async functions{fix}", first.name()),
    )
}

/// The span of the attribute, as a part of the user's code.
fn span_of_attribute(item: &TokenStream) -> Span {
    let start = item.clone().into_iter().next();
    let start = start.map_or_else(Span::call_site, |token| token.span());
    Span::call_site().resolved_at(start)
}

/// The item, with our other attributes on it marked, so that they do not report the same again.
fn silenced(item: &TokenStream) -> TokenStream {
    let silence = |input: ParseStream<'_>| {
        let mut attributes = Attribute::parse_outer(input)?;
        let is_ours =
            |attribute: &&mut Attribute| AttributeKind::of(attribute.path(), None).is_some();
        for attribute in attributes.iter_mut().filter(is_ours) {
            let path = attribute.path();
            let reported = Ident::new(markers::REPORTED, Span::mixed_site());
            attribute.meta = parse_quote!(#path(#reported));
        }
        let rest: TokenStream = input.parse()?;
        Ok(quote!(#(#attributes)* #rest))
    };
    silence.parse2(item.clone()).unwrap_or_else(|_| item.clone())
}
