//! What only shows when the layers are seen beside the function.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{FnArg, Pat};

use crate::args::{Answer, Layer, LayerKind, Plan, Policy, Subject, Timeout};
use crate::item::{Item, begins_path, mentions};
use crate::report::{Report, did_you_mean, list};
use crate::stack::Stack;

/// A fallback by path is called with the function's own arguments, so each must have a name.
pub(super) fn arguments_can_be_passed_on(stack: &Stack, item: &Item, report: &mut Report) {
    let passes_on = |layer: &&Layer| match &layer.kind {
        LayerKind::Fallback(fallback) => {
            fallback.answers.iter().any(|answer| matches!(answer, Answer::Function(_)))
        }
        _ => false,
    };
    let Some(layer) = stack.layers.iter().find(passes_on) else { return };
    let how = if layer.name() == "resilient" { "fallback = path" } else { "#[fallback(path)]" };
    for pattern in item.parameters() {
        if !matches!(pattern, Pat::Ident(ident) if ident.subpat.is_none() && ident.by_ref.is_none())
        {
            report.push(syn::Error::new_spanned(
                pattern,
                format!("`{how}` passes this argument on, and can't by a pattern: give it a name and take it apart in the body"),
            ));
        }
    }
}

/// Work that goes on without the caller can't use what is the caller's.
pub(super) fn what_is_detached_borrows_nothing(stack: &Stack, item: &Item, report: &mut Report) {
    let is_detached = |layer: &Layer| {
        matches!(&layer.kind, LayerKind::Timeout(Timeout { detached: Some(_), .. }))
    };
    if !stack.layers.iter().any(is_detached) {
        return;
    }
    for input in &item.signature.inputs {
        let (ty, mend) = match input {
            FnArg::Receiver(receiver) => (receiver.to_token_stream(), "take `self: Arc<Self>`"),
            FnArg::Typed(typed) => (typed.ty.to_token_stream(), "take it by value, or in an `Arc`"),
        };
        if borrows(ty) {
            report.push(syn::Error::new_spanned(
                input,
                format!(
                    "`cancel = false` lets the work go on when the caller is gone, so it can't borrow: {mend}"
                ),
            ));
        }
    }
}

/// `clone(…)` is about parameters, where those are all there is to clone: a function that returns a future may have more.
pub(super) fn parameters_are_cloned(stack: &Stack, item: &Item, report: &mut Report) {
    if item.signature.asyncness.is_none() {
        return;
    }
    let patterns = item.parameters();
    let names: Vec<String> = patterns
        .iter()
        .filter_map(|pattern| match pattern {
            Pat::Ident(named) => Some(named.ident.to_string()),
            _ => None,
        })
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for layer in &stack.layers {
        let LayerKind::Retry(retry) = &layer.kind else { continue };
        for name in &retry.clone {
            if mentions(quote!(#(#patterns)*), &name.to_string()) {
                continue;
            }
            if name == "self" {
                report.at(
                    name.span(),
                    "`clone(…)` takes parameters, and can't give another `self`: clone it in the body",
                );
                continue;
            }
            let hint = did_you_mean(&name.to_string(), &names)
                .unwrap_or_else(|| format!("it has {}", list(&names)));
            report.at(
                name.span(),
                format!(
                    "`clone(…)` takes parameters, and `{}` has no `{name}`: {hint}",
                    item.signature.ident
                ),
            );
        }
    }
}

/// What is the function's own is built once, before any call, from constants.
pub(super) fn limits_are_constants(stack: &Stack, item: &Item, report: &mut Report) {
    let patterns = item.parameters();
    let patterns = quote!(#(#patterns)*);
    for layer in &stack.layers {
        let builder = match &layer.kind {
            LayerKind::CircuitBreaker(Policy { subject: Subject::Own(builder), .. })
            | LayerKind::Bulkhead(Policy { subject: Subject::Own(builder), .. }) => builder,
            LayerKind::Retry(retry) => match &retry.plan {
                Plan::Inline(inline) => &inline.constants(),
                Plan::Shared(_) | Plan::Of(_) => continue,
            },
            _ => continue,
        };
        for (key, value) in &builder.0 {
            let mut tokens = value.clone().into_iter();
            if let Some(TokenTree::Ident(first)) = tokens.next()
                && !begins_path(tokens.next().as_ref())
                && (first == "self" || mentions(patterns.clone(), &first.to_string()))
            {
                report.push(syn::Error::new_spanned(
                    value,
                    format!("`{key}` is laid down once, before any call, and `{first}` is known only at the call: write a constant"),
                ));
            }
        }
    }
}

/// What many calls share is declared once, and does not come with one of them.
pub(super) fn what_is_shared_is_no_parameter(stack: &Stack, item: &Item, report: &mut Report) {
    let patterns = item.parameters();
    let patterns = quote!(#(#patterns)*);
    for layer in &stack.layers {
        let LayerKind::Retry(retry) = &layer.kind else { continue };
        let (path, ty) = match &retry.plan {
            Plan::Shared(path) => (path, "RetryPolicy"),
            Plan::Inline(inline) => match &inline.budget {
                Some(path) => (path, "RetryBudget"),
                None => continue,
            },
            Plan::Of(_) => continue,
        };
        if let Some(name) = path.get_ident()
            && (name == "self" || mentions(patterns.clone(), &name.to_string()))
        {
            report.at(
                name.span(),
                format!(
                    "`{name}` comes with the call, and this is shared by many: name a `static {ty}`"
                ),
            );
        }
    }
}

/// Whether a type has a reference or a lifetime in it, other than `'static`.
fn borrows(ty: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = ty.into_iter().collect();
    let is_quote = |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == '\'');
    tokens.iter().enumerate().any(|(index, token)| {
        let next = tokens.get(index + 1);
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '&' => !is_quote(next),
            TokenTree::Punct(_) if is_quote(Some(token)) => {
                !matches!(next, Some(TokenTree::Ident(name)) if name == "static")
            }
            TokenTree::Group(group) => borrows(group.stream()),
            _ => false,
        }
    })
}
