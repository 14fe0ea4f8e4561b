//! Access to the breakers and bulkheads that belong to a value.

use std::panic::Location;
use std::sync::Arc;

use super::living::{Living, LivingPolicy, SharedPolicy, add, living};
use super::registry::Registry;
use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::policy::rate_limiter::RateLimiter;

impl Registry {
    /// Lists a breaker or a bulkhead that belongs to a value, such as a client, for as long as it
    /// lives. The registry does not keep it alive: when the last `Arc` is dropped, it is no longer
    /// listed. To register it twice changes nothing.
    ///
    /// ```
    /// use resilience::{CircuitBreaker, Error, circuit_breaker, registry};
    /// use std::sync::Arc;
    ///
    /// struct Client {
    ///     breaker: Arc<CircuitBreaker>,
    /// }
    ///
    /// impl Client {
    ///     fn new() -> Self {
    ///         let breaker = Arc::new(CircuitBreaker::new("ledger").consecutive_failures(3));
    ///         registry().register(&breaker);
    ///         Self { breaker }
    ///     }
    ///
    ///     #[circuit_breaker(self.breaker)]
    ///     async fn balance(&self, account: u64) -> Result<u64, Error> {
    ///         Ok(account)
    ///     }
    /// }
    ///
    /// let client = Client::new();
    /// let health = registry().health();
    /// assert!(health.circuit_breakers.iter().any(|breaker| breaker.name == "ledger"));
    /// registry().shared_circuit_breaker("ledger").expect("it lives").force_open();
    /// drop(client);
    /// assert!(registry().shared_circuit_breaker("ledger").is_none());
    /// ```
    ///
    /// It is in [`health`](Self::health), in the metrics, in the [`report`](Self::report) and among
    /// the [`duplicates`](Self::duplicates), and [`reset`](Self::reset) resets it. A file does not
    /// configure it.
    ///
    /// Values may share a name if they are registered at one place in the code, as the clients of a
    /// pool are: health lists each of them, and metrics add them up. To make one for each host or
    /// tenant, take a [`Keyed`](crate::Keyed): it names the key, and its number is bounded.
    #[track_caller]
    pub fn register<P: SharedPolicy>(&self, policy: &Arc<P>) {
        add(policy, Location::caller());
    }

    /// Every breaker that is [registered](Self::register) and lives, in order of the names.
    #[must_use]
    pub fn shared_circuit_breakers(&self) -> Vec<Arc<CircuitBreaker>> {
        let breaker = |living: Living| match living.policy {
            LivingPolicy::CircuitBreaker(breaker) => Some(breaker),
            LivingPolicy::Bulkhead(_) | LivingPolicy::RateLimiter(_) => None,
        };
        living().into_iter().filter_map(breaker).collect()
    }

    /// Every bulkhead that is [registered](Self::register) and lives, in order of the names.
    #[must_use]
    pub fn shared_bulkheads(&self) -> Vec<Arc<Bulkhead>> {
        let bulkhead = |living: Living| match living.policy {
            LivingPolicy::Bulkhead(bulkhead) => Some(bulkhead),
            LivingPolicy::CircuitBreaker(_) | LivingPolicy::RateLimiter(_) => None,
        };
        living().into_iter().filter_map(bulkhead).collect()
    }

    /// Every rate limiter that is [registered](Self::register) and lives, in order of the names.
    #[must_use]
    pub fn shared_rate_limiters(&self) -> Vec<Arc<RateLimiter>> {
        let limiter = |living: Living| match living.policy {
            LivingPolicy::RateLimiter(limiter) => Some(limiter),
            LivingPolicy::CircuitBreaker(_) | LivingPolicy::Bulkhead(_) => None,
        };
        living().into_iter().filter_map(limiter).collect()
    }

    /// The first rate limiter of this name that is [registered](Self::register) and lives.
    #[must_use]
    pub fn shared_rate_limiter(&self, name: &str) -> Option<Arc<RateLimiter>> {
        self.shared_rate_limiters().into_iter().find(|limiter| limiter.name() == name)
    }

    /// The first breaker of this name that is [registered](Self::register) and lives.
    #[must_use]
    pub fn shared_circuit_breaker(&self, name: &str) -> Option<Arc<CircuitBreaker>> {
        self.shared_circuit_breakers().into_iter().find(|breaker| breaker.name() == name)
    }

    /// The first bulkhead of this name that is [registered](Self::register) and lives.
    #[must_use]
    pub fn shared_bulkhead(&self, name: &str) -> Option<Arc<Bulkhead>> {
        self.shared_bulkheads().into_iter().find(|bulkhead| bulkhead.name() == name)
    }
}
