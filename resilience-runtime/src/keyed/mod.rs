//! One breaker or bulkhead a key: a host, a tenant.
//!
//! Shared state, who touches it, and in which order: `table`, under a lock that readers share. A known key only reads it, and
//! marks its entry as used. A new key writes it. An instance leaves the table only under the writers' lock and only if the
//! table holds the last reference to it: nobody can be inside, and nobody can get in, as all references are given out under the lock.

#[cfg(test)]
mod model;

use std::borrow::Borrow;
use std::collections::HashMap;
use std::fmt::Display;
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use crate::bulkhead::Bulkhead;
use crate::circuit_breaker::{CircuitBreaker, State};
use crate::sync::{AtomicBool, RwLock, read, write};

/// One [`CircuitBreaker`] or [`Bulkhead`] for each key: a host, a tenant. All are made after one pattern, when their key is
/// first asked for.
///
/// ```
/// use resilience::{CircuitBreaker, Keyed, circuit_breaker};
///
/// static PER_HOST: Keyed<CircuitBreaker> =
///     Keyed::new(CircuitBreaker::new("host").failure_threshold(3)).capacity(500);
/// # #[derive(Debug)] struct ApiError;
/// # impl From<resilience::Error> for ApiError { fn from(_: resilience::Error) -> Self { Self } }
///
/// #[circuit_breaker(PER_HOST.get(host))]
/// async fn fetch(host: &str, path: &str) -> Result<String, ApiError> {
///     Ok(format!("{host}/{path}"))
/// }
/// ```
///
/// Keys are `String`s and looked up by `&str`, unless the type says otherwise: a `Keyed<Bulkhead, u64>` is asked by `&tenant`.
///
/// # When it is full
///
/// At most [`capacity`](Self::capacity) keys are kept. For one more, an instance is evicted that has not been used for a while:
/// never one that a call is holding, and never a breaker that is not closed. What it had counted is forgotten; should its key come
/// back, it begins anew.
///
/// If every instance is held or not closed (of a large table: the next 256 that are looked at), the new key shares one more instance with all other keys that find no place: memory stays
/// bounded, and no call goes unprotected. Its key is tried again at its next call. A breaker that opened for a host that nobody calls any more
/// stays; [`remove`](Self::remove) is for those.
///
/// # What it costs
///
/// A known key: a shared lock, one hash, and one count of references. No allocation.
#[derive(Debug)]
pub struct Keyed<P, K = String> {
    pattern: P,
    capacity: usize,
    /// Made for the first key.
    table: RwLock<Option<Table<P, K>>>,
}

/// What a [`Keyed`] can hold: [`CircuitBreaker`] and [`Bulkhead`].
pub trait PerKey: sealed::PerKey {}

mod sealed {
    pub trait PerKey {
        /// Another one with the same name and limits.
        fn like(&self) -> Self;

        /// Whether nothing of importance is lost with it, if no call is holding it.
        fn is_at_rest(&self) -> bool;
    }
}

impl PerKey for CircuitBreaker {}

impl sealed::PerKey for CircuitBreaker {
    fn like(&self) -> Self {
        self.like()
    }

    fn is_at_rest(&self) -> bool {
        self.state() == State::Closed
    }
}

impl PerKey for Bulkhead {}

impl sealed::PerKey for Bulkhead {
    fn like(&self) -> Self {
        self.like()
    }

    fn is_at_rest(&self) -> bool {
        true
    }
}

impl<P: PerKey, K: Clone + Eq + Hash> Keyed<P, K> {
    /// One like `pattern` for each key, for up to 1024 keys.
    #[must_use]
    pub const fn new(pattern: P) -> Self {
        Self { pattern, capacity: 1024, table: RwLock::new(None) }
    }

    /// How many keys are kept. Default 1024, at least 1.
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

    /// The instance of this key, made if there is none yet. It stays as long as it is held.
    pub fn get<Q>(&self, key: &Q) -> Arc<P>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized,
    {
        if let Some(table) = &*read(&self.table)
            && let Some(known) = table.find(key)
        {
            return known;
        }
        let mut table = write(&self.table);
        let table = table.get_or_insert_with(Table::new);
        table.find(key).unwrap_or_else(|| table.insert(key.to_owned(), &self.pattern, self.capacity))
    }

