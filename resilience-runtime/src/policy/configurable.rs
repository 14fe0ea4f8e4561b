//! Policies whose options can be overridden.

#[cfg(feature = "toml")]
use std::task::Waker;

use resilience_options::{
    AdaptiveTimeoutOptions, BulkheadOptions, CircuitBreakerOptions, Options, RetryBudgetOptions,
    RetryOptions,
};

use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::policy::retry::RetryPolicy;
use crate::policy::retry_budget::RetryBudget;
use crate::policy::timeout::AdaptiveTimeout;
use crate::sync::Reloadable;

/// A policy whose options can be overridden while calls go through it, by one thread at a time: the
/// one that holds the lock of the configuration.
pub(crate) trait Configurable: 'static {
    type Options: Options;

    #[cfg(feature = "toml")]
    fn name(&self) -> &'static str;

    /// The options in the code, and those that override them.
    fn options(&self) -> &Reloadable<Self::Options>;

    /// Overrides the options; `None` brings back those of the code. Returns the wakers of the
    /// callers that got in by it. They must be woken after the lock of the configuration has been
    /// released.
    #[cfg(feature = "toml")]
    fn configure(&self, options: Option<Self::Options>) -> Vec<Waker>;
}

macro_rules! configurable {
    ($($policy:ident: $options:ident;)*) => {$(
        impl Configurable for $policy {
            type Options = $options;

            #[cfg(feature = "toml")]
            fn name(&self) -> &'static str {
                self.name()
            }

            fn options(&self) -> &Reloadable<$options> {
                self.options()
            }

            #[cfg(feature = "toml")]
            fn configure(&self, options: Option<$options>) -> Vec<Waker> {
                self.configure(options)
            }
        }
    )*};
}

configurable! {
    CircuitBreaker: CircuitBreakerOptions;
    Bulkhead: BulkheadOptions;
    RetryPolicy: RetryOptions;
    RetryBudget: RetryBudgetOptions;
    AdaptiveTimeout: AdaptiveTimeoutOptions;
}
