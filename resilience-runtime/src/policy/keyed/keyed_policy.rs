//! The policies that there can be one of for each key.

use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::state::State;

/// What a [`Keyed`](crate::Keyed) can hold: [`CircuitBreaker`] and [`Bulkhead`].
pub trait PerKey: sealed::PerKey {}

mod sealed {
    pub trait PerKey {
        /// Another one with the same name and limits.
        fn like(&self) -> Self;

        /// Whether nothing of importance is lost with it, if no call is holding it.
        fn is_at_rest(&self) -> bool;
    }
}

impl PerKey for CircuitBreaker {}

impl sealed::PerKey for CircuitBreaker {
    fn like(&self) -> Self {
        self.like()
    }

    fn is_at_rest(&self) -> bool {
        self.state() == State::Closed
    }
}

impl PerKey for Bulkhead {}

impl sealed::PerKey for Bulkhead {
    fn like(&self) -> Self {
        self.like()
    }

    fn is_at_rest(&self) -> bool {
        true
    }
}
