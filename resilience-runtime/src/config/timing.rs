//! Timing of the layers of a function under a file: a file must not keep a layer from ever acting.
//!
//! The attributes are checked by the same rules. A timing that the code has without the file is not
//! reported.

use std::collections::VecDeque;
use std::ops::Range;
use std::time::Duration;

use resilience_options::timing::{NeverActs, TimedLayer, never_act};
use resilience_options::{
    BulkheadOptions, CircuitBreakerOptions, Options, RateLimiterOptions, RetryOptions,
};
use toml::Spanned;

use super::diagnostics::Diagnostics;
use super::value::Written;
use crate::registry::declared::{Layer, Listed};

/// Options of one layer in the code and in force, and the value in the file that sets them.
pub(super) struct Set<'t, O> {
    pub(super) in_code: O,
    pub(super) in_force: O,
    pub(super) written: Option<&'t Written<'t>>,
}

/// Inline layers in the attributes of one function, each kind from the outside in. `None` stands
/// for options that could not be read.
#[derive(Default)]
pub(super) struct OwnLayers<'t> {
    pub(super) timeouts: VecDeque<Option<Set<'t, Duration>>>,
    pub(super) retries: VecDeque<Option<Set<'t, RetryOptions>>>,
    pub(super) breakers: VecDeque<Option<Set<'t, CircuitBreakerOptions>>>,
    pub(super) bulkheads: VecDeque<Option<Set<'t, BulkheadOptions>>>,
    pub(super) limiters: VecDeque<Option<Set<'t, RateLimiterOptions>>>,
}

impl<O: Options> Set<'_, O> {
    fn repeats_code(&self, keys: &[&str]) -> bool {
        keys.iter().all(|key| self.in_force.in_force(key) == self.in_code.in_force(key))
    }
}

/// Options to blame for probes that lose their places too early, the best first.
const PROBES: [&str; 3] = ["probe_timeout", "open_for", "open_backoff"];

