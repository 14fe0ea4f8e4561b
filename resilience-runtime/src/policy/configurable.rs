//! Policies whose options can be overridden.

#[cfg(feature = "toml")]
use std::task::Waker;

use resilience_options::{
    AdaptiveTimeoutOptions, BulkheadOptions, CircuitBreakerOptions, Options, RateLimiterOptions,
    RetryBudgetOptions, RetryOptions,
};

use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::policy::rate_limiter::RateLimiter;
use crate::policy::retry::RetryPolicy;
use crate::policy::retry_budget::RetryBudget;
use crate::policy::timeout::AdaptiveTimeout;
use crate::sync::Reloadable;

/// Policy whose options can be overridden while calls use them. One thread overrides them at a
/// time, which holds the lock of the configuration.
pub(crate) trait Configurable: 'static {
    type Options: Options;

    #[cfg(feature = "toml")]
    fn name(&self) -> &'static str;

    /// Returns the options whose values the code computes for each call: nothing overrides them.
    fn runtime_keys(&self) -> &'static [&'static str] {
        &[]
    }

    /// Returns the options in the code, and the options that override them.
    fn options(&self) -> &Reloadable<Self::Options>;

    /// Overrides the options; `None` restores the options of the code. Returns the wakers of the
    /// callers that this admits. Wake them after the lock of the configuration has been released.
    #[cfg(feature = "toml")]
    fn configure(&self, options: Option<Self::Options>) -> Vec<Waker>;
}

macro_rules! configurable {
    ($($policy:ident: $options:ident $(($runtime_keys:ident))?;)*) => {$(
        impl Configurable for $policy {
            type Options = $options;

            #[cfg(feature = "toml")]
            fn name(&self) -> &'static str {
                self.name()
            }

            $(fn runtime_keys(&self) -> &'static [&'static str] {
                self.$runtime_keys()
            })?

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
    RateLimiter: RateLimiterOptions;
    RetryPolicy: RetryOptions (runtime_keys);
    RetryBudget: RetryBudgetOptions;
    AdaptiveTimeout: AdaptiveTimeoutOptions;
}
