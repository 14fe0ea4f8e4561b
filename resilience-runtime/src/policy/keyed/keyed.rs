//! One instance of a policy for each key.

use std::borrow::Borrow;
use std::fmt::{self, Debug, Display};
use std::hash::Hash;
use std::sync::{Arc, OnceLock};

use super::keyed_policy::KeyedPolicy;
use super::table::Table;
use crate::policy::circuit_breaker::CircuitBreaker;

/// One [`CircuitBreaker`](crate::CircuitBreaker), [`Bulkhead`](crate::Bulkhead) or
/// [`RateLimiter`](crate::RateLimiter) for each key: a host, a tenant. All are made after one
/// template, when their key is first asked for.
///
/// # One breaker per host
///
/// A client of many hosts needs a breaker for each of them: with one for all, a host that is down
/// would turn calls to all others away. The attribute takes the breaker of the host that the call
/// is for:
///
/// ```
/// use resilience::{CircuitBreaker, Keyed, circuit_breaker};
///
/// static PER_HOST: Keyed<CircuitBreaker> =
///     Keyed::new(CircuitBreaker::new("host").consecutive_failures(3)).capacity(500);
/// # #[derive(Debug)] struct ApiError;
/// # impl From<resilience::Error> for ApiError { fn from(_: resilience::Error) -> Self { Self } }
///
/// #[circuit_breaker(PER_HOST.get(host))]
/// async fn fetch(host: &str, path: &str) -> Result<String, ApiError> {
///     Ok(format!("{host}/{path}"))
/// }
/// ```
///
/// Choose a `capacity` above the number of hosts that are in use at the same time. If callers
/// choose the hosts, they may name any number of them: memory stays bounded, and a
/// [full table](#when-it-is-full) is an event.
///
/// If most hosts fail together, the cause may be this program's own: see
/// [`max_open`](Self::max_open), which limits the share of them that is open at once.
///
/// An operator finds the keys by the name of the template, and controls one or all:
/// [`registry().keyed("host")`](crate::Registry::keyed).
///
/// # One bulkhead per tenant
///
/// So that no tenant takes all slots:
///
/// ```
/// use resilience::{Bulkhead, Keyed, bulkhead};
///
/// static PER_TENANT: Keyed<Bulkhead, u64> =
///     Keyed::new(Bulkhead::new("tenant").max_concurrent(4)).capacity(10_000);
/// # #[derive(Debug)] struct ApiError;
/// # impl From<resilience::Error> for ApiError { fn from(_: resilience::Error) -> Self { Self } }
///
/// #[bulkhead(PER_TENANT.get(&tenant))]
/// async fn export(tenant: u64) -> Result<Vec<u8>, ApiError> {
///     Ok(tenant.to_be_bytes().to_vec())
/// }
/// ```
///
/// # One rate limiter per tenant
///
/// So that no tenant takes the calls of another:
///
/// ```
/// use resilience::{Keyed, RateLimiter};
///
/// static PER_TENANT: Keyed<RateLimiter, u64> =
///     Keyed::new(RateLimiter::new("tenant").per_second(5)).capacity(10_000);
///
/// assert!(PER_TENANT.get(&7).try_acquire(1).is_ok());
/// ```
///
/// # Keys
///
/// Keys are `String`s and looked up by `&str`, unless the type says otherwise: a `Keyed<Bulkhead,
/// u64>` is asked by `&tenant`. Errors, events, snapshots and `health()` name the key as it is
/// displayed; metrics don't.
///
/// # When it is full
///
/// At most [`capacity`](Self::capacity) keys are kept. For one more, an idle instance is evicted,
/// and what it has counted is forgotten. If its key comes back, it starts from zero. In this order:
///
/// 1. A closed breaker without failures or slow calls in its window and without a run of failures,
///    a bulkhead, or a rate limiter with all its tokens. So made-up keys drive out each other,
///    and not the host whose failures are about to open its breaker.
/// 2. An open or half-open breaker, once a probe has been due for at least as long as the breaker
///    was open: a host that was down and that nobody calls any more. The next call would be
///    admitted anyway.
/// 3. A closed breaker with failures.
///
/// Of several, one goes that has not been used for a while. An instance never goes while a call
/// holds it, or while its breaker rejects calls. Nor does it go after `force_open` or `disable`
/// until [`reset`](crate::CircuitBreaker::reset), or after [`resize`](crate::Bulkhead::resize)
/// until `undo_resize`; [`remove`](Self::remove) is for those.
///
/// A rate limiter that has not all its tokens, or that is paused, never goes: a new one in its
/// place would let `burst` calls through.
///
/// If nothing may go (at most 1024 entries are looked at, and 32 for the keys after one without a
/// place), the key finds no place. It is tried again at its next call. Nor does a key find a place
/// whose text is longer than 1024 bytes, so that memory stays bounded if callers choose the keys.
///
/// | kind | a key without a place |
/// |---|---|
/// | breaker | Each `get` returns a breaker of its own that is [`Disabled`](crate::State::Disabled): every call is let through, nothing is counted, and no key pays for the failures of another. It is in no list. |
/// | bulkhead, rate limiter | All such keys share one more, which has no key: without any, nothing would limit their calls. So these tenants may wait for each other. |
///
/// The event [`KeyedFull`](crate::Event::KeyedFull) says so, once until a new key finds a place
/// again. It calls for a greater `capacity`.
///
/// # Cost
///
/// A known key: one hash, a look into a short list, and one reference count, on the cache line of
/// its own instance. No lock, no allocation: not even new keys hold it up. A new key takes a lock,
/// makes its instance and copies the list it belongs to. Each call with a key that finds no place
/// takes the lock too, looks for an entry to evict, and allocates the key and its text: give the
/// table a `capacity` above the number of keys that are usual.
pub struct Keyed<P, K = String> {
    pub(super) template: P,
    pub(super) capacity: usize,
    /// Share of the keys that may be open, for breakers.
    pub(super) open_share: Option<f64>,
    /// Made for the first key.
    pub(super) table: OnceLock<Table<P, K>>,
}

