//! The layers of a combined policy.

use std::time::Duration;

use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::policy::rate_limiter::RateLimiter;
use crate::policy::retry::RetryPolicy;

/// Layers of a [`Policy`](crate::Policy), from the outside in, as
/// [`layers`](crate::Policy::layers) returns them. `None` is a layer that the policy does not have.
///
/// ```
/// use resilience::{Policy, RetryPolicy};
///
/// static SEARCH: Policy = Policy::new("search").retry(RetryPolicy::new("search"));
///
/// let layers = SEARCH.layers();
/// assert_eq!(layers.retry.map(RetryPolicy::name), Some("search"));
/// assert!(layers.timeout.is_none());
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct PolicyLayers<'a> {
    /// The bulkhead.
    pub bulkhead: Option<&'a Bulkhead>,
    /// The breaker.
    pub circuit_breaker: Option<&'a CircuitBreaker>,
    /// The retry.
    pub retry: Option<&'a RetryPolicy>,
    /// The rate limiter.
    pub rate_limiter: Option<&'a RateLimiter>,
    /// Limit of each attempt that is in force now.
    pub timeout: Option<Duration>,
}
