//! The instances of a `Keyed`, by the name of its policy.

use std::fmt;
use std::sync::Arc;

use super::index::index;
use super::registry::Registry;
use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::policy::keyed::KeyedInstances;
use crate::policy::rate_limiter::RateLimiter;
use crate::state::State;

/// The keys of a [`Keyed`](crate::Keyed) and their instances, whatever the type of the keys:
/// [`Registry::keyed`]. A key is given as it is displayed. Each method reads the keys that have a
/// place at that moment; a look at one key looks through all of them.
///
/// An operator can force the breaker of one key open, or of all:
///
/// ```
/// use resilience::{CircuitBreaker, Keyed, State, circuit_breaker, registry};
///
/// static PRICE: Keyed<CircuitBreaker> = Keyed::new(CircuitBreaker::new("price"));
///
/// #[circuit_breaker(PRICE.get(host))]
/// async fn price(host: &str) -> Result<usize, resilience::Error> {
///     Ok(host.len())
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), resilience::Error> {
/// price("a.example").await?;
/// price("b.example").await?;
/// let prices = registry().keyed("price").expect("an attribute names it");
/// assert!(prices.force_open("a.example"));
/// for breaker in prices.circuit_breakers() {
///     println!("{:?} is {}", breaker.key(), breaker.state());
/// }
/// assert_eq!(prices.count(State::ForcedOpen), 1);
/// prices.reset_all();
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy)]
pub struct KeyedHandle {
    name: &'static str,
    circuit_breakers: Option<&'static dyn KeyedInstances<CircuitBreaker>>,
    bulkheads: Option<&'static dyn KeyedInstances<Bulkhead>>,
    rate_limiters: Option<&'static dyn KeyedInstances<RateLimiter>>,
}

impl Registry {
    /// Every [`Keyed`](crate::Keyed) that an attribute or a [`register!`](crate::register) names,
    /// in order of their names. Keyed breakers, bulkheads and rate limiters of one name are one
    /// handle.
    pub fn keyed_policies(&self) -> impl Iterator<Item = KeyedHandle> + use<> {
        let index = index();
        let mut names: Vec<_> = index.keyed_circuit_breakers.names().collect();
        names.extend(index.keyed_bulkheads.names());
        names.extend(index.keyed_rate_limiters.names());
        names.sort_unstable();
        names.dedup();
        names.into_iter().filter_map(KeyedHandle::of)
    }

    /// The [`Keyed`](crate::Keyed) whose policy has this name.
    #[must_use]
    pub fn keyed(&self, name: &str) -> Option<KeyedHandle> {
        KeyedHandle::of(name)
    }
}

impl KeyedHandle {
    fn of(name: &str) -> Option<Self> {
        let circuit_breakers = index().keyed_circuit_breakers.get(name);
        let bulkheads = index().keyed_bulkheads.get(name);
        let rate_limiters = index().keyed_rate_limiters.get(name);
        let of_breaker = circuit_breakers.map(|keyed| keyed.template().name());
        let of_bulkhead = bulkheads.map(|keyed| keyed.template().name());
        let of_limiter = rate_limiters.map(|keyed| keyed.template().name());
        let name = of_breaker.or(of_bulkhead).or(of_limiter)?;
        Some(Self { name, circuit_breakers, bulkheads, rate_limiters })
    }

    /// Returns the name of the policy.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the number of keys that have a place now.
    #[must_use]
    pub fn len(&self) -> usize {
        let breakers = self.circuit_breakers.map_or(0, KeyedInstances::len);
        let bulkheads = self.bulkheads.map_or(0, KeyedInstances::len);
        breakers + bulkheads + self.rate_limiters.map_or(0, KeyedInstances::len)
    }

    /// Returns `true` if no key has a place now.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the breaker of each key, in order of the keys. Empty for keyed bulkheads.
    #[must_use]
    pub fn circuit_breakers(&self) -> Vec<Arc<CircuitBreaker>> {
        let mut breakers = self.circuit_breakers.map_or_else(Vec::new, KeyedInstances::all);
        breakers.sort_by(|a, b| a.key().cmp(&b.key()));
        breakers
    }

    /// Returns the bulkhead of each key, in order of the keys. The first may be one without a key,
    /// which is shared by all keys that found no place. Empty for keyed breakers.
    #[must_use]
    pub fn bulkheads(&self) -> Vec<Arc<Bulkhead>> {
        let mut bulkheads = self.bulkheads.map_or_else(Vec::new, KeyedInstances::all);
        bulkheads.sort_by(|a, b| a.key().cmp(&b.key()));
        bulkheads
    }