/// One layer in the code and in force.
enum OwnLayer<'t> {
    Timeout { set: Set<'t, Duration>, detached: bool },
    Retry { set: Set<'t, RetryOptions>, runtime_keys: &'static [&'static str] },
    SharedRetry,
    CircuitBreaker(Set<'t, CircuitBreakerOptions>),
    Bulkhead(Set<'t, BulkheadOptions>),
    RateLimiter(Set<'t, RateLimiterOptions>),
    Untimed,
}

impl<'t> OwnLayers<'t> {
    /// Reports every layer that can never act because of the file.
    pub(super) fn check(mut self, layers: &[Layer], diagnostics: &mut Diagnostics) {
        let layers: Vec<_> = layers.iter().map(|layer| self.take(layer)).collect();
        let in_code: Vec<_> = layers.iter().map(OwnLayer::in_code).collect();
        let in_force: Vec<_> = layers.iter().map(OwnLayer::in_force).collect();
        let found_in_code = never_act(&in_code);
        for found in never_act(&in_force) {
            if let Some(place) = blamed(&layers, &found, &found_in_code) {
                diagnostics.at(place, found.message);
            }
        }
    }

    /// Returns the next layer of the kind of `layer`.
    fn take(&mut self, layer: &Layer) -> OwnLayer<'t> {
        match layer.0 {
            Listed::Timeout(limit) => match self.timeouts.pop_front().flatten() {
                Some(set) => OwnLayer::Timeout { set, detached: limit().is_detached },
                None => OwnLayer::Untimed,
            },
            Listed::OwnRetry(policy) => match self.retries.pop_front().flatten() {
                Some(set) => OwnLayer::Retry { set, runtime_keys: policy().runtime_keys() },
                None => OwnLayer::SharedRetry,
            },
            Listed::OwnCircuitBreaker(_) => match self.breakers.pop_front().flatten() {
                Some(set) => OwnLayer::CircuitBreaker(set),
                None => OwnLayer::Untimed,
            },
            Listed::OwnBulkhead(_) => match self.bulkheads.pop_front().flatten() {
                Some(set) => OwnLayer::Bulkhead(set),
                None => OwnLayer::Untimed,
            },
            Listed::OwnRateLimiter(_) => match self.limiters.pop_front().flatten() {
                Some(set) => OwnLayer::RateLimiter(set),
                None => OwnLayer::Untimed,
            },
            Listed::Retry(_)
            | Listed::RetryExpression(_)
            | Listed::Resilient(_)
            | Listed::ResilientExpression(_) => OwnLayer::SharedRetry,
            _ => OwnLayer::Untimed,
        }
    }
}

impl OwnLayer<'_> {
    fn in_code(&self) -> TimedLayer<'_> {
        match self {
            Self::Timeout { set, detached } => {
                TimedLayer::Timeout { limit: Some(set.in_code), detached: *detached }
            }
            Self::Retry { set, runtime_keys } => {
                TimedLayer::Retry { options: &set.in_code, unknown: runtime_keys }
            }
            Self::CircuitBreaker(set) => {
                TimedLayer::CircuitBreaker { probe_timeout: Some(set.in_code.probe_timeout()) }
            }
            Self::Bulkhead(set) => TimedLayer::Waiting { max_wait: set.in_code.max_wait },
            Self::RateLimiter(set) => TimedLayer::Waiting { max_wait: set.in_code.max_wait },
            Self::SharedRetry => TimedLayer::SharedRetry,
            Self::Untimed => TimedLayer::Untimed,
        }
    }

    fn in_force(&self) -> TimedLayer<'_> {
        match self {
            Self::Timeout { set, detached } => {
                TimedLayer::Timeout { limit: Some(set.in_force), detached: *detached }
            }
            Self::Retry { set, runtime_keys } => {
                TimedLayer::Retry { options: &set.in_force, unknown: runtime_keys }
            }
            Self::CircuitBreaker(set) => {
                TimedLayer::CircuitBreaker { probe_timeout: Some(set.in_force.probe_timeout()) }
            }
            Self::Bulkhead(set) => {
                // The default wait may be longer than an outer timeout, also if a file repeats it.
                let is_default = set.in_code.max_wait.is_none()
                    && set.in_force.max_wait() == set.in_code.max_wait();
                let max_wait = set.in_force.max_wait.filter(|_| !is_default);
                TimedLayer::Waiting { max_wait }
            }
            Self::RateLimiter(set) => {
                let is_default = set.in_code.max_wait.is_none()
                    && set.in_force.max_wait() == set.in_code.max_wait();
                let max_wait = set.in_force.max_wait.filter(|_| !is_default);
                TimedLayer::Waiting { max_wait }
            }
            Self::SharedRetry => TimedLayer::SharedRetry,
            Self::Untimed => TimedLayer::Untimed,
        }
    }

    /// Returns `true` if the values of these keys in force are those of the code, also if a file
    /// repeats them.
    fn repeats_code(&self, keys: &[&str]) -> bool {
        match self {
            Self::Timeout { set, .. } => set.in_force == set.in_code,
            Self::Retry { set, .. } => set.repeats_code(keys),
            Self::CircuitBreaker(set) => set.repeats_code(keys),
            Self::Bulkhead(set) => set.repeats_code(keys),
            Self::RateLimiter(set) => set.repeats_code(keys),
            Self::SharedRetry | Self::Untimed => true,
        }
    }

    /// Returns the place of the first of these keys in the file. The limit of a timeout has no key:
    /// its own place is returned.
    fn place(&self, keys: &[&str]) -> Option<Range<usize>> {
        let written = match self {
            Self::Timeout { set, .. } => return set.written.map(Spanned::span),
            Self::Retry { set, .. } => set.written?,
            // Only blamed for a limit below it.
            Self::CircuitBreaker(set) => {
                let written = set.written?.get_ref();
                let first = PROBES.iter().find_map(|key| written.get(*key));
                return first.map(Spanned::span);
            }
            Self::Bulkhead(set) => set.written?,
            Self::RateLimiter(set) => set.written?,
            Self::SharedRetry | Self::Untimed => return None,
        };
        keys.iter().find_map(|key| written.get_ref().get(*key)).map(Spanned::span)
    }
}

/// Returns the place in the file to blame for a layer that never acts; `None` if the code has the
/// same mistake without the file.
fn blamed(
    layers: &[OwnLayer<'_>],
    found: &NeverActs,
    found_in_code: &[NeverActs],
) -> Option<Range<usize>> {
    let layer = &layers[found.layer];
    let is_same = |other: &NeverActs| (other.layer, other.keys) == (found.layer, found.keys);
    let is_in_code = found_in_code.iter().any(is_same);
    if let Some(place) = layer.place(found.keys) {
        return (!is_in_code || !layer.repeats_code(found.keys)).then_some(place);
    }
    let around = found.around.filter(|_| !is_in_code)?;
    layers[around].place(&[])
}
