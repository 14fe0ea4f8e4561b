//! Rules about layers together.

use quote::ToTokens;
use syn::{Error, Expr};

use crate::attribute::AttributeKind;
use crate::diagnostics::Diagnostics;
use crate::model::{Layer, LayerKind};

/// Two retries multiply: 3 attempts of 3 attempts each are 9 calls.
pub(super) fn at_most_one_retry(layers: &[Layer], diagnostics: &mut Diagnostics) {
    let mut retries = layers.iter().filter(|layer| matches!(layer.kind, LayerKind::Retry(_)));
    if retries.next().is_some()
        && let Some(second) = retries.next()
    {
        let message = if second.attribute == AttributeKind::Resilient {
            "this policy's retry is the second one of this function: either the inner retry would \
             never act, or the attempts would multiply; keep one"
        } else {
            "this `#[retry]` is the second one of this function: either the inner one would never \
             act, or the attempts would multiply; keep one"
        };
        diagnostics.at(second.span, message);
    }
}

/// A layer that acts on failures never acts around a fallback that can't fail, unless a layer
/// between them can.
pub(super) fn something_inside_can_fail(layers: &[Layer], diagnostics: &mut Diagnostics) {
    let mut answering: Option<&Layer> = None;
    for layer in layers.iter().rev() {
        if let Some(inner) = answering
            && acts_by_class(&layer.kind)
        {
            diagnostics.at(layer.span, never_acts(layer, inner));
            return;
        }
        match &layer.kind {
            LayerKind::Fallback(fallback) => {
                answering = fallback.always_answers().then_some(layer);
            }
            LayerKind::Timeout(_)
            | LayerKind::Bulkhead(_)
            | LayerKind::RateLimiter(_)
            | LayerKind::CircuitBreaker(_) => answering = None,
            LayerKind::Retry(_) => {}
        }
    }
}

/// Returns true if the layer acts on failures alone, and leaves those alone that a fallback passes
/// on: proper answers, and the caller's mistakes.
fn acts_by_class(kind: &LayerKind) -> bool {
    match kind {
        LayerKind::Retry(retry) => retry.when.is_none() && retry.when_ok.is_none(),
        LayerKind::CircuitBreaker(breaker) => breaker.when.is_none() && breaker.when_ok.is_none(),
        LayerKind::Fallback(fallback) => fallback.when.is_none(),
        LayerKind::Timeout(_) | LayerKind::Bulkhead(_) | LayerKind::RateLimiter(_) => false,
    }
}

fn never_acts(layer: &Layer, inner: &Layer) -> String {
    let (name, inner) = (layer.name(), inner.name());
    let fix = match &layer.kind {
        LayerKind::Fallback(_) => String::from("keep one of the two"),
        _ => format!("write the `#[{name}]` below the `#[{inner}]`"),
    };
    format!(
        "this `#[{name}]` can never act: the `value = …` of the inner `#[{inner}]` replaces every \
         failure; {fix}"
    )
}

/// Detached work goes on after its timeout has passed. A retry around it would run the work beside
/// itself, and a bulkhead around it would give the slot of running work to another call.
pub(super) fn detached_work_is_neither_repeated_nor_let_out(
    layers: &[Layer],
    diagnostics: &mut Diagnostics,
) {
    let is_detached = |layer: &Layer| match &layer.kind {
        LayerKind::Timeout(timeout) => timeout.detached.is_some(),
        _ => false,
    };
    let Some(innermost) = layers.iter().rposition(is_detached) else { return };
    let mut blamed_policy = false;
    for layer in &layers[..innermost] {
        let (name, would) = match &layer.kind {
            LayerKind::Retry(_) => ("retry", "run the work beside itself"),
            LayerKind::Bulkhead(_) => ("bulkhead", "give the slot of running work to another call"),
            _ => continue,
        };
        let message = if layer.attribute == AttributeKind::Resilient {
            if std::mem::replace(&mut blamed_policy, true) {
                continue;
            }
            String::from(
                "this policy may have a retry or a bulkhead, around an inner `#[timeout]` with \
                 `cancel = false`, whose work goes on after the limit: a retry would run the work \
                 beside itself, and a bulkhead would give the slot of running work to another \
                 call; write the `#[resilient]` below the `#[timeout]`",
            )
        } else {
            format!(
                "this `#[{name}]` would {would}: the inner `#[timeout]` has `cancel = false`, so \
                 its work goes on after the limit; write the `#[{name}]` below the `#[timeout]`"
            )
        };
        diagnostics.at(layer.span, message);
    }
}

/// A bulkhead inside itself waits for a slot that its own call holds; a circuit breaker inside
/// itself takes the only probe from its own call; a rate limiter inside itself counts each call
/// twice.
pub(super) fn nothing_encloses_itself(layers: &[Layer], diagnostics: &mut Diagnostics) {
    let shared: Vec<_> = layers.iter().filter_map(Shared::of).collect();
    for (index, inner) in shared.iter().enumerate() {
        if !shared[..index].iter().any(|outer| outer.is_same(inner)) {
            continue;
        }
        let message = match inner.attribute {
            AttributeKind::Bulkhead => {
                "this function has the same bulkhead twice: each call would take two of its slots, \
                 and wait for itself if one slot is left; keep one"
            }
            AttributeKind::RateLimiter => {
                "this function has the same rate limiter twice: each call would count twice; keep \
                 one, and write `cost = 2` if a call stands for two"
            }
            _ => {
                "this function has the same circuit breaker twice: each call would count twice, \
                 and a probe would reject itself; keep one"
            }
        };
        diagnostics.push(Error::new_spanned(inner.path, message));
    }
}

/// A circuit breaker, bulkhead or rate limiter that a layer names by a path.
struct Shared<'a> {
    attribute: AttributeKind,
    path: &'a Expr,
}

impl<'a> Shared<'a> {
    fn of(layer: &'a Layer) -> Option<Self> {
        let expression = match &layer.kind {
            LayerKind::CircuitBreaker(breaker) => breaker.subject.expression(),
            LayerKind::Bulkhead(bulkhead) => bulkhead.subject.expression(),
            LayerKind::RateLimiter(limiter) => limiter.subject.expression(),
            LayerKind::Timeout(_) | LayerKind::Retry(_) | LayerKind::Fallback(_) => None,
        };
        let path = expression.filter(|expression| matches!(expression, Expr::Path(_)))?;
        Some(Self { attribute: layer.attribute, path })
    }

    fn is_same(&self, other: &Self) -> bool {
        let text = |path: &Expr| path.to_token_stream().to_string();
        self.attribute == other.attribute && text(self.path) == text(other.path)
    }
}
