//! `#[rate_limiter]`: a rate limiter, or that of a combined policy.

use std::future::Future;

use crate::function::Function;
use crate::outcome::{Class, Error};
use crate::policy::combined::Policy;
use crate::policy::rate_limiter::RateLimiter;

/// A layer that limits the calls in a time: a rate limiter, or a policy that may have one.
pub trait RateLimiterLayer {
    /// The rate limiter, if there is one.
    fn rate_limiter(&self) -> Option<&RateLimiter>;
}

impl RateLimiterLayer for RateLimiter {
    #[inline]
    fn rate_limiter(&self) -> Option<&RateLimiter> {
        Some(self)
    }
}

impl RateLimiterLayer for Policy {
    #[inline]
    fn rate_limiter(&self) -> Option<&RateLimiter> {
        self.rate_limiter_layer()
    }
}

/// Takes a turn that has come. Returns `false` if the call has to wait.
#[inline]
pub fn take_turn<L: RateLimiterLayer>(layer: &L, cost: u32) -> bool {
    layer.rate_limiter().is_none_or(|limiter| limiter.try_enter(cost))
}

/// Waits for a turn, or rejects the call: for after `take_turn` returned `false`.
pub fn wait_for_turn<'a, L: RateLimiterLayer>(
    layer: &'a L,
    function: &'a Function,
    cost: u32,
) -> impl Future<Output = Result<(), Error>> + use<'a, L> {
    let wait = layer.rate_limiter().map(|limiter| limiter.wait_for_turn(Some(function), cost));
    async move {
        match wait {
            Some(wait) => wait.await,
            None => Ok(()),
        }
    }
}

/// Pauses the limiter if the class of a failure says so.
#[inline]
pub fn obey<L: RateLimiterLayer>(layer: &L, class: Class) {
    if let Some(limiter) = layer.rate_limiter() {
        limiter.obey(class);
    }
}
