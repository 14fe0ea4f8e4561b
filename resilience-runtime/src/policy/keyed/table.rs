//! The keys of a [`Keyed`](crate::Keyed) and their instances: a hash table that is read without a
//! lock.
//!
//! Shared state, who touches it, and in which order:
//!
//! - `buckets`: read by every call. A bucket is a short list that is never changed, only replaced
//!   by another, under the lock of `order`.
//! - `order`, under its lock: a thread that adds a key or removes one. The key's own code (`Eq`,
//!   `Clone`, `Display`, `Drop`) never runs under it, because it may use the same table: a thread
//!   looks for the key before it takes the lock, and looks again if the bucket has changed by then.
//! - The lock inside an instance: taken under the lock of `order` by a thread that evicts, never
//!   the other way around.
//! - An entry's `evicting`: written only under that lock. A thread that gives out an instance
//!   without the lock first adds to its reference count, then reads `evicting`; a thread that
//!   evicts first sets `evicting`, then reads the count. At least one of the two sees the other:
//!   either the instance stays, or it is not given out. So nobody is inside an instance that is
//!   evicted, and nobody gets in. The flag stays set on the best candidate while the others are
//!   looked at; a call of that key waits for the lock meanwhile.
//! - `open_keys`: under that lock, each instance is counted from the moment at which its key finds
//!   a place to the moment at which the key loses it.
//! - A thread that reads or changes all instances ([`Table::each`]) holds their entries. It counts
//!   as nobody: it makes no call, and what it does to an instance that has gone is not missed.
//! - An entry's `used`: set without the lock by a thread that gives out the instance; cleared under
//!   the lock by a thread that looks for an entry to evict. It only decides which entry is evicted
//!   first, so its order does not matter.

use std::borrow::Borrow;
use std::fmt::Display;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::{Acquire, Relaxed, SeqCst};

use arc_swap::ArcSwapOption;

use super::keyed_policy::KeyedPolicy;
#[cfg(feature = "tracing")]
use crate::event::FullTable;
use crate::event::{Event, emit_to_observers};
use crate::outcome::{Key, bounded};
use crate::policy::circuit_breaker::{Memory, OpenKeys};
use crate::sync::{AtomicBool, Mutex, MutexGuard, fence, lock};
use crate::time::Nanos;

#[derive(Debug)]
pub(super) struct Table<P, K> {
    hasher: RandomState,
    /// The entries by hash.
    buckets: Box<[ArcSwapOption<Bucket<P, K>>]>,
    order: Mutex<Order<P, K>>,
    capacity: usize,
    /// The counts of the keys, if only a share of them may be open.
    open_keys: Option<Arc<OpenKeys>>,
    /// For the log.
    #[cfg(feature = "tracing")]
    full: FullTable,
}

type Bucket<P, K> = Vec<Arc<KeyEntry<P, K>>>;

/// The lock, and the entry of a key under it.
type LockedEntry<'a, P, K> = (MutexGuard<'a, Order<P, K>>, Option<Arc<KeyEntry<P, K>>>);

/// Average number of keys in a bucket of a table that is full. A new key copies its bucket.
const BUCKET: usize = 4;

/// Largest number of buckets. The buckets of a larger table are longer: memory for keys that never
/// come is not allocated.
const MOST_BUCKETS: usize = 1 << 14;

/// Number of entries that an eviction looks at, at most: however large the table, it holds the lock
/// only for so long.
const LOOKED_AT: usize = 1024;

/// The same for the keys that come after one that found no place: each looks at a few more.
const LOOKED_AT_WHILE_FULL: usize = 32;

/// Largest length of a key's text in bytes. A longer key finds no place, so that the keys of a full
/// table have a bounded size.
const LONGEST_KEY: usize = 1024;

#[derive(Debug)]
struct KeyEntry<P, K> {
    hash: u64,
    key: K,
    instance: Arc<P>,
    used: AtomicBool,
    /// Set while an eviction looks at the entry, and for good once it is evicted.
    evicting: AtomicBool,
    /// Index in the entries of the table. Only used under the lock.
    index: AtomicUsize,
}

/// The entries as they came.
#[derive(Debug)]
struct Order<P, K> {
    entries: Vec<Arc<KeyEntry<P, K>>>,
    /// Index of the entry that the next eviction tries first. The hand goes round, and spares the
    /// entries that were used since it last came by.
    hand: usize,
    /// The instance that all keys share that find no place, if they share one.
    overflow: Option<Arc<P>>,
    /// Set while new keys find no place.
    is_full: bool,
}

