//! What only shows when the layers are seen together, or beside the function. Rules only.

mod delays;
mod function;
mod waits;

use quote::ToTokens;
use syn::Expr;

use crate::args::{Answer, Fallback, Layer, LayerKind, Policy, Subject};
use crate::item::Item;
use crate::report::Report;
use crate::stack::Stack;

pub(crate) fn stack(stack: &Stack, item: &Item, report: &mut Report) {
    one_retry(stack, report);
    something_can_fail(stack, report);
    nothing_stands_around_itself(stack, report);
    waits::are_shorter_than_timeouts_around(&stack.layers, report);
    function::arguments_can_be_passed_on(stack, item, report);
    function::what_is_detached_borrows_nothing(stack, item, report);
    function::parameters_are_cloned(stack, item, report);
    function::limits_are_constants(stack, item, report);
    function::what_is_shared_is_no_parameter(stack, item, report);
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
    let mut answering: Option<&Layer> = None;
    for layer in stack.layers.iter().rev() {
        let acts_on_failure = match &layer.kind {
            LayerKind::Retry(retry) => retry.when_ok.is_none(),
            LayerKind::CircuitBreaker(breaker) => breaker.when_ok.is_none(),
            LayerKind::Fallback(_) => true,
            LayerKind::Timeout(_) | LayerKind::Bulkhead(_) => false,
        };
        if let Some(inner) = answering
            && acts_on_failure
        {
            let (name, inner) = (layer.name(), inner.name());
            let mend = match &layer.kind {
                LayerKind::Fallback(_) => String::from("keep one of the two"),
                _ => format!("write the `#[{name}]` below the `#[{inner}]`"),
            };
            report.at(
                layer.span,
                format!(
                    "this `#[{name}]` can never act: the `value = …` of the `#[{inner}]` inside it turns every failure into an `Ok`; {mend}"
                ),
            );
            return;
        }
        match &layer.kind {
            LayerKind::Fallback(fallback) => answering = always_answers(fallback).then_some(layer),
            LayerKind::Timeout(_) | LayerKind::Bulkhead(_) | LayerKind::CircuitBreaker(_) => {
                answering = None
            }
            LayerKind::Retry(_) => {}
        }
    }
}

fn always_answers(fallback: &Fallback) -> bool {
    fallback.when.is_none()
        && fallback.answers.iter().any(|answer| matches!(answer, Answer::Value(_)))
}

/// A call that is in already would have to get in once more: it waits for its own place, or takes the one probe from itself.
fn nothing_stands_around_itself(stack: &Stack, report: &mut Report) {
    for (index, layer) in stack.layers.iter().enumerate() {
        let Some((kind, path)) = shared(layer) else { continue };
        let name = path.to_token_stream().to_string();
        let same = |other: &Layer| {
            shared(other)
                .is_some_and(|(of, path)| of == kind && path.to_token_stream().to_string() == name)
        };
        if stack.layers[..index].iter().any(same) {
            let why = if kind == "bulkhead" {
                "each call would take two of its places, and wait for itself when there is one left"
            } else {
                "each call would count twice, and its probe would leave itself no place"
            };
            report.push(syn::Error::new_spanned(
                path,
                format!("this {kind} stands around itself: {why}; keep one"),
            ));
        }
    }
}

/// The breaker or bulkhead that a layer names.
fn shared(layer: &Layer) -> Option<(&'static str, &Expr)> {
    let (kind, policy): (_, &Policy) = match &layer.kind {
        LayerKind::CircuitBreaker(breaker) => ("circuit breaker", breaker),
        LayerKind::Bulkhead(bulkhead) => ("bulkhead", bulkhead),
        LayerKind::Timeout(_) | LayerKind::Retry(_) | LayerKind::Fallback(_) => return None,
    };
    match &policy.subject {
        Subject::Given(given @ Expr::Path(_)) => Some((kind, given)),
        Subject::Given(_) | Subject::Of(_) | Subject::Own(_) => None,
    }
}
