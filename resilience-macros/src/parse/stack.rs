//! From one attribute to the whole stack: the attribute that rustc reaches first takes the others
//! off the function.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{Attribute, Error, Meta, Path, Result};

use super::layer;
use crate::attribute::AttributeKind;
use crate::diagnostics::Diagnostics;
use crate::input::{Function, Parameters};
use crate::markers;
use crate::model::{LayerKind, RetryPlan, Stack};
use crate::syntax::mentions;

/// Reads `#[first(arguments)]` and every attribute of ours that is left on the function.
pub(crate) fn stack(
    first: AttributeKind,
    arguments: TokenStream,
    function: &mut Function,
    diagnostics: &mut Diagnostics,
) -> Stack {
    let mut stack = Stack::default();
    // Located at the attribute, with the hygiene of the user's code.
    let span = Span::call_site().resolved_at(function.signature.fn_token.span);
    if mentions(function.body.stream(), markers::FUNCTION) {
        diagnostics.at(span, reached_too_late(first));
        return stack;
    }
    layer::read(first, span, arguments, &mut stack, diagnostics);
    for (kind, attribute) in take_off(function, stack.options.runtime.as_ref()) {
        let path = attribute.path();
        match tokens_of(&attribute) {
            Ok(arguments) => {
                layer::read(kind, span_of(path), arguments, &mut stack, diagnostics);
            }
            Err(error) => {
                diagnostics.push(error);
            }
        }
        stack.taken.push(path.clone());
    }
    mark_computed(&mut stack, function);
    stack
}

/// Finds the numbers of inline retries that only the call knows.
fn mark_computed(stack: &mut Stack, function: &Function) {
    let parameters = Parameters::of(function, &TokenStream::new());
    for layer in &mut stack.layers {
        if let LayerKind::Retry(retry) = &mut layer.kind
            && let RetryPlan::Inline(inline) = &mut retry.plan
        {
            inline.mark_computed(|written| parameters.are_used_in(written));
        }
    }
}

fn reached_too_late(first: AttributeKind) -> String {
    format!(
        "this `#[{0}]` has a name that the other attributes do not recognise, and would become \
         the outermost layer: write `#[{0}]` or `#[resilience::{0}]`; for a renamed crate, write \
         `crate = that_name` in the first attribute",
        first.name()
    )
}

/// Takes our attributes off the function, in written order.
fn take_off(function: &mut Function, runtime: Option<&Path>) -> Vec<(AttributeKind, Attribute)> {
    let mut taken = Vec::new();
    function.attributes.retain(|attribute| {
        let kind = AttributeKind::of(attribute.path(), runtime);
        taken.extend(kind.map(|kind| (kind, attribute.clone())));
        kind.is_none()
    });
    taken
}

/// `#[retry]`, `#[retry(…)]`
fn tokens_of(attribute: &Attribute) -> Result<TokenStream> {
    match &attribute.meta {
        Meta::Path(_) => Ok(TokenStream::new()),
        Meta::List(list) => Ok(list.tokens.clone()),
        Meta::NameValue(pair) => {
            let name = pair.path.to_token_stream();
            Err(Error::new_spanned(
                pair,
                format!("expected the arguments in parentheses: write `#[{name}(…)]`"),
            ))
        }
    }
}

fn span_of(path: &Path) -> Span {
    path.segments.last().map_or_else(Span::call_site, |segment| segment.ident.span())
}
