//! Rules about layers together.

use quote::ToTokens;
use syn::{Error, Expr};

use crate::attribute::AttributeKind;
use crate::diagnostics::Diagnostics;
use crate::model::{Layer, LayerKind, Subject};

/// Two retries multiply: 3 attempts of 3 attempts each are 9 calls.
pub(super) fn at_most_one_retry(layers: &[Layer], diagnostics: &mut Diagnostics) {
    let mut retries = layers.iter().filter(|layer| matches!(layer.kind, LayerKind::Retry(_)));
    if retries.next().is_some()
        && let Some(second) = retries.next()
    {
        let message = if second.attribute == AttributeKind::Resilient {
            "two retries in one stack, this policy's and another: the attempts would multiply, or \
             the inner one never act; keep one"
        } else {
            "two `#[retry]` in one stack: the attempts would multiply, or the inner one never act; \
             keep one"
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
            && acts_on_failures_only(&layer.kind)
        {
            diagnostics.at(layer.span, never_acts(layer, inner));
            return;
        }
        match &layer.kind {
            LayerKind::Fallback(fallback) => {
                answering = fallback.always_answers().then_some(layer);
            }
            LayerKind::Timeout(_) | LayerKind::Bulkhead(_) | LayerKind::CircuitBreaker(_) => {
                answering = None;
            }
            LayerKind::Retry(_) => {}
        }
    }
}

fn acts_on_failures_only(kind: &LayerKind) -> bool {
    match kind {
        LayerKind::Retry(retry) => retry.when_ok.is_none(),
        LayerKind::CircuitBreaker(breaker) => breaker.when_ok.is_none(),
        LayerKind::Fallback(_) => true,
        LayerKind::Timeout(_) | LayerKind::Bulkhead(_) => false,
    }
}

fn never_acts(layer: &Layer, inner: &Layer) -> String {
    let (name, inner) = (layer.name(), inner.name());
    let fix = match &layer.kind {
        LayerKind::Fallback(_) => String::from("keep one of the two"),
        _ => format!("write the `#[{name}]` below the `#[{inner}]`"),
    };
    format!(
        "this `#[{name}]` can never act: the `value = …` of the `#[{inner}]` inside it turns every \
         failure into an `Ok`; {fix}"
    )
}

/// A bulkhead inside itself waits for a slot that its own call holds; a circuit breaker inside
/// itself takes the only probe from its own call.
pub(super) fn nothing_encloses_itself(layers: &[Layer], diagnostics: &mut Diagnostics) {
    let shared: Vec<_> = layers.iter().filter_map(Shared::of).collect();
    for (index, inner) in shared.iter().enumerate() {
        if !shared[..index].iter().any(|outer| outer.is_same(inner)) {
            continue;
        }
        let message = if inner.attribute == AttributeKind::Bulkhead {
            "this bulkhead stands around itself: each call would take two of its places, and wait \
             for itself when there is one left; keep one"
        } else {
            "this circuit breaker stands around itself: each call would count twice, and its probe \
             would leave itself no place; keep one"
        };
        diagnostics.push(Error::new_spanned(inner.path, message));
    }
}

/// A circuit breaker or bulkhead that a layer names by a path.
struct Shared<'a> {
    attribute: AttributeKind,
    path: &'a Expr,
}

impl<'a> Shared<'a> {
    fn of(layer: &'a Layer) -> Option<Self> {
        let subject = match &layer.kind {
            LayerKind::CircuitBreaker(breaker) => &breaker.subject,
            LayerKind::Bulkhead(bulkhead) => &bulkhead.subject,
            LayerKind::Timeout(_) | LayerKind::Retry(_) | LayerKind::Fallback(_) => return None,
        };
        match subject {
            Subject::Expression(path @ Expr::Path(_)) => {
                Some(Self { attribute: layer.attribute, path })
            }
            Subject::Expression(_) | Subject::OfPolicy | Subject::Own(_) => None,
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        let text = |path: &Expr| path.to_token_stream().to_string();
        self.attribute == other.attribute && text(self.path) == text(other.path)
    }
}
