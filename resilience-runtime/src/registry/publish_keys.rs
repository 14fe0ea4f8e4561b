//! Keys by state for the `metrics` facade. Keys are never labels: there may be any number of them.

use std::collections::BTreeMap;

use metrics::{Unit, describe_gauge, gauge};

use super::health::KeysByState;
use super::index::index;
use crate::state::State;

const KEYS: &str = "resilience_circuit_breaker_keys";

/// Passes the number of keys in each state to the recorder, for each name.
pub(super) fn publish_keys() {
    describe_gauge!(KEYS, Unit::Count, "Keys of a keyed breaker, by name and state");
    let mut counts = BTreeMap::<(&'static str, &'static str), u32>::new();
    for keyed in index().keyed_circuit_breakers.iter() {
        let name = keyed.template().name();
        for (state, keys) in KeysByState::of(keyed).all() {
            let count = counts.entry((name, State::name(state))).or_default();
            *count = count.saturating_add(u32::try_from(keys).unwrap_or(u32::MAX));
        }
    }
    for ((name, state), keys) in counts {
        gauge!(KEYS, "name" => name, "state" => state).set(keys);
    }
}
