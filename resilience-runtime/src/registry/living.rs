//! The breakers and bulkheads that belong to a value, for as long as they live.
//!
//! Shared state, who touches it, and in which order: `LIVING`, under its lock, by a thread that
//! registers a policy or lists them. Nothing is dropped under the lock but weak references.

use std::collections::BTreeMap;
use std::panic::Location;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::declared::ItemKind;
use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::policy::rate_limiter::RateLimiter;

/// Everything that is registered and may still live, by its address. The weak reference keeps the
/// memory, so no other value gets the same address.
static LIVING: Mutex<BTreeMap<usize, Registered>> = Mutex::new(BTreeMap::new());

#[derive(Clone, Debug)]
struct Registered {
    policy: WeakPolicy,
    place: &'static Location<'static>,
}

#[derive(Clone, Debug)]
enum WeakPolicy {
    CircuitBreaker(Weak<CircuitBreaker>),
    Bulkhead(Weak<Bulkhead>),
    RateLimiter(Weak<RateLimiter>),
}

/// A policy that is registered and lives.
#[derive(Debug)]
pub(super) struct Living {
    pub(super) policy: LivingPolicy,
    /// The place of its registration.
    pub(super) place: &'static Location<'static>,
}

#[derive(Debug)]
pub(super) enum LivingPolicy {
    CircuitBreaker(Arc<CircuitBreaker>),
    Bulkhead(Arc<Bulkhead>),
    RateLimiter(Arc<RateLimiter>),
}

/// A policy that [`Registry::register`](crate::Registry::register) takes: [`CircuitBreaker`],
/// [`Bulkhead`] or [`RateLimiter`]. It can't be implemented for other types.
///
/// ```
/// use resilience::declared::SharedPolicy;
/// use resilience::{Bulkhead, registry};
/// use std::sync::Arc;
///
/// fn listed<P: SharedPolicy>(policy: P) -> Arc<P> {
///     let policy = Arc::new(policy);
///     registry().register(&policy);
///     policy
/// }
///
/// let pool = listed(Bulkhead::new("pool of a client"));
/// assert!(registry().shared_bulkhead(pool.name()).is_some());
/// ```
pub trait SharedPolicy: sealed::Weaken {}

mod sealed {
    use std::sync::Arc;

    use super::WeakPolicy;

    pub trait Weaken {
        #[expect(private_interfaces, reason = "nobody else can call a method of a sealed trait")]
        fn weaken(policy: &Arc<Self>) -> WeakPolicy;
    }
}

impl SharedPolicy for CircuitBreaker {}

impl sealed::Weaken for CircuitBreaker {
    #[expect(private_interfaces, reason = "nobody else can call a method of a sealed trait")]
    fn weaken(policy: &Arc<Self>) -> WeakPolicy {
        WeakPolicy::CircuitBreaker(Arc::downgrade(policy))
    }
}

impl SharedPolicy for Bulkhead {}

impl sealed::Weaken for Bulkhead {
    #[expect(private_interfaces, reason = "nobody else can call a method of a sealed trait")]
    fn weaken(policy: &Arc<Self>) -> WeakPolicy {
        WeakPolicy::Bulkhead(Arc::downgrade(policy))
    }
}

impl SharedPolicy for RateLimiter {}

impl sealed::Weaken for RateLimiter {
    #[expect(private_interfaces, reason = "nobody else can call a method of a sealed trait")]
    fn weaken(policy: &Arc<Self>) -> WeakPolicy {
        WeakPolicy::RateLimiter(Arc::downgrade(policy))
    }
}

/// Adds a policy, unless it is known.
pub(super) fn add<P: SharedPolicy>(policy: &Arc<P>, place: &'static Location<'static>) {
    let entry = Registered { policy: P::weaken(policy), place };
    let mut living = LIVING.lock().unwrap_or_else(PoisonError::into_inner);
    // Not each time: a program may register many.
    if living.len().is_power_of_two() {
        living.retain(|_, entry| entry.is_alive());
    }
    living.entry(Arc::as_ptr(policy).addr()).or_insert(entry);
}

/// Everything that is registered and lives, in order of the names.
pub(super) fn living() -> Vec<Living> {
    let entries: Vec<_> = {
        let mut living = LIVING.lock().unwrap_or_else(PoisonError::into_inner);
        living.retain(|_, entry| entry.is_alive());
        living.values().cloned().collect()
    };
    let mut living: Vec<_> = entries.iter().filter_map(Registered::upgrade).collect();
    living.sort_by_key(|living| living.policy.name());
    living
}

impl Registered {
    fn is_alive(&self) -> bool {
        match &self.policy {
            WeakPolicy::CircuitBreaker(breaker) => breaker.strong_count() > 0,
            WeakPolicy::Bulkhead(bulkhead) => bulkhead.strong_count() > 0,
            WeakPolicy::RateLimiter(limiter) => limiter.strong_count() > 0,
        }
    }

    fn upgrade(&self) -> Option<Living> {
        let policy = match &self.policy {
            WeakPolicy::CircuitBreaker(breaker) => LivingPolicy::CircuitBreaker(breaker.upgrade()?),
            WeakPolicy::Bulkhead(bulkhead) => LivingPolicy::Bulkhead(bulkhead.upgrade()?),
            WeakPolicy::RateLimiter(limiter) => LivingPolicy::RateLimiter(limiter.upgrade()?),
        };
        Some(Living { policy, place: self.place })
    }
}

impl LivingPolicy {
    pub(super) fn kind(&self) -> ItemKind {
        match self {
            Self::CircuitBreaker(_) => ItemKind::CircuitBreaker,
            Self::Bulkhead(_) => ItemKind::Bulkhead,
            Self::RateLimiter(_) => ItemKind::RateLimiter,
        }
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::CircuitBreaker(breaker) => breaker.name(),
            Self::Bulkhead(bulkhead) => bulkhead.name(),
            Self::RateLimiter(limiter) => limiter.name(),
        }
    }

    pub(super) fn reset(&self) {
        match self {
            Self::CircuitBreaker(breaker) => breaker.reset(),
            Self::Bulkhead(bulkhead) => bulkhead.reset(),
            Self::RateLimiter(limiter) => limiter.reset(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gone_leaves_no_more_entries_than_twice_what_lives() {
        let add = || {
            let breaker = Arc::new(CircuitBreaker::new("short-lived"));
            super::add(&breaker, Location::caller());
            breaker
        };
        let scenario = move || {
            let kept: Vec<_> = (0..3).map(|_| add()).collect();
            (0..1_000).for_each(|_| drop(add()));
            let entries = LIVING.lock().unwrap_or_else(PoisonError::into_inner).len();
            assert!(entries <= 2 * (kept.len() + 1), "{entries}");
        };
        shuttle::check_random(scenario, 1);
    }
}
