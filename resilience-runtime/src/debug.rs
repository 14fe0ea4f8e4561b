//! `Debug` of the policies: name, limits in force and state, not the words that they are packed in.

use std::fmt;

use crate::limits::Limits;
use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::policy::combined::Policy;
use crate::policy::rate_limiter::RateLimiter;
use crate::policy::retry::RetryPolicy;
use crate::policy::retry_budget::RetryBudget;
use crate::policy::timeout::AdaptiveTimeout;

impl fmt::Debug for CircuitBreaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let snapshot = self.snapshot();
        let now = snapshot.state_now();
        begin(f, "CircuitBreaker", self.name(), self.key(), &self.limits())
            .field("state", &format_args!("{now}"))
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Bulkhead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let snapshot = self.snapshot();
        begin(f, "Bulkhead", self.name(), self.key(), &self.limits())
            .field("active", &snapshot.active)
            .field("waiting", &snapshot.waiting)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for RateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let snapshot = self.snapshot();
        begin(f, "RateLimiter", self.name(), self.key(), &self.limits())
            .field("tokens", &snapshot.tokens)
            .field("waiting", &snapshot.waiting)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for RetryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = begin(f, "RetryPolicy", self.name(), None, &self.limits());
        if let Some(budget) = self.retry_budget() {
            debug.field("budget", &budget.name());
        }
        debug.finish_non_exhaustive()
    }
}

impl fmt::Debug for RetryBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        begin(f, "RetryBudget", self.name(), None, &self.limits())
            .field("available", &self.available())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for AdaptiveTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        begin(f, "AdaptiveTimeout", self.name(), None, &self.limits())
            .field("limit", &self.limit())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let layers = self.layers();
        f.debug_struct("Policy")
            .field("name", &self.name())
            .field("bulkhead", &layers.bulkhead)
            .field("circuit_breaker", &layers.circuit_breaker)
            .field("retry", &layers.retry)
            .field("rate_limiter", &layers.rate_limiter)
            .field("timeout", &layers.timeout)
            .finish_non_exhaustive()
    }
}

/// Begins the text of a policy with its name, its key and its limits in force.
fn begin<'a, 'b>(
    f: &'a mut fmt::Formatter<'b>,
    policy: &str,
    name: &str,
    key: Option<&str>,
    limits: &Limits,
) -> fmt::DebugStruct<'a, 'b> {
    let mut debug = f.debug_struct(policy);
    debug.field("name", &name);
    if let Some(key) = key {
        debug.field("key", &key);
    }
    for limit in limits {
        debug.field(limit.name(), &format_args!("{}", limit.value()));
    }
    debug
}
