//! What only shows when the layers are seen together, or beside the function. Rules only.

use syn::Pat;

use crate::args::{Answer, Fallback, LayerKind, Timeout};
use crate::item::Item;
use crate::report::Report;
use crate::stack::Stack;

pub(crate) fn stack(stack: &Stack, item: &Item, report: &mut Report) {
    one_retry(stack, report);
    something_can_fail(stack, report);
    inner_timeouts_are_shorter(stack, report);
    arguments_can_be_passed_on(stack, item, report);
}

/// Two retries multiply: 3 attempts of 3 attempts are 9 calls.
fn one_retry(stack: &Stack, report: &mut Report) {
    let mut retries = stack.layers.iter().filter(|layer| matches!(layer.kind, LayerKind::Retry(_)));
    if retries.next().is_some()
        && let Some(second) = retries.next()
    {
        report.at(
            second.span,
            "two `#[retry]` in one stack: the attempts would multiply, or the inner one never act; keep one",
        );
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
