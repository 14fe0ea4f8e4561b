//! One instance for each key.

use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::{Arc, OnceLock};

use super::keyed_policy::KeyedPolicy;
use super::table::Table;

/// One [`CircuitBreaker`](crate::CircuitBreaker) or [`Bulkhead`](crate::Bulkhead) for each key: a
/// host, a tenant. All are made after one template, when their key is first asked for.
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
/// Keys are `String`s and looked up by `&str`, unless the type says otherwise: a `Keyed<Bulkhead,
/// u64>` is asked by `&tenant`.
///
/// # When it is full
///
/// At most [`capacity`](Self::capacity) keys are kept. For one more, an instance is evicted that
/// has not been used for a while: never one that a call is holding, and never a breaker that is not
/// closed. What it had counted is forgotten; should its key come back, it begins anew.
///
/// If every instance is held or not closed (of a large table: the next 256 that are looked at), the
/// new key shares one more instance with all other keys that find no place: memory stays bounded,
/// and no call goes unprotected. Its key is tried again at its next call. A breaker that opened for
/// a host that nobody calls any more stays; [`remove`](Self::remove) is for those.
///
/// # What it costs
///
/// A known key: one hash, a look into a short list, and one count of references, on the cache line
/// of its own instance. No lock, no allocation: not even new keys hold it up. A new key takes a
/// lock, makes its instance and copies the list it belongs to.
#[derive(Debug)]
pub struct Keyed<P, K = String> {
    pub(super) template: P,
    capacity: usize,
    /// Made for the first key.
    pub(super) table: OnceLock<Table<P, K>>,
}

impl<P: KeyedPolicy, K: Clone + Eq + Hash> Keyed<P, K> {
    /// One like `template` for each key, for up to 1024 keys.
    #[must_use]
    pub const fn new(template: P) -> Self {
        Self { template, capacity: 1024, table: OnceLock::new() }
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
        let table = self.table.get_or_init(|| Table::new(self.capacity));
        let hash = table.hash(key);
        table.hold(hash, key).unwrap_or_else(|| table.hold_or_make(hash, key, &self.template))
    }

    /// The instance of this key, if there is one.
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

    /// Every key with its instance, in no particular order.
    #[must_use]
    pub fn entries(&self) -> Vec<(K, Arc<P>)> {
        self.table.get().map_or_else(Vec::new, Table::entries)
    }

    /// How many keys are kept now.
    #[must_use]
    pub fn len(&self) -> usize {
        self.table.get().map_or(0, Table::len)
    }

    /// Whether no key is kept now.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
