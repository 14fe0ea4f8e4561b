//! Creation of a report from the registry.

use std::collections::{BTreeMap, HashMap};

use super::report::{FunctionRows, Report, Row, ValueRow};
use super::warning::all_warnings;
use crate::policy::circuit_breaker::percent;
use crate::policy::combined::PolicyLayers;
use crate::registry::declared::source::{Declared, Identity};
use crate::registry::declared::{AnnotatedFunction, Layer, LayerKind};
use crate::registry::health::KeysByState;
use crate::registry::index::{functions_in_order, index};
use crate::registry::living::{Living, LivingPolicy, living};
use crate::state::State;

pub(crate) fn report() -> Report {
    let items = &index().items;
    let shared = items.iter().filter(|item| item.functions.len() > 1);
    let shared: HashMap<_, _> =
        shared.filter_map(|item| item.declared.identity()).zip(0..).collect();
    let functions = functions_in_order()
        .map(|function| {
            let layers = function.layers().iter().flat_map(|layer| rows(layer, function, &shared));
            FunctionRows { function, layers: layers.collect() }
        })
        .collect();
    Report { functions, values: values(), warnings: all_warnings(items) }
}

/// Returns the row of a layer, followed by the rows of a policy's layers.
fn rows(
    layer: &Layer,
    function: &AnnotatedFunction,
    shared: &HashMap<Identity, usize>,
) -> Vec<Row> {
    let kind = layer.kind();
    let row = |kind, declared: Declared, is_part| {
        let name = declared.name().map(|(_, name)| name);
        Row {
            layer: kind,
            // An inline policy has the path of its function, which the table already shows.
            name: name.filter(|name| *name != function.path()),
            limits: declared.limits(),
            is_part,
            shared: declared.identity().and_then(|identity| shared.get(&identity).copied()),
        }
    };
    let Some(declared) = layer.declared() else {
        let limits = if kind == LayerKind::Fallback { "" } else { "computed for each call" };
        let (layer, limits) = (kind.name(), String::from(limits));
        return vec![Row { layer, name: None, limits, is_part: false, shared: None }];
    };
    let mut rows = vec![row(kind.name(), declared, false)];
    if let Declared::Policy(policy) = declared {
        let PolicyLayers { bulkhead, circuit_breaker, retry, rate_limiter, timeout } =
            policy.layers();
        let parts = [
            (LayerKind::Bulkhead, bulkhead.map(Declared::Bulkhead)),
            (LayerKind::CircuitBreaker, circuit_breaker.map(Declared::CircuitBreaker)),
            (LayerKind::Retry, retry.map(Declared::RetryPolicy)),
            (LayerKind::RateLimiter, rate_limiter.map(Declared::RateLimiter)),
            (LayerKind::Timeout, timeout.map(Declared::Limit)),
        ];
        let declared = parts.into_iter().filter_map(|(kind, part)| Some((kind, part?)));
        rows.extend(declared.map(|(kind, part)| row(kind.name(), part, true)));
    }
    rows
}

/// One row for all policies of values that were registered at one place under one name.
fn values() -> Vec<ValueRow> {
    let mut groups = BTreeMap::<_, Vec<LivingPolicy>>::new();
    for Living { policy, place } in living() {
        groups.entry((policy.kind(), policy.name(), place)).or_default().push(policy);
    }
    let row = |((_, name, place), values): ((_, _, _), Vec<LivingPolicy>)| {
        let (layer, limits) = describe_values(&values)?;
        let row =
            Row { layer: layer.name(), name: Some(name), limits, is_part: false, shared: None };
        Some(ValueRow { row, place })
    };
    groups.into_iter().filter_map(row).collect()
}

/// The kind of these policies, which is one, and the limits of the first one, with the number of
/// all and the states of breakers: `opens at …; values now: 3 closed, 1 open`.
fn describe_values(values: &[LivingPolicy]) -> Option<(LayerKind, String)> {
    match values.first()? {
        LivingPolicy::CircuitBreaker(first) => {
            let mut states = KeysByState::default();
            for value in values {
                if let LivingPolicy::CircuitBreaker(breaker) = value {
                    states.add(breaker.state());
                }
            }
            let limits = format!("{}{}", first.describe(), now("values", states));
            Some((LayerKind::CircuitBreaker, limits))
        }
        LivingPolicy::Bulkhead(first) => {
            let limits = format!("{}; values now: {}", first.describe(), values.len());
            Some((LayerKind::Bulkhead, limits))
        }
        LivingPolicy::RateLimiter(first) => {
            let limits = format!("{}; values now: {}", first.describe(), values.len());
            Some((LayerKind::RateLimiter, limits))
        }
    }
}

/// Describes how many are in each state that one is in: `; keys now: 3 closed, 1 open`.
fn now(what: &str, states: KeysByState) -> String {
    let states = states.all().filter(|(_, number)| *number > 0);
    let states: Vec<_> = states.map(|(state, number)| format!("{number} {state}")).collect();
    if states.is_empty() { String::new() } else { format!("; {what} now: {}", states.join(", ")) }
}

impl Declared {
    /// Describes the limits in force in a few words, and the state of a breaker that is not closed.
    fn limits(self) -> String {
        match self {
            Self::CircuitBreaker(breaker) => {
                let snapshot = breaker.snapshot();
                let now = snapshot.state_now();
                match now.state {
                    State::Closed => breaker.describe(),
                    _ => format!("{}; now {now}", breaker.describe()),
                }
            }
            Self::CircuitBreakers(keyed) => {
                let states = now("keys", KeysByState::of(keyed));
                let share = keyed.open_share().map_or_else(String::new, |share| {
                    format!("; at most {} of the keys open at once", percent(share))
                });
                format!("each key: {}{share}{states}", keyed.template().describe())
            }
            Self::Bulkhead(bulkhead) => bulkhead.describe(),
            Self::Bulkheads(keyed) => format!("each key: {}", keyed.template().describe()),
            Self::RateLimiter(limiter) => limiter.describe(),
            Self::RateLimiters(keyed) => format!("each key: {}", keyed.template().describe()),
            Self::RetryPolicy(policy) => policy.describe(),
            Self::AdaptiveTimeout(timeout) => {
                format!("{:?} now, follows the latencies", timeout.limit())
            }
            Self::Limit(limit) => format!("{limit:?}"),
            Self::Policy(_) | Self::RetryBudget(_) => String::new(),
        }
    }
}
