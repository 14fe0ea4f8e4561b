//! Health of the `Keyed`s: keys by state.

use crate::event::KeyedKind;
use crate::policy::circuit_breaker::{CircuitBreaker, most_open};
use crate::policy::keyed::KeyedInstances;
use crate::registry::index::index;
use crate::state::State;

/// State of a [`Keyed`](crate::Keyed) as a whole. Its instances are among the breakers and
/// bulkheads.
///
/// ```
/// for keyed in resilience::registry().health().keyed {
///     println!("{}: {} of {} keys", keyed.name, keyed.keys, keyed.capacity);
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct KeyedHealth {
    /// Name of its policy.
    pub name: &'static str,
    /// Kind of its policy.
    pub kind: KeyedKind,
    /// Number of keys that have a place.
    pub keys: usize,
    /// Number of keys that can have a place.
    pub capacity: usize,
    /// `true` while new keys find no place: [`Keyed`](crate::Keyed) documents what happens to them.
    pub is_full: bool,
    /// Number of keys whose breakers may be open at once now. `None` if any number may be: without
    /// [`max_open`](crate::Keyed::max_open).
    pub may_open: Option<usize>,
    /// Keys by the states of their breakers; `None` for bulkheads.
    pub states: Option<KeysByState>,
}

/// Number of keys in each state.
///
/// ```
/// for keyed in resilience::registry().health().keyed {
///     if let Some(states) = keyed.states {
///         println!("{}: {} of {} hosts are open", keyed.name, states.open, keyed.keys);
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct KeysByState {
    /// Keys whose breaker is closed.
    pub closed: usize,
    /// Keys whose breaker is open.
    pub open: usize,
    /// Keys whose breaker is half-open.
    pub half_open: usize,
    /// Keys whose breaker is forced open.
    pub forced_open: usize,
    /// Keys whose breaker is disabled.
    pub disabled: usize,
}

impl KeysByState {
    pub(in crate::registry) fn of(keyed: &dyn KeyedInstances<CircuitBreaker>) -> Self {
        let mut counts = Self::default();
        keyed.each(&mut |breaker| counts.add(breaker.state()));
        counts
    }

    pub(in crate::registry) fn add(&mut self, state: State) {
        *self.of_state(state) += 1;
    }

    fn of_state(&mut self, state: State) -> &mut usize {
        match state {
            State::Closed => &mut self.closed,
            State::Open => &mut self.open,
            State::HalfOpen => &mut self.half_open,
            State::ForcedOpen => &mut self.forced_open,
            State::Disabled => &mut self.disabled,
        }
    }

    /// The states with their numbers of keys.
    pub(in crate::registry) fn all(mut self) -> impl Iterator<Item = (State, usize)> {
        State::ALL.into_iter().map(move |state| (state, *self.of_state(state)))
    }
}

/// Every `Keyed`, in order of the names.
pub(super) fn keyed_health() -> Vec<KeyedHealth> {
    let index = index();
    let breakers = index.keyed_circuit_breakers.iter().map(|keyed| {
        let states = Some(KeysByState::of(keyed));
        KeyedHealth::of(keyed, keyed.template().name(), KeyedKind::CircuitBreaker, states)
    });
    let bulkheads = index
        .keyed_bulkheads
        .iter()
        .map(|keyed| KeyedHealth::of(keyed, keyed.template().name(), KeyedKind::Bulkhead, None));
    let limiters = index
        .keyed_rate_limiters
        .iter()
        .map(|keyed| KeyedHealth::of(keyed, keyed.template().name(), KeyedKind::RateLimiter, None));
    let mut all: Vec<_> = breakers.chain(bulkheads).chain(limiters).collect();
    all.sort_by_key(|keyed| (keyed.name, keyed.kind));
    all
}

impl KeyedHealth {
    fn of<P>(
        keyed: &dyn KeyedInstances<P>,
        name: &'static str,
        kind: KeyedKind,
        states: Option<KeysByState>,
    ) -> Self {
        let (keys, capacity, is_full) = (keyed.len(), keyed.capacity(), keyed.is_full());
        let may_open = keyed.open_share().map(|share| most_open(share, keys));
        Self { name, kind, keys, capacity, is_full, may_open, states }
    }
}
