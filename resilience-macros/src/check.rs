//! What only shows when the layers are seen together, or beside the function. Rules only.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{FnArg, Pat};

use crate::args::{Answer, Fallback, Layer, LayerKind, Timeout};
use crate::item::Item;
use crate::report::Report;
use crate::stack::Stack;

pub(crate) fn stack(stack: &Stack, item: &Item, report: &mut Report) {
    one_retry(stack, report);
    something_can_fail(stack, report);
    inner_timeouts_are_shorter(stack, report);
    arguments_can_be_passed_on(stack, item, report);
    what_is_detached_borrows_nothing(stack, item, report);
}

/// Two retries multiply: 3 attempts of 3 attempts are 9 calls.
fn one_retry(stack: &Stack, report: &mut Report) {
    let mut retries = stack.layers.iter().filter(|layer| matches!(layer.kind, LayerKind::Retry(_)));
    if retries.next().is_some()
        && let Some(second) = retries.next()
    {
        let message = if second.name() == "resilient" {
            "two retries in one stack, this policy's and another: the attempts would multiply, or the inner one never act; keep one"
        } else {
            "two `#[retry]` in one stack: the attempts would multiply, or the inner one never act; keep one"
        };
        report.at(second.span, message);
    }
}

/// What stands around a fallback that can't fail, with nothing between that can, would never act.
fn something_can_fail(stack: &Stack, report: &mut Report) {
    let mut can_fail = true;
    for layer in stack.layers.iter().rev() {
        let acts_on_failure = match &layer.kind {
            LayerKind::Retry(retry) => retry.when_ok.is_none(),
            LayerKind::CircuitBreaker(breaker) => breaker.when_ok.is_none(),
            LayerKind::Fallback(_) => true,
            LayerKind::Timeout(_) | LayerKind::Bulkhead(_) => false,
        };
        if acts_on_failure && !can_fail {
            report.at(
                layer.span,
                format!(
                    "this `#[{}]` can never act: the `#[fallback(value = …)]` inside it turns every failure into an `Ok`; put it \
                     below the fallback",
                    layer.name()
                ),
            );
            return;
        }
        match &layer.kind {
            LayerKind::Fallback(fallback) => can_fail = !always_answers(fallback),
            LayerKind::Timeout(_) | LayerKind::Bulkhead(_) | LayerKind::CircuitBreaker(_) => can_fail = true,
            LayerKind::Retry(_) => {}
        }
    }
}

fn always_answers(fallback: &Fallback) -> bool {
    fallback.when.is_none() && fallback.answers.iter().any(|answer| matches!(answer, Answer::Value(_)))
}

/// An inner limit as long as the outer one never passes first, unless a retry between starts it anew.
fn inner_timeouts_are_shorter(stack: &Stack, report: &mut Report) {
    let mut outer: Option<&Timeout> = None;
    for layer in &stack.layers {
        match &layer.kind {
            LayerKind::Timeout(inner) => {
                if let Some(outer) = outer
                    && let (Some(around), Some(within)) = (outer.limit.literal(), inner.limit.literal())
                    && within >= around
                {
                    report.push(syn::Error::new_spanned(
                        &inner.limit,
                        format!(
                            "this limit ({within:?}) can never pass: the `#[timeout]` around it ends the call after {around:?}; make it \
                             shorter, or remove it"
                        ),
                    ));
                }
                // One that is known only at the call says nothing about those inside it.
                if inner.limit.literal().is_some() {
                    outer = Some(inner);
                }
            }
            LayerKind::Retry(_) => outer = None,
            LayerKind::CircuitBreaker(_) | LayerKind::Bulkhead(_) | LayerKind::Fallback(_) => {}
        }
    }
}

/// A fallback by path is called with the function's own arguments, so each must have a name.
fn arguments_can_be_passed_on(stack: &Stack, item: &Item, report: &mut Report) {
    let by_path = stack.layers.iter().any(|layer| match &layer.kind {
        LayerKind::Fallback(fallback) => {
            fallback.answers.iter().any(|answer| matches!(answer, Answer::Function(_)))
        }
        _ => false,
    });
    if !by_path {
        return;
    }
    for pattern in item.parameters() {
        if !matches!(pattern, Pat::Ident(ident) if ident.subpat.is_none() && ident.by_ref.is_none()) {
            report.push(syn::Error::new_spanned(
                pattern,
                "`#[fallback(path)]` passes this argument on, and can't by a pattern: give it a name and take it apart in the body",
            ));
        }
    }
}

/// Work that goes on without the caller can't use what is the caller's.
fn what_is_detached_borrows_nothing(stack: &Stack, item: &Item, report: &mut Report) {
    let is_detached =
        |layer: &Layer| matches!(&layer.kind, LayerKind::Timeout(Timeout { detached: Some(_), .. }));
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

/// Whether a type has a reference or a lifetime in it, other than `'static`.
fn borrows(ty: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = ty.into_iter().collect();
    let is_quote =
        |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == '\'');
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
