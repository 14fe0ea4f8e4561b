//! Reset of everything that the program remembers.

use super::declared::AnnotatedFunction;
use super::declared::source::Declared;
use super::index::{functions_in_order, index};
use super::living::living;
use super::recent::Recent;
use super::registry::Registry;

impl Registry {
    /// Resets everything that is listed: for the beginning of a test that shares statics with
    /// others.
    ///
    /// Breakers are closed, also those that were forced open or disabled. A resize of a bulkhead is
    /// undone. Retry budgets and adaptive timeouts forget, counts of functions and policies are
    /// zero, and a [`Keyed`](crate::Keyed) forgets every key that nobody is using. Limits of a
    /// configuration stay in force, and so do observers. Figures that were passed to a recorder of
    /// metrics are not taken back.
    ///
    /// Calls under way go on. A breaker counts their results as stale; functions count them as
    /// usual.
    ///
    /// ```standalone_crate
    /// use resilience::{CircuitBreaker, State, circuit_breaker, registry};
    ///
    /// static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment");
    ///
    /// #[circuit_breaker(PAYMENT)]
    /// async fn charge(amount: u64) -> Result<u64, resilience::Error> {
    ///     Ok(amount)
    /// }
    ///
    /// PAYMENT.force_open();
    /// registry().reset();
    /// assert_eq!(PAYMENT.state(), State::Closed);
    /// ```
    pub fn reset(&self) {
        functions_in_order().for_each(AnnotatedFunction::reset);
        index().items.iter().for_each(|item| item.declared.reset());
        for shared in living() {
            shared.policy.reset();
        }
        Recent::reset();
    }
}

impl Declared {
    /// Forgets everything that the static remembers.
    fn reset(self) {
        match self {
            Self::CircuitBreaker(breaker) => breaker.reset(),
            Self::CircuitBreakers(keyed) => keyed.reset(),
            Self::Bulkhead(bulkhead) => bulkhead.reset(),
            Self::Bulkheads(keyed) => keyed.reset(),
            Self::RateLimiter(limiter) => limiter.reset(),
            Self::RateLimiters(keyed) => keyed.reset(),
            Self::RetryPolicy(policy) => policy.reset(),
            Self::RetryBudget(budget) => budget.reset(),
            Self::AdaptiveTimeout(timeout) => timeout.reset(),
            Self::Policy(policy) => policy.reset(),
            Self::Limit(_) => {}
        }
    }
}