/// Loss with an entry: the one with the least is evicted. Second, `true` if the entry was used
/// since the hand last came by.
type Loss = (Memory, bool);

/// The loss of an entry that nobody will miss.
const NO_LOSS: Loss = (Memory::Nothing, false);

impl<P, K> KeyEntry<P, K> {
    /// Returns the instance, unless the entry is evicted.
    fn hold(&self) -> Option<Arc<P>> {
        let held = Arc::clone(&self.instance);
        fence(SeqCst);
        if self.evicting.load(Relaxed) {
            return None;
        }
        // Read first: a key that is asked for all the time does not dirty its entry all the time.
        if !self.used.load(Relaxed) {
            self.used.store(true, Relaxed);
        }
        Some(held)
    }
}

impl<P: KeyedPolicy, K> KeyEntry<P, K> {
    /// Begins to evict the entry, and returns the loss. `None` if a call holds the instance, or if
    /// it must not be lost: then the entry stays. Under the lock.
    fn begin_to_evict(&self, now: Nanos) -> Option<Loss> {
        let was_used = self.used.load(Relaxed);
        self.used.store(false, Relaxed);
        self.evicting.store(true, Relaxed);
        fence(SeqCst);
        let is_alone = Arc::strong_count(&self.instance) == 1;
        // Sees everything that former holders have done.
        fence(Acquire);
        let memory = if is_alone { self.instance.memory(now) } else { Memory::Needed };
        if memory == Memory::Needed {
            self.spare();
            return None;
        }
        Some((memory, was_used))
    }

    /// Does not evict the entry after all. Under the lock.
    fn spare(&self) {
        self.evicting.store(false, Relaxed);
    }
}

impl<P, K> Table<P, K> {
    pub(super) fn len(&self) -> usize {
        lock(&self.order).entries.len()
    }

    /// Returns `true` if the last new key found no place.
    pub(super) fn is_full(&self) -> bool {
        lock(&self.order).is_full
    }
}

impl<P, K: Eq + Hash> Table<P, K> {
    pub(super) fn new(capacity: usize, max_open: Option<f64>) -> Self {
        let buckets = (capacity / BUCKET).clamp(1, MOST_BUCKETS).next_power_of_two();
        Self {
            hasher: RandomState::new(),
            buckets: (0..buckets).map(|_| ArcSwapOption::empty()).collect(),
            order: Mutex::new(Order {
                entries: Vec::new(),
                hand: 0,
                overflow: None,
                is_full: false,
            }),
            capacity,
            open_keys: max_open.map(|share| Arc::new(OpenKeys::new(share))),
            #[cfg(feature = "tracing")]
            full: FullTable::new(),
        }
    }

    pub(super) fn hash<Q: Hash + ?Sized>(&self, key: &Q) -> u64
    where
        K: Borrow<Q>,
    {
        self.hasher.hash_one(key)
    }

    /// Returns the instance of this key, if it is known. Without the lock.
    pub(super) fn hold<Q: Eq + ?Sized>(&self, hash: u64, key: &Q) -> Option<Arc<P>>
    where
        K: Borrow<Q>,
    {
        let bucket = self.bucket(hash).load();
        find(bucket.as_deref()?, hash, key)?.hold()
    }

    pub(super) fn peek<Q: Eq + ?Sized>(&self, hash: u64, key: &Q) -> Option<Arc<P>>
    where
        K: Borrow<Q>,
    {
        let (_order, entry) = self.lock_and_find(hash, key);
        entry.map(|entry| Arc::clone(&entry.instance))
    }

    pub(super) fn remove<Q: Eq + ?Sized>(&self, hash: u64, key: &Q) -> Option<Arc<P>>
    where
        P: KeyedPolicy,
        K: Borrow<Q>,
    {
        let (mut order, entry) = self.lock_and_find(hash, key);
        let removed = entry?;
        self.change(hash, |bucket| bucket.retain(|entry| !Arc::ptr_eq(entry, &removed)));
        order.remove(&removed);
        order.is_full = false;
        removed.instance.leave();
        drop(order);
        Some(Arc::clone(&removed.instance))
    }

    pub(super) fn entries(&self) -> Vec<(K, Arc<P>)>
    where
        K: Clone,
    {
        let entries = lock(&self.order).entries.clone();
        entries.iter().map(|entry| (entry.key.clone(), Arc::clone(&entry.instance))).collect()
    }