    /// The instance of this key, if there is one.
    pub fn peek<Q>(&self, key: &Q) -> Option<Arc<P>>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let table = read(&self.table);
        table.as_ref()?.entry(key).map(|entry| Arc::clone(&entry.instance))
    }

    /// Forgets a key. Calls that hold its instance go on with it; the next call of this key gets a new one.
    pub fn remove<Q>(&self, key: &Q) -> Option<Arc<P>>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        write(&self.table).as_mut()?.remove(key)
    }

    /// Every key with its instance, in no particular order.
    #[must_use]
    pub fn entries(&self) -> Vec<(K, Arc<P>)> {
        let table = read(&self.table);
        let entries = table.iter().flat_map(|table| &table.entries);
        entries.map(|entry| (entry.key.clone(), Arc::clone(&entry.instance))).collect()
    }

    /// How many keys are kept now.
    #[must_use]
    pub fn len(&self) -> usize {
        read(&self.table).as_ref().map_or(0, |table| table.entries.len())
    }

    /// Whether no key is kept now.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// All the instances of a [`Keyed`], whatever its keys are.
pub trait Instances<P>: Sync {
    /// What they are made after.
    fn pattern(&self) -> &P;

    /// Each key, as it is displayed, with its instance; `None` for the one that all keys share that find no place.
    fn all(&self) -> Vec<(Option<String>, Arc<P>)>;
}

impl<P: PerKey + Send + Sync, K: Clone + Eq + Hash + Display + Send + Sync> Instances<P> for Keyed<P, K> {
    fn pattern(&self) -> &P {
        &self.pattern
    }

    fn all(&self) -> Vec<(Option<String>, Arc<P>)> {
        let keyed = self.entries().into_iter().map(|(key, instance)| (Some(key.to_string()), instance));
        let shared = read(&self.table).as_ref().and_then(|table| table.shared.clone());
        keyed.chain(shared.map(|shared| (None, shared))).collect()
    }
}

/// How many entries are looked at when one must go: nobody else gets in meanwhile, however large the table.
const LOOKED_AT: usize = 256;

#[derive(Debug)]
struct Table<P, K> {
    /// Where in `entries` each key is.
    places: HashMap<K, usize>,
    entries: Vec<Entry<P, K>>,
    /// The entry that is looked at next when one must go: it goes round, and spares those used since it came by last.
    hand: usize,
    /// For the keys that find no place.
    shared: Option<Arc<P>>,
}

#[derive(Debug)]
struct Entry<P, K> {
    key: K,
    instance: Arc<P>,
    used: AtomicBool,
}

impl<P: PerKey, K: Clone + Eq + Hash> Table<P, K> {
    fn new() -> Self {
        Self { places: HashMap::new(), entries: Vec::new(), hand: 0, shared: None }
    }

    fn entry<Q>(&self, key: &Q) -> Option<&Entry<P, K>>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.entries.get(*self.places.get(key)?)
    }

    fn find<Q>(&self, key: &Q) -> Option<Arc<P>>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let entry = self.entry(key)?;
        // Read first: a key that is asked for all the time does not dirty its entry all the time.
        if !entry.used.load(Relaxed) {
            entry.used.store(true, Relaxed);
        }
        Some(Arc::clone(&entry.instance))
    }

    fn insert(&mut self, key: K, pattern: &P, capacity: usize) -> Arc<P> {
        let place = if self.entries.len() < capacity { Some(self.entries.len()) } else { self.evict() };
        let Some(place) = place else {
            return Arc::clone(self.shared.get_or_insert_with(|| Arc::new(pattern.like())));
        };
        let instance = Arc::new(pattern.like());
        let entry = Entry { key: key.clone(), instance: Arc::clone(&instance), used: AtomicBool::new(false) };
        match self.entries.get_mut(place) {
            Some(evicted) => {
                self.places.remove(&evicted.key);
                *evicted = entry;
            }
            None => self.entries.push(entry),
        }
        self.places.insert(key, place);
        instance
    }

    /// The place of one that may go. Two rounds at most: the first may find all of them used.
    fn evict(&mut self) -> Option<usize> {
        for _ in 0..LOOKED_AT.min(2 * self.entries.len()) {
            let place = self.hand;
            self.hand = (self.hand + 1) % self.entries.len();
            let entry = &self.entries[place];
            let spared = entry.used.load(Relaxed);
            entry.used.store(false, Relaxed);
            if !spared && Arc::strong_count(&entry.instance) == 1 && entry.instance.is_at_rest() {
                return Some(place);
            }
        }
        None
    }

    fn remove<Q>(&mut self, key: &Q) -> Option<Arc<P>>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let place = self.places.remove(key)?;
        let removed = self.entries.swap_remove(place);
        if let Some(moved) = self.entries.get(place) {
            self.places.insert(moved.key.clone(), place);
        }
        self.hand = 0;
        Some(removed.instance)
    }
}
