//! The policies that there can be one of for each key.

use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::state::State;

/// What a [`Keyed`](crate::Keyed) can hold: [`CircuitBreaker`] and [`Bulkhead`].
pub trait KeyedPolicy: sealed::Instance {}

mod sealed {
    pub trait Instance {
        /// Another one with the same name and limits.
        fn fresh(&self) -> Self;

        /// Whether nothing of importance is lost with it, if no call is holding it.
        fn is_at_rest(&self) -> bool;
    }
}

impl KeyedPolicy for CircuitBreaker {}

impl sealed::Instance for CircuitBreaker {
    fn fresh(&self) -> Self {
        self.fresh(None)
    }

    fn is_at_rest(&self) -> bool {
        self.state() == State::Closed
    }
}

impl KeyedPolicy for Bulkhead {}

impl sealed::Instance for Bulkhead {
    fn fresh(&self) -> Self {
        self.fresh()
    }

    fn is_at_rest(&self) -> bool {
        true
    }
}
