//! From one attribute to its layers.

use proc_macro2::{Span, TokenStream};

use super::reader::Reader;
use super::{
    bulkhead, circuit_breaker, fallback, rate_limiter, resilient, retry, stack_options, timeout,
};
use crate::attribute::AttributeKind;
use crate::diagnostics::{Diagnostics, Reported};
use crate::model::{Layer, LayerKind, Stack};

/// Reads one attribute and adds its layers to the stack, outside to inside.
pub(super) fn read(
    attribute: AttributeKind,
    span: Span,
    arguments: TokenStream,
    stack: &mut Stack,
    diagnostics: &mut Diagnostics,
) {
    stack.options.arguments.extend(arguments.clone());
    let mut reader = Reader::new(attribute, span, arguments, diagnostics);
    stack_options::read(&mut reader, &mut stack.options);
    let kinds = layer_kinds(attribute, &mut reader, stack);
    let mentioned = reader.finish();
    stack.options.mentioned.extend(mentioned.flat_map(|item| stack_options::named_in(&item)));
    let layers = kinds.into_iter().flatten().map(|kind| Layer { attribute, kind, span });
    stack.layers.extend(layers);
}

fn layer_kinds(
    attribute: AttributeKind,
    reader: &mut Reader<'_>,
    stack: &mut Stack,
) -> Result<Vec<LayerKind>, Reported> {
    Ok(vec![match attribute {
        AttributeKind::Resilient => {
            let (policy, layers) = resilient::read(reader)?;
            stack.policy = Some(policy);
            return Ok(layers);
        }
        AttributeKind::Timeout => LayerKind::Timeout(timeout::read(reader)?),
        AttributeKind::Retry => LayerKind::Retry(Box::new(retry::read(reader)?)),
        AttributeKind::CircuitBreaker => {
            LayerKind::CircuitBreaker(Box::new(circuit_breaker::read(reader)?))
        }
        AttributeKind::Bulkhead => LayerKind::Bulkhead(bulkhead::read(reader)?),
        AttributeKind::RateLimiter => LayerKind::RateLimiter(rate_limiter::read(reader)?),
        AttributeKind::Fallback => LayerKind::Fallback(fallback::read(reader)?),
    }])
}
