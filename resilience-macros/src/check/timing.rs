//! Limits, waits and attempts that an outer timeout keeps from ever acting, and limits that outlast
//! a probe. The configuration applies the same rules to a file.

use std::time::Duration;

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use resilience_options::timing::{NeverActs, TimedLayer, never_act};
use syn::Error;

use crate::diagnostics::Diagnostics;
use crate::model::{CircuitBreaker, Layer, LayerKind, Limit, WrittenOptions};

pub(super) fn every_layer_can_act(layers: &[Layer], diagnostics: &mut Diagnostics) {
    let timed: Vec<TimedLayer<'_>> = layers.iter().map(timed).collect();
    for NeverActs { layer, keys, message, .. } in never_act(&timed) {
        diagnostics.push(Error::new_spanned(blamed(&layers[layer], keys), message));
    }
}

fn timed(layer: &Layer) -> TimedLayer<'_> {
    match &layer.kind {
        LayerKind::Timeout(timeout) => TimedLayer::Timeout {
            limit: timeout.known_limit(),
            detached: timeout.detached.is_some(),
        },
        LayerKind::Retry(retry) => match retry.inline() {
            Some(inline) => TimedLayer::Retry {
                options: &inline.options.values,
                unknown: &inline.options.unknown,
            },
            None => TimedLayer::SharedRetry,
        },
        LayerKind::Bulkhead(bulkhead) => TimedLayer::Waiting {
            max_wait: bulkhead.subject.own().and_then(|own| max_wait(own, own.values.max_wait)),
        },
        LayerKind::RateLimiter(limiter) => TimedLayer::Waiting {
            max_wait: limiter.subject.own().and_then(|own| max_wait(own, own.values.max_wait)),
        },
        LayerKind::CircuitBreaker(breaker) => {
            TimedLayer::CircuitBreaker { probe_timeout: probe_timeout(breaker) }
        }
        LayerKind::Fallback(_) => TimedLayer::Untimed,
    }
}

/// The time after which a probe of the function's own breaker loses its place, if it is known.
fn probe_timeout(breaker: &CircuitBreaker) -> Option<Duration> {
    let own = breaker.subject.own()?;
    let source = own.values.probe_timeout.map_or("open_for", |_| "probe_timeout");
    (!own.unknown.contains(&source)).then(|| own.values.probe_timeout())
}

/// The longest wait, if it is written and known.
fn max_wait<O>(own: &WrittenOptions<O>, written: Option<Duration>) -> Option<Duration> {
    written.filter(|_| !own.unknown.contains(&"max_wait"))
}

/// The tokens to blame: the value of the first key that is written. A limit has no key. A layer
/// without any of the keys is blamed by its attribute's name.
fn blamed(layer: &Layer, keys: &[&str]) -> TokenStream {
    if let LayerKind::Timeout(timeout) = &layer.kind
        && let Limit::Written(limit) = &timeout.limit
    {
        return limit.to_token_stream();
    }
    let written = layer.kind.options();
    let first = keys.iter().find_map(|key| written.iter().find(|option| option.name == *key));
    first.map_or_else(
        || Ident::new(layer.name(), layer.span).into_token_stream(),
        |option| option.value.to_token_stream(),
    )
}
