//! Breakers and bulkheads that belong to a value, for as long as they live.
//!
//! Shared state, who touches it, and in which order: `LIVING`, under its lock, by a thread that
//! registers a policy or lists them. Nothing is dropped under the lock but weak references.

use std::collections::BTreeMap;
use std::panic::Location;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::declared::ItemKind;
use super::registry::Registry;
use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;

/// Everything that is registered and may still live, by its address. The weak reference keeps the
/// memory, so no other value gets the same address.
static LIVING: Mutex<BTreeMap<usize, Entry>> = Mutex::new(BTreeMap::new());

#[derive(Clone, Debug)]
struct Entry {
    policy: WeakPolicy,
    place: &'static Location<'static>,
}

#[derive(Clone, Debug)]
enum WeakPolicy {
    CircuitBreaker(Weak<CircuitBreaker>),
    Bulkhead(Weak<Bulkhead>),
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
}

/// A policy that [`Registry::register`] takes: [`CircuitBreaker`] or [`Bulkhead`]. It can't be
/// implemented for other types.
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

impl Registry {
    /// Lists a breaker or a bulkhead that belongs to a value, a client say, for as long as it lives.
    /// The registry does not keep it alive: when the last `Arc` is dropped, it is no longer listed.
    /// To register it twice changes nothing.
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
    /// It is in [`health`](Self::health), in the report, in the metrics, among the
    /// [`duplicates`](Self::duplicates), and [`reset`](Self::reset) resets it. A file does not
    /// configure it.
    ///
    /// Values may share a name if they are registered at one place in the code, as the clients of a
    /// pool are: health lists each of them, and metrics add them up. To make one for each host or
    /// tenant, take a [`Keyed`](crate::Keyed): it names the key, and its number is bounded.
    #[track_caller]
    pub fn register<P: SharedPolicy>(&self, policy: &Arc<P>) {
        let entry = Entry { policy: P::weaken(policy), place: Location::caller() };
        let mut living = LIVING.lock().unwrap_or_else(PoisonError::into_inner);
        // Not each time: a program may register many.
        if living.len().is_power_of_two() {
            living.retain(|_, entry| entry.is_alive());
        }
        living.entry(Arc::as_ptr(policy).addr()).or_insert(entry);
    }

    /// Every breaker that is [registered](Self::register) and lives, in order of the names.
    #[must_use]
    pub fn shared_circuit_breakers(&self) -> Vec<Arc<CircuitBreaker>> {
        let breaker = |living: Living| match living.policy {
            LivingPolicy::CircuitBreaker(breaker) => Some(breaker),
            LivingPolicy::Bulkhead(_) => None,
        };
        living().into_iter().filter_map(breaker).collect()
    }

    /// Every bulkhead that is [registered](Self::register) and lives, in order of the names.
    #[must_use]
    pub fn shared_bulkheads(&self) -> Vec<Arc<Bulkhead>> {
        let bulkhead = |living: Living| match living.policy {
            LivingPolicy::Bulkhead(bulkhead) => Some(bulkhead),
            LivingPolicy::CircuitBreaker(_) => None,
        };
        living().into_iter().filter_map(bulkhead).collect()
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

/// Everything that is registered and lives, in order of the names.
pub(super) fn living() -> Vec<Living> {
    let entries: Vec<_> = {
        let mut living = LIVING.lock().unwrap_or_else(PoisonError::into_inner);
        living.retain(|_, entry| entry.is_alive());
        living.values().cloned().collect()
    };
    let mut living: Vec<_> = entries.iter().filter_map(Entry::upgrade).collect();
    living.sort_by_key(|living| living.policy.name());
    living
}

impl Entry {
    fn is_alive(&self) -> bool {
        match &self.policy {
            WeakPolicy::CircuitBreaker(breaker) => breaker.strong_count() > 0,
            WeakPolicy::Bulkhead(bulkhead) => bulkhead.strong_count() > 0,
        }
    }

    fn upgrade(&self) -> Option<Living> {
        let policy = match &self.policy {
            WeakPolicy::CircuitBreaker(breaker) => LivingPolicy::CircuitBreaker(breaker.upgrade()?),
            WeakPolicy::Bulkhead(bulkhead) => LivingPolicy::Bulkhead(bulkhead.upgrade()?),
        };
        Some(Living { policy, place: self.place })
    }
}

impl LivingPolicy {
    pub(super) fn kind(&self) -> ItemKind {
        match self {
            Self::CircuitBreaker(_) => ItemKind::CircuitBreaker,
            Self::Bulkhead(_) => ItemKind::Bulkhead,
        }
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::CircuitBreaker(breaker) => breaker.name(),
            Self::Bulkhead(bulkhead) => bulkhead.name(),
        }
    }

    pub(super) fn reset(&self) {
        match self {
            Self::CircuitBreaker(breaker) => breaker.reset(),
            Self::Bulkhead(bulkhead) => bulkhead.reset(),
        }
    }
}