    /// Returns the rate limiter of each key, in order of the keys. The first may be one without a
    /// key, which is shared by all keys that found no place. Empty for other policies.
    #[must_use]
    pub fn rate_limiters(&self) -> Vec<Arc<RateLimiter>> {
        let mut limiters = self.rate_limiters.map_or_else(Vec::new, KeyedInstances::all);
        limiters.sort_by(|a, b| a.key().cmp(&b.key()));
        limiters
    }

    /// Returns the breaker of this key, if it has one now. Of several keys that are displayed
    /// alike, that of any.
    #[must_use]
    pub fn circuit_breaker(&self, key: &str) -> Option<Arc<CircuitBreaker>> {
        self.breakers_of(key).into_iter().next()
    }

    /// Returns the bulkhead of this key, if it has one now. Of several keys that are displayed
    /// alike, that of any.
    #[must_use]
    pub fn bulkhead(&self, key: &str) -> Option<Arc<Bulkhead>> {
        self.bulkheads_of(key).into_iter().next()
    }

    /// Returns the rate limiter of this key, if it has one now. Of several keys that are displayed
    /// alike, that of any.
    #[must_use]
    pub fn rate_limiter(&self, key: &str) -> Option<Arc<RateLimiter>> {
        self.rate_limiters_of(key).into_iter().next()
    }

    /// Returns the number of keys whose breakers are in this state.
    #[must_use]
    pub fn count(&self, state: State) -> usize {
        let mut count = 0;
        if let Some(breakers) = self.circuit_breakers {
            breakers.each(&mut |breaker| count += usize::from(breaker.state() == state));
        }
        count
    }

    /// [Forces](CircuitBreaker::force_open) the breaker of this key open; of several keys that are
    /// displayed alike, those of all. Returns `false` if the key has none now: it gets one at its
    /// first call.
    #[must_use = "`false` means that nothing was forced open"]
    pub fn force_open(&self, key: &str) -> bool {
        let breakers = self.breakers_of(key);
        for breaker in &breakers {
            breaker.force_open();
        }
        !breakers.is_empty()
    }

    /// [Forces](CircuitBreaker::force_open) the breakers of all present keys open. A key that comes
    /// later has a closed breaker.
    pub fn force_open_all(&self) {
        self.circuit_breakers().iter().for_each(|breaker| breaker.force_open());
    }

    /// [Resets](CircuitBreaker::reset) the breaker of this key and its
    /// [rate limiter](RateLimiter::reset), and undoes a [resize](Bulkhead::resize) of its bulkhead;
    /// of several keys that are displayed alike, those of all. Returns `false` if the key has none
    /// now.
    #[must_use = "`false` means that nothing was reset"]
    pub fn reset(&self, key: &str) -> bool {
        let (breakers, bulkheads) = (self.breakers_of(key), self.bulkheads_of(key));
        for breaker in &breakers {
            breaker.reset();
        }
        for bulkhead in &bulkheads {
            bulkhead.reset();
        }
        let limiters = self.rate_limiters_of(key);
        for limiter in &limiters {
            limiter.reset();
        }
        !(breakers.is_empty() && bulkheads.is_empty() && limiters.is_empty())
    }

    /// The breaker of each key that is displayed so.
    fn breakers_of(&self, key: &str) -> Vec<Arc<CircuitBreaker>> {
        let is_meant = |breaker: &CircuitBreaker| breaker.key() == Some(key);
        self.circuit_breakers.map_or_else(Vec::new, |breakers| breakers.such(&is_meant))
    }

    /// The bulkhead of each key that is displayed so.
    fn bulkheads_of(&self, key: &str) -> Vec<Arc<Bulkhead>> {
        let is_meant = |bulkhead: &Bulkhead| bulkhead.key() == Some(key);
        self.bulkheads.map_or_else(Vec::new, |bulkheads| bulkheads.such(&is_meant))
    }

    /// The rate limiter of each key that is displayed so.
    fn rate_limiters_of(&self, key: &str) -> Vec<Arc<RateLimiter>> {
        let is_meant = |limiter: &RateLimiter| limiter.key() == Some(key);
        self.rate_limiters.map_or_else(Vec::new, |limiters| limiters.such(&is_meant))
    }

    /// [Resets](crate::Keyed::reset) all: keys that nobody is using are forgotten.
    pub fn reset_all(&self) {
        if let Some(breakers) = self.circuit_breakers {
            breakers.reset();
        }
        if let Some(bulkheads) = self.bulkheads {
            bulkheads.reset();
        }
        if let Some(limiters) = self.rate_limiters {
            limiters.reset();
        }
    }
}

impl fmt::Debug for KeyedHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyedHandle")
            .field("name", &self.name)
            .field("keys", &self.len())
            .finish_non_exhaustive()
    }
}