    /// Returns every instance that is meant, each held from the moment at which it is found. Asks
    /// under the lock, so the question must be short, and must not use the table.
    pub(super) fn instances(&self, is_meant: &dyn Fn(&P) -> bool) -> Vec<Arc<P>> {
        let order = lock(&self.order);
        let instances = order.entries.iter().map(|entry| &entry.instance).chain(&order.overflow);
        instances.filter(|instance| is_meant(instance)).cloned().collect()
    }

    /// Visits every instance that is there now, outside the lock. Holds the entries and not their
    /// instances, so that a new key still finds a place: the instance that goes for it may be
    /// visited after it has gone.
    pub(super) fn each(&self, visit: &mut dyn FnMut(&P)) {
        let order = lock(&self.order);
        let (entries, overflow) = (order.entries.clone(), order.overflow.clone());
        drop(order);
        for instance in entries.iter().map(|entry| &entry.instance).chain(&overflow) {
            visit(instance);
        }
    }

    /// Takes the lock, and returns the entry that the key has under it.
    fn lock_and_find<Q: Eq + ?Sized>(&self, hash: u64, key: &Q) -> LockedEntry<'_, P, K>
    where
        K: Borrow<Q>,
    {
        loop {
            let seen = self.bucket(hash).load_full();
            let entry = seen.as_deref().and_then(|bucket| find(bucket, hash, key)).cloned();
            let order = lock(&self.order);
            let now = self.bucket(hash).load();
            if seen.as_ref().map(Arc::as_ptr) == now.as_ref().map(Arc::as_ptr) {
                return (order, entry);
            }
        }
    }

    fn bucket(&self, hash: u64) -> &ArcSwapOption<Bucket<P, K>> {
        let last = self.buckets.len() as u64 - 1;
        &self.buckets[usize::try_from(hash & last).unwrap_or(0)]
    }

    /// Replaces a bucket by a changed copy. Under the lock.
    fn change(&self, hash: u64, change: impl FnOnce(&mut Bucket<P, K>)) {
        let current = self.bucket(hash);
        let mut bucket = current.load().as_deref().cloned().unwrap_or_default();
        change(&mut bucket);
        current.store(Some(Arc::new(bucket)));
    }
}

impl<P: KeyedPolicy, K: Eq + Hash + Display> Table<P, K> {
    /// Returns the instance of this key, which was not known a moment ago.
    pub(super) fn hold_or_make<Q>(&self, hash: u64, key: &Q, template: &P) -> Arc<P>
    where
        K: Borrow<Q>,
        Q: Eq + ToOwned<Owned = K> + ?Sized,
    {
        let owned = key.to_owned();
        let name = match bounded(&owned, LONGEST_KEY) {
            Ok(name) => Key::from(name),
            Err(start) => return self.too_long(&Key::from(start), template),
        };
        let (mut order, known) = self.lock_and_find(hash, key);
        // No eviction is under way while the lock is held, so an entry in its bucket can be held.
        if let Some(known) = known.and_then(|entry| entry.hold()) {
            return known;
        }
        let has_room = order.entries.len() < self.capacity;
        let evicted = if has_room { None } else { order.evict(Nanos::now()) };
        if !has_room && evicted.is_none() {
            return self.without_place(order, &name, template);
        }
        order.is_full = false;
        let instance = Arc::new(template.fresh(Some(name)));
        let entry = Arc::new(KeyEntry {
            hash,
            key: owned,
            instance: Arc::clone(&instance),
            used: AtomicBool::new(false),
            evicting: AtomicBool::new(false),
            index: AtomicUsize::new(evicted.unwrap_or(order.entries.len())),
        });
        self.change(hash, |bucket| bucket.push(Arc::clone(&entry)));
        let Some(index) = evicted else {
            self.join(&instance);
            order.entries.push(entry);
            return instance;
        };
        let evicted = std::mem::replace(&mut order.entries[index], entry);
        evicted.instance.leave();
        self.join(&instance);
        self.change(evicted.hash, |bucket| bucket.retain(|entry| !Arc::ptr_eq(entry, &evicted)));
        // The key of the evicted entry is dropped after this.
        drop(order);
        instance
    }

    /// Counts an instance among the keys. Under the lock.
    fn join(&self, instance: &P) {
        if let Some(keys) = &self.open_keys {
            instance.join(keys);
        }
    }
}

