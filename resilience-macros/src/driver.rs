//! The stages of an expansion, from the attribute that rustc reaches first to the new function.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Error, Item, parse_quote};

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
    let start = item.clone().into_iter().next();
    let start = start.map_or_else(Span::call_site, |token| token.span());
    Error::new(
        Span::call_site().resolved_at(start),
        format!("`#[{}]` only applies to async functions{fix}", first.name()),
    )
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
