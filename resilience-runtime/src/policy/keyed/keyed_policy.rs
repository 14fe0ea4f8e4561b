//! The policies that a [`Keyed`](crate::Keyed) can hold an instance of for each key.

use std::sync::Arc;

use crate::event::KeyedKind;
use crate::outcome::Key;
use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::{CircuitBreaker, Memory, OpenKeys};
use crate::policy::rate_limiter::RateLimiter;
use crate::time::Nanos;

/// A policy that a [`Keyed`](crate::Keyed) can hold: [`CircuitBreaker`], [`Bulkhead`] or
/// [`RateLimiter`]. It can't be implemented for other types.
///
/// ```
/// use resilience::declared::KeyedPolicy;
/// use resilience::{Bulkhead, CircuitBreaker, Keyed};
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
    use std::sync::Arc;

    use crate::event::KeyedKind;
    use crate::outcome::Key;
    use crate::policy::circuit_breaker::{Memory, OpenKeys};
    use crate::time::Nanos;

    /// One instance of a policy, for one key.
    pub trait Instance {
        /// Kind of the policy, for events.
        const KIND: KeyedKind;

        fn name(&self) -> &'static str;

        /// Makes another instance with the same name and limits; without a key, the one for the
        /// keys that find no place.
        fn fresh(&self, key: Option<Key>) -> Self;

        /// Makes the instance for one use of a key that finds no place. `None` if all such keys
        /// share one instance.
        fn without_place(&self, key: Key) -> Option<Self>
        where
            Self: Sized;

        /// Forgets everything.
        fn reset(&self);

        /// Counts the instance among the keys that have a place. Only breakers are counted.
        #[expect(private_interfaces, reason = "nobody else can call a method of a sealed trait")]
        fn join(&self, _: &Arc<OpenKeys>) {}

        /// Counts the instance no longer among the keys that have a place.
        fn leave(&self) {}

        /// Returns what would be lost with an instance that no call holds.
        #[expect(private_interfaces, reason = "nobody else can call a method of a sealed trait")]
        fn memory(&self, now: Nanos) -> Memory;
    }
}

impl KeyedPolicy for CircuitBreaker {}

impl sealed::Instance for CircuitBreaker {
    const KIND: KeyedKind = KeyedKind::CircuitBreaker;

    fn name(&self) -> &'static str {
        self.name()
    }

    fn fresh(&self, key: Option<Key>) -> Self {
        self.fresh(key)
    }

    fn without_place(&self, key: Key) -> Option<Self> {
        Some(self.fresh_disabled(key))
    }

    fn reset(&self) {
        self.reset();
    }

    #[expect(private_interfaces, reason = "nobody else can call a method of a sealed trait")]
    fn join(&self, keys: &Arc<OpenKeys>) {
        self.join(Arc::clone(keys));
    }

    fn leave(&self) {
        self.leave();
    }

    #[expect(private_interfaces, reason = "nobody else can call a method of a sealed trait")]
    fn memory(&self, now: Nanos) -> Memory {
        self.memory(now)
    }
}

impl KeyedPolicy for Bulkhead {}

impl sealed::Instance for Bulkhead {
    const KIND: KeyedKind = KeyedKind::Bulkhead;

    fn name(&self) -> &'static str {
        self.name()
    }

    fn fresh(&self, key: Option<Key>) -> Self {
        self.fresh(key)
    }

    fn without_place(&self, _: Key) -> Option<Self> {
        None
    }

    fn reset(&self) {
        self.reset();
    }

    #[expect(private_interfaces, reason = "nobody else can call a method of a sealed trait")]
    fn memory(&self, _: Nanos) -> Memory {
        if self.resized().is_some() { Memory::Needed } else { Memory::Nothing }
    }
}

impl KeyedPolicy for RateLimiter {}

impl sealed::Instance for RateLimiter {
    const KIND: KeyedKind = KeyedKind::RateLimiter;

    fn name(&self) -> &'static str {
        self.name()
    }

    fn fresh(&self, key: Option<Key>) -> Self {
        self.fresh(key)
    }

    fn without_place(&self, _: Key) -> Option<Self> {
        None
    }

    fn reset(&self) {
        self.reset();
    }

    #[expect(private_interfaces, reason = "nobody else can call a method of a sealed trait")]
    fn memory(&self, now: Nanos) -> Memory {
        if self.is_full(now) { Memory::Nothing } else { Memory::Needed }
    }
}
