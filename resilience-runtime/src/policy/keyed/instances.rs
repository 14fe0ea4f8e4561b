//! The instances of a keyed policy, whatever its keys are.

use std::fmt::Display;
use std::hash::Hash;
use std::sync::Arc;

use super::keyed::Keyed;
use super::keyed_policy::KeyedPolicy;
use super::table::Table;

/// All the instances of a [`Keyed`], whatever the type of its keys.
pub trait KeyedInstances<P>: Sync {
    /// Template of the instances.
    fn template(&self) -> &P;

    /// Every instance, in no particular order. Each knows its key, as it is displayed. The one that
    /// all keys share that find no place, if they share one, has none.
    ///
    /// They are held meanwhile: while they are, none of them can go for a new key. To look at them,
    /// visit [`each`](Self::each).
    fn all(&self) -> Vec<Arc<P>>;

    /// Those of [`all`](Self::all) that are meant. Asks under the lock of the table.
    fn such(&self, is_meant: &dyn Fn(&P) -> bool) -> Vec<Arc<P>>;

    /// Visits those that are there at the moment of the call, as [`all`](Self::all) would return
    /// them. Holds none: each of them may go for a new key meanwhile, and is visited nevertheless.
    fn each(&self, visit: &mut dyn FnMut(&P));

    /// Number of keys that have a place.
    fn len(&self) -> usize;

    /// Number of keys that can have a place.
    fn capacity(&self) -> usize;

    /// Share of the keys whose breakers may be open at once, if only a share may be.
    fn open_share(&self) -> Option<f64>;

    /// Returns `true` while new keys find no place.
    fn is_full(&self) -> bool;

    /// Forgets every key that nobody is using, and resets the instances of the others.
    fn reset(&self);
}

impl<P, K> KeyedInstances<P> for Keyed<P, K>
where
    P: KeyedPolicy + Send + Sync,
    K: Clone + Eq + Hash + Display + Send + Sync,
{
    fn template(&self) -> &P {
        &self.template
    }

    fn all(&self) -> Vec<Arc<P>> {
        self.such(&|_| true)
    }

    fn such(&self, is_meant: &dyn Fn(&P) -> bool) -> Vec<Arc<P>> {
        self.table.get().map_or_else(Vec::new, |table| table.instances(is_meant))
    }

    fn each(&self, visit: &mut dyn FnMut(&P)) {
        if let Some(table) = self.table.get() {
            table.each(visit);
        }
    }

    fn len(&self) -> usize {
        self.len()
    }

    fn capacity(&self) -> usize {
        self.capacity
    }

    fn open_share(&self) -> Option<f64> {
        self.open_share
    }

    fn is_full(&self) -> bool {
        self.table.get().is_some_and(Table::is_full)
    }

    fn reset(&self) {
        self.reset();
    }
}