impl<P: KeyedPolicy, K: Eq + Hash> Table<P, K> {
    /// Resets all instances, and removes those that nobody holds.
    pub(super) fn reset(&self) {
        // Outside the lock: an observer of what a reset changes may use the same table.
        self.each(&mut |instance| instance.reset());
        let now = Nanos::now();
        let mut order = lock(&self.order);
        let entries = std::mem::take(&mut order.entries);
        let (idle, held): (Vec<_>, _) =
            entries.into_iter().partition(|entry| entry.begin_to_evict(now).is_some());
        order.entries = held;
        order.number();
        order.hand = 0;
        order.is_full &= idle.is_empty();
        for removed in &idle {
            removed.instance.leave();
            self.change(removed.hash, |bucket| bucket.retain(|entry| !Arc::ptr_eq(entry, removed)));
        }
        // The keys of the removed entries are dropped after this.
        drop(order);
    }
}

impl<P: KeyedPolicy, K> Table<P, K> {
    /// Returns the instance for one use of a key that finds no place.
    #[cold]
    fn without_place(
        &self,
        mut order: MutexGuard<'_, Order<P, K>>,
        key: &Key,
        template: &P,
    ) -> Arc<P> {
        let was_full = std::mem::replace(&mut order.is_full, true);
        let instance = order.instance_without_place(key, template);
        drop(order);
        if !was_full {
            #[cfg(feature = "tracing")]
            self.full.is_full(P::KIND, template.name(), key, self.capacity);
            emit_to_observers(|| Event::KeyedFull {
                kind: P::KIND,
                name: template.name(),
                key: key.clone(),
                capacity: self.capacity,
            });
        }
        instance
    }
}

impl<P: KeyedPolicy, K> Table<P, K> {
    /// Returns the instance for one use of a key that is too long to be kept.
    #[cold]
    fn too_long(&self, start: &Key, template: &P) -> Arc<P> {
        lock(&self.order).instance_without_place(start, template)
    }
}

impl<P, K> Order<P, K> {
    /// Removes an entry. The last one takes its place.
    fn remove(&mut self, entry: &KeyEntry<P, K>) {
        let index = entry.index.load(Relaxed);
        self.entries.swap_remove(index);
        if let Some(moved) = self.entries.get(index) {
            moved.index.store(index, Relaxed);
        }
    }

    /// Gives each entry its index.
    fn number(&self) {
        for (index, entry) in self.entries.iter().enumerate() {
            entry.index.store(index, Relaxed);
        }
    }
}

impl<P: KeyedPolicy, K> Order<P, K> {
    /// Returns the instance for one use of a key without a place.
    fn instance_without_place(&mut self, key: &Key, template: &P) -> Arc<P> {
        let overflow = &mut self.overflow;
        let shared = || Arc::clone(overflow.get_or_insert_with(|| Arc::new(template.fresh(None))));
        template.without_place(key.clone()).map_or_else(shared, Arc::new)
    }

    /// Evicts the entry with the least loss, and returns its index. Of several, the one that was
    /// not used since the hand last came by; of several, the first from the hand on.
    fn evict(&mut self, now: Nanos) -> Option<usize> {
        let length = self.entries.len();
        let start = self.hand % length;
        let looked_at = if self.is_full { LOOKED_AT_WHILE_FULL } else { LOOKED_AT }.min(length);
        let mut best: Option<(Loss, usize)> = None;
        for index in (start..start + looked_at).map(|place| place % length) {
            let entry = &self.entries[index];
            let Some(loss) = entry.begin_to_evict(now) else { continue };
            if best.is_some_and(|(least, _)| least <= loss) {
                entry.spare();
                continue;
            }
            if let Some((_, beaten)) = best.replace((loss, index)) {
                self.entries[beaten].spare();
            }
            if loss == NO_LOSS {
                break;
            }
        }
        let evicted = best.map(|(_, index)| index);
        self.hand = evicted.map_or(start + looked_at, |index| index + 1) % length;
        evicted
    }
}

fn find<'e, P, K: Borrow<Q>, Q: Eq + ?Sized>(
    bucket: &'e Bucket<P, K>,
    hash: u64,
    key: &Q,
) -> Option<&'e Arc<KeyEntry<P, K>>> {
    bucket.iter().find(|entry| entry.hash == hash && entry.key.borrow() == key)
}
