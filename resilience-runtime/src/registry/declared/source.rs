//! Statics of several types as one type.

use std::fmt;
use std::time::Duration;

use super::item_kind::ItemKind;
use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::policy::combined::Policy;
use crate::policy::keyed::KeyedInstances;
use crate::policy::rate_limiter::RateLimiter;
use crate::policy::retry::RetryPolicy;
use crate::policy::retry_budget::RetryBudget;
use crate::policy::timeout::AdaptiveTimeout;

/// Item that has the limits of a layer.
#[derive(Clone, Copy)]
#[expect(clippy::exhaustive_enums, reason = "made by the attributes only")]
#[allow(missing_docs, reason = "made by the attributes only")]
pub enum Declared {
    CircuitBreaker(&'static CircuitBreaker),
    CircuitBreakers(&'static dyn KeyedInstances<CircuitBreaker>),
    Bulkhead(&'static Bulkhead),
    Bulkheads(&'static dyn KeyedInstances<Bulkhead>),
    RateLimiter(&'static RateLimiter),
    RateLimiters(&'static dyn KeyedInstances<RateLimiter>),
    RetryPolicy(&'static RetryPolicy),
    RetryBudget(&'static RetryBudget),
    AdaptiveTimeout(&'static AdaptiveTimeout),
    Policy(&'static Policy),
    /// Constant, which has no name.
    Limit(Duration),
}

/// Identity of a static: two statics may have the same name. A policy may have the same address as
/// its first layer, but not the same kind; a `Keyed` may have the address of its template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Identity {
    kind: ItemKind,
    is_keyed: bool,
    address: usize,
}

impl Identity {
    /// Identity of a static of this kind that is not a `Keyed`.
    pub(crate) fn of<T>(kind: ItemKind, policy: &T) -> Self {
        Self { kind, is_keyed: false, address: std::ptr::from_ref(policy).addr() }
    }
}

impl Declared {
    /// Returns the kind and the name; `None` for a constant.
    pub(crate) fn name(self) -> Option<(ItemKind, &'static str)> {
        Some(match self {
            Self::CircuitBreaker(breaker) => (ItemKind::CircuitBreaker, breaker.name()),
            Self::CircuitBreakers(keyed) => (ItemKind::CircuitBreaker, keyed.template().name()),
            Self::Bulkhead(bulkhead) => (ItemKind::Bulkhead, bulkhead.name()),
            Self::Bulkheads(keyed) => (ItemKind::Bulkhead, keyed.template().name()),
            Self::RateLimiter(limiter) => (ItemKind::RateLimiter, limiter.name()),
            Self::RateLimiters(keyed) => (ItemKind::RateLimiter, keyed.template().name()),
            Self::RetryPolicy(policy) => (ItemKind::RetryPolicy, policy.name()),
            Self::RetryBudget(budget) => (ItemKind::RetryBudget, budget.name()),
            Self::AdaptiveTimeout(timeout) => (ItemKind::AdaptiveTimeout, timeout.name()),
            Self::Policy(policy) => (ItemKind::Policy, policy.name()),
            Self::Limit(_) => return None,
        })
    }

    /// Returns the identity of the static; `None` for a constant.
    pub(crate) fn identity(self) -> Option<Identity> {
        let ((kind, _), address) = (self.name()?, self.address()?.addr());
        let is_keyed =
            matches!(self, Self::CircuitBreakers(_) | Self::Bulkheads(_) | Self::RateLimiters(_));
        Some(Identity { kind, is_keyed, address })
    }

    fn address(self) -> Option<*const ()> {
        use std::ptr::from_ref;
        Some(match self {
            Self::CircuitBreaker(breaker) => from_ref(breaker).cast(),
            Self::CircuitBreakers(keyed) => from_ref(keyed).cast(),
            Self::Bulkhead(bulkhead) => from_ref(bulkhead).cast(),
            Self::Bulkheads(keyed) => from_ref(keyed).cast(),
            Self::RateLimiter(limiter) => from_ref(limiter).cast(),
            Self::RateLimiters(keyed) => from_ref(keyed).cast(),
            Self::RetryPolicy(policy) => from_ref(policy).cast(),
            Self::RetryBudget(budget) => from_ref(budget).cast(),
            Self::AdaptiveTimeout(timeout) => from_ref(timeout).cast(),
            Self::Policy(policy) => from_ref(policy).cast(),
            Self::Limit(_) => return None,
        })
    }

    /// Returns an iterator over the item and its parts: the layers of a policy, the budget of a
    /// retry.
    pub(crate) fn with_parts(self) -> impl Iterator<Item = Self> {
        let layers = if let Self::Policy(policy) = self { Some(policy.layers()) } else { None };
        let bulkhead = layers.and_then(|layers| layers.bulkhead);
        let breaker = layers.and_then(|layers| layers.circuit_breaker);
        let retry = layers.and_then(|layers| layers.retry);
        let limiter = layers.and_then(|layers| layers.rate_limiter);
        let retried = if let Self::RetryPolicy(policy) = self { Some(policy) } else { retry };
        let parts = [
            Some(self),
            bulkhead.map(Self::Bulkhead),
            breaker.map(Self::CircuitBreaker),
            retry.map(Self::RetryPolicy),
            limiter.map(Self::RateLimiter),
            retried.and_then(RetryPolicy::retry_budget).map(Self::RetryBudget),
        ];
        parts.into_iter().flatten()
    }
}

impl fmt::Debug for Declared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.name()) {
            (Self::Limit(limit), _) => limit.fmt(f),
            (_, Some((kind, name))) => write!(f, "{kind} `{name}`"),
            (_, None) => Ok(()),
        }
    }
}
