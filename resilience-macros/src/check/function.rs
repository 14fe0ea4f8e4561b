//! Rules about layers and the function under them.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use resilience_options::text::{did_you_mean, list};
use syn::{Error, FnArg, Pat};

use crate::attribute::AttributeKind;
use crate::diagnostics::Diagnostics;
use crate::input::{Bindings, Function, Parameters};
use crate::model::{Layer, LayerKind, Retry, WrittenOption};
use crate::syntax::{begins_path, may_mention};

fn parameters(function: &Function) -> Parameters {
    Parameters::of(function, &TokenStream::new())
}

fn retries(layers: &[Layer]) -> impl Iterator<Item = &Retry> {
    layers.iter().filter_map(|layer| match &layer.kind {
        LayerKind::Retry(retry) => Some(&**retry),
        _ => None,
    })
}

/// A fallback by path is called with the function's own arguments, so each must have a name.
pub(super) fn arguments_can_be_passed_on(
    layers: &[Layer],
    function: &Function,
    diagnostics: &mut Diagnostics,
) {
    let passes_on = |layer: &&Layer| match &layer.kind {
        LayerKind::Fallback(fallback) => fallback.passes_arguments_on(),
        _ => false,
    };
    let Some(layer) = layers.iter().find(passes_on) else { return };
    let how = match layer.attribute {
        AttributeKind::Resilient => "fallback = path",
        _ => "#[fallback(path)]",
    };
    for pattern in function.patterns() {
        let has_name = match pattern {
            Pat::Ident(ident) => ident.subpat.is_none() && ident.by_ref.is_none(),
            _ => false,
        };
        if !has_name {
            diagnostics.push(Error::new_spanned(
                pattern,
                format!(
                    "`{how}` passes this argument on, so the argument needs a name: write a name \
                     instead of a pattern, and destructure it in the body"
                ),
            ));
        }
    }
}

/// Work that outlives its caller can't borrow from it.
pub(super) fn detached_work_borrows_nothing(
    layers: &[Layer],
    function: &Function,
    diagnostics: &mut Diagnostics,
) {
    let is_detached = |layer: &Layer| match &layer.kind {
        LayerKind::Timeout(timeout) => timeout.detached.is_some(),
        _ => false,
    };
    let signature = &function.signature;
    if !layers.iter().any(is_detached) {
        return;
    }
    for input in &function.signature.inputs {
        let (ty, fix) = match input {
            FnArg::Receiver(receiver) => (receiver.to_token_stream(), "take `self: Arc<Self>`"),
            FnArg::Typed(typed) => (typed.ty.to_token_stream(), "take it by value, or in an `Arc`"),
        };
        let is_captured = signature.asyncness.is_some()
            || borrows(signature.output.to_token_stream())
            || is_used_by_future_alone(function, input);
        if borrows(ty) && is_captured {
            diagnostics.push(Error::new_spanned(
                input,
                format!(
                    "with `cancel = false` the work can outlive its caller, so it can't borrow \
                     this argument: {fix}"
                ),
            ));
        }
    }
}

/// Returns true if the tail of a function that returns a future mentions the argument, and no
/// statement before it does: such a statement may make something of it that borrows nothing.
fn is_used_by_future_alone(function: &Function, input: &FnArg) -> bool {
    let names = match input {
        FnArg::Receiver(receiver) => Bindings::of_self(receiver),
        FnArg::Typed(typed) => Bindings::of(&typed.pat),
    };
    let mut before: Vec<TokenTree> = function.body.stream().into_iter().collect();
    let future: TokenStream = before.pop().into_iter().collect();
    let before: TokenStream = before.into_iter().collect();
    let is_used = |tokens: &TokenStream| {
        names.variables.iter().any(|variable| may_mention(tokens, &variable.name))
    };
    is_used(&future) && !is_used(&before)
}

/// `clone(…)` takes parameters. A function that returns a future may have other variables to
/// clone.
pub(super) fn cloned_names_are_parameters(
    layers: &[Layer],
    function: &Function,
    diagnostics: &mut Diagnostics,
) {
    if function.signature.asyncness.is_none() {
        return;
    }
    let parameters = parameters(function);
    for name in retries(layers).flat_map(|retry| &retry.cloned) {
        if !parameters.binds(name) {
            diagnostics.at(name.span(), no_parameter(name, function));
        }
    }
}

/// The message about `clone(name)`.
fn no_parameter(name: &Ident, function: &Function) -> String {
    if name == "self" {
        return String::from(
            "`clone(…)` takes the names of other parameters: clone `self` in the body",
        );
    }
    let names = function.patterns().filter_map(|pattern| match pattern {
        Pat::Ident(named) => Some(named.ident.to_string()),
        _ => None,
    });
    let names: Vec<String> = names.collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let hint = did_you_mean(&name.to_string(), &names)
        .unwrap_or_else(|| format!("its parameters are {}", list(&names)));
    let function = &function.signature.ident;
    format!("`{function}` has no parameter `{name}`: {hint}")
}

/// The function's own policies are built once, before any call, from constants.
pub(super) fn own_limits_are_constants(
    layers: &[Layer],
    function: &Function,
    diagnostics: &mut Diagnostics,
) {
    let parameters = parameters(function);
    for option in layers.iter().flat_map(constants) {
        for value in option.value.constants() {
            let mut tokens = value.to_token_stream().into_iter();
            if let Some(TokenTree::Ident(first)) = tokens.next()
                && !begins_path(tokens.next().as_ref())
                && is_known_at_call(&first, &parameters)
            {
                let name = option.name;
                diagnostics.push(Error::new_spanned(
                    value,
                    format!(
                        "`{name}` is set once for all calls, but `{first}` is only known at the \
                         call: write a constant"
                    ),
                ));
            }
        }
    }
}

/// The options of the layer that are set once, for all calls.
fn constants(layer: &Layer) -> Vec<&WrittenOption> {
    match &layer.kind {
        LayerKind::Retry(retry) => {
            retry.inline().map_or_else(Vec::new, |inline| inline.constants().collect())
        }
        other => other.options().iter().collect(),
    }
}

fn is_known_at_call(name: &Ident, parameters: &Parameters) -> bool {
    name == "self" || parameters.binds(name)
}

/// State that many calls share is declared once, as a `static`.
pub(super) fn shared_state_is_no_parameter(
    layers: &[Layer],
    function: &Function,
    diagnostics: &mut Diagnostics,
) {
    let parameters = parameters(function);
    for retry in retries(layers) {
        let Some(path) = retry.inline().and_then(|inline| inline.budget.as_ref()) else { continue };
        if let Some(name) = path.get_ident()
            && is_known_at_call(name, &parameters)
        {
            diagnostics.at(
                name.span(),
                format!(
                    "`{name}` is a parameter, but calls share one `RetryBudget`: write the name of \
                     a `static RetryBudget`"
                ),
            );
        }
    }
}

/// Returns true if a type contains a reference or a lifetime other than `'static`.
fn borrows(ty: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = ty.into_iter().collect();
    let is_quote = |token: Option<&TokenTree>| match token {
        Some(TokenTree::Punct(punct)) => punct.as_char() == '\'',
        _ => false,
    };
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
