//! The policies that a [`Keyed`](crate::Keyed) can hold an instance of for each key.

use crate::outcome::Key;
use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::state::State;

/// A policy that a [`Keyed`](crate::Keyed) can hold: [`CircuitBreaker`] or [`Bulkhead`]. It can't
/// be implemented for other types.
///
/// ```
/// use resilience::{Bulkhead, CircuitBreaker, Keyed, KeyedPolicy};
///
/// fn keys_in_use<P: KeyedPolicy>(instances: &Keyed<P>) -> usize {
///     instances.len()
/// }
///
/// static PER_HOST: Keyed<CircuitBreaker> = Keyed::new(CircuitBreaker::new("host"));
/// static PER_TENANT: Keyed<Bulkhead> = Keyed::new(Bulkhead::new("tenant"));
/// assert_eq!(keys_in_use(&PER_HOST) + keys_in_use(&PER_TENANT), 0);
/// ```
pub trait KeyedPolicy: sealed::Instance {}

mod sealed {
    use crate::outcome::Key;

    /// One instance of a policy, for one key.
    pub trait Instance {
        /// Makes another instance with the same name and limits; without a key, the one for the
        /// keys that find no place.
        fn fresh(&self, key: Option<Key>) -> Self;

        /// Returns `true` if an instance that no call holds can be forgotten without losing
        /// anything of importance.
        fn is_idle(&self) -> bool;
    }
}

impl KeyedPolicy for CircuitBreaker {}

impl sealed::Instance for CircuitBreaker {
    fn fresh(&self, key: Option<Key>) -> Self {
        self.fresh(key)
    }

    fn is_idle(&self) -> bool {
        self.state() == State::Closed
    }
}

impl KeyedPolicy for Bulkhead {}

impl sealed::Instance for Bulkhead {
    fn fresh(&self, key: Option<Key>) -> Self {
        self.fresh(key)
    }

    fn is_idle(&self) -> bool {
        self.resized().is_none()
    }
}
