//! Limits below a circuit breaker that are longer than its probes keep their places.

use std::time::Duration;

use resilience_options::timing::{TimedLayer, outlasted_probes};

use crate::limits::{Limit, LimitValue};
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::registry::declared::source::Declared;
use crate::registry::declared::{AnnotatedFunction, Layer, LayerKind};

/// A limit in force that outlasts the probes of a breaker.
pub(super) struct Outlasted {
    pub(super) breaker: &'static str,
    pub(super) probe_timeout: Duration,
    pub(super) limit: Duration,
}

/// Finds such limits in the layers of a function, as they are in force now.
pub(super) fn outlasted(function: &AnnotatedFunction) -> impl Iterator<Item = Outlasted> {
    let layers: Vec<_> = function.layers().iter().flat_map(timed).collect();
    let timed: Vec<_> = layers.iter().map(|(layer, _)| *layer).collect();
    outlasted_probes(&timed).into_iter().filter_map(move |found| {
        let (probe_timeout, limit) = (found.probe_timeout, found.limit);
        Some(Outlasted { breaker: layers[found.breaker].1?, probe_timeout, limit })
    })
}

/// The layer, or the layers of a combined policy; a breaker has its name.
fn timed(layer: &Layer) -> Vec<(TimedLayer<'static>, Option<&'static str>)> {
    let breaker = |breaker: &'static CircuitBreaker| {
        let probe_timeout = match breaker.limits().get("probe_timeout").map(Limit::value) {
            Some(LimitValue::Duration(probe_timeout)) => Some(probe_timeout),
            _ => None,
        };
        (TimedLayer::CircuitBreaker { probe_timeout }, Some(breaker.name()))
    };
    let timeout = |limit| (TimedLayer::Timeout { limit, detached: false }, None);
    match layer.declared() {
        Some(Declared::CircuitBreaker(one)) => vec![breaker(one)],
        Some(Declared::CircuitBreakers(keyed)) => vec![breaker(keyed.template())],
        Some(Declared::Policy(policy)) => {
            let layers = policy.layers();
            let breaker = layers.circuit_breaker.map(breaker).into_iter();
            breaker.chain(layers.timeout.map(|limit| timeout(Some(limit)))).collect()
        }
        Some(Declared::Limit(limit)) => vec![timeout(Some(limit))],
        // A limit that only the call knows, or that follows the latencies.
        _ if layer.kind() == LayerKind::Timeout => vec![timeout(None)],
        _ => Vec::new(),
    }
}