impl<P: KeyedPolicy, K: Clone + Eq + Hash + Display> Keyed<P, K> {
    /// Instances after `template`, for up to 1024 keys.
    #[must_use]
    pub const fn new(template: P) -> Self {
        Self { template, capacity: 1024, open_share: None, table: OnceLock::new() }
    }

    /// Number of keys that are kept. Default 1024, at least 1.
    ///
    /// # Panics
    ///
    /// If `keys` is 0; in a `static`, that is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn capacity(mut self, keys: usize) -> Self {
        assert!(keys > 0, "capacity must be at least 1: with 0 all keys would share one instance");
        self.capacity = keys;
        self
    }

    /// Returns the instance of this key, made if there is none yet. It stays as long as it is held.
    ///
    /// ```
    /// use resilience::{Bulkhead, Keyed};
    ///
    /// static PER_TENANT: Keyed<Bulkhead, u64> =
    ///     Keyed::new(Bulkhead::new("tenant").max_concurrent(2));
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let pool = PER_TENANT.get(&7);
    /// assert_eq!((pool.name(), pool.key()), ("tenant", Some("7")));
    /// let answer = pool.call(async || Ok::<_, std::io::Error>("done")).await;
    /// assert!(answer.is_ok());
    /// # }
    /// ```
    pub fn get<Q>(&self, key: &Q) -> Arc<P>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized,
    {
        let table = self.table.get_or_init(|| Table::new(self.capacity, self.open_share));
        let hash = table.hash(key);
        table.hold(hash, key).unwrap_or_else(|| table.hold_or_make(hash, key, &self.template))
    }

    /// Returns the instance of this key, if there is one.
    pub fn peek<Q>(&self, key: &Q) -> Option<Arc<P>>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let table = self.table.get()?;
        table.peek(table.hash(key), key)
    }

    /// Forgets a key. Calls that hold its instance go on with it; the next call of this key gets a
    /// new one.
    pub fn remove<Q>(&self, key: &Q) -> Option<Arc<P>>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let table = self.table.get()?;
        table.remove(table.hash(key), key)
    }

    /// Forgets every key that nobody is using, and resets the instances of the others.
    ///
    /// ```
    /// use resilience::{CircuitBreaker, Keyed, State};
    ///
    /// static PER_HOST: Keyed<CircuitBreaker> = Keyed::new(CircuitBreaker::new("host"));
    ///
    /// let held = PER_HOST.get("a.example");
    /// held.force_open();
    /// PER_HOST.get("b.example").force_open();
    /// PER_HOST.reset();
    /// assert_eq!((held.state(), PER_HOST.len()), (State::Closed, 1));
    /// ```
    pub fn reset(&self) {
        if let Some(table) = self.table.get() {
            table.reset();
        }
    }

    /// Every key with its instance, in no particular order.
    #[must_use]
    pub fn entries(&self) -> Vec<(K, Arc<P>)> {
        self.table.get().map_or_else(Vec::new, Table::entries)
    }

    /// Number of keys that are kept now.
    #[must_use]
    pub fn len(&self) -> usize {
        self.table.get().map_or(0, Table::len)
    }

    /// Returns `true` if no key is kept now.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<K> Keyed<CircuitBreaker, K> {
    /// Sets the share of the keys in use whose breakers may be open at once: more than 0.0 and at
    /// most 1.0. By default any number may be.
    ///
    /// If most keys fail together, the cause is rarely each of them: a network of the caller's own,
    /// a release of it, a load that is too high for those that are left. With every breaker open,
    /// nobody is called, and nothing is found out. With `max_open(0.5)`, half of the hosts are
    /// called as if they had no breaker.
    ///
    /// A breaker that reaches one of its limits while as many keys as may be are open stays closed:
    ///
    /// - Its calls go through, and it goes on to count. It asks again at each failure or slow call
    ///   that finds a limit reached, and opens as soon as another key is no longer open.
    /// - The event [`CircuitBreakerKeptClosed`](crate::Event::CircuitBreakerKeptClosed) says so,
    ///   and a metric counts it. Meanwhile
    ///   [`kept_closed`](crate::health::CircuitBreakerHealth::kept_closed) is set in its health and
    ///   its [snapshot](CircuitBreaker::snapshot).
    ///
    /// What counts:
    ///
    /// - **Keys in use** are those that have a place, however long ago they were called: no call
    ///   reads a clock for this. So choose a [`capacity`](Self::capacity) near the number of keys
    ///   that are called, or [`remove`](Self::remove) those that are gone. A key without a place
    ///   does not count.
    /// - **Open** are the breakers that are open, half-open or forced open. A probe that fails
    ///   opens its breaker again without a question, because its key has counted all the time.
    /// - The share is rounded down, and one key may always be open.
    /// - It is looked at when a breaker is about to open. No open breaker closes because other keys
    ///   lose their places, and [`force_open`](CircuitBreaker::force_open) always works.
    ///
    /// It costs nothing in calls that succeed. A file can't change it.
    ///
    /// ```
    /// use resilience::{CircuitBreaker, Keyed, State};
    ///
    /// static PER_HOST: Keyed<CircuitBreaker, u8> =
    ///     Keyed::new(CircuitBreaker::new("host").consecutive_failures(1)).max_open(0.5);
    ///
    /// for host in 0..5 {
    ///     PER_HOST.get(&host);
    /// }
    /// for host in 0..5 {
    ///     PER_HOST.get(&host).admit()?.failure();
    /// }
    /// let states = [0, 1, 2, 3, 4].map(|host| PER_HOST.get(&host).state());
    /// assert_eq!(states, [State::Open, State::Open, State::Closed, State::Closed, State::Closed]);
    /// assert!(PER_HOST.get(&2).snapshot().kept_closed);
    /// # Ok::<(), resilience::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If `share` is not such a share; in a `static`, that is a compile error.
    #[must_use]
    #[track_caller]
    pub const fn max_open(mut self, share: f64) -> Self {
        assert!(
            share > 0.0 && share <= 1.0,
            "`max_open` must be more than 0.0 and at most 1.0: it is the share of the keys that \
             may be open at once"
        );
        self.open_share = Some(share);
        self
    }
}

impl<P: Debug, K> Debug for Keyed<P, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Keyed");
        debug.field("template", &self.template).field("capacity", &self.capacity);
        if let Some(share) = self.open_share {
            debug.field("max_open", &share);
        }
        debug.field("keys", &self.table.get().map_or(0, Table::len)).finish_non_exhaustive()
    }
}
