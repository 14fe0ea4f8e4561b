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
    fn all(&self) -> Vec<Arc<P>>;

    /// Number of keys that have a place.
    fn len(&self) -> usize;

    /// Number of keys that can have a place.
    fn capacity(&self) -> usize;

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
        let Some(table) = self.table.get() else { return Vec::new() };
        table.instances().into_iter().chain(table.overflow()).collect()
    }

    fn len(&self) -> usize {
        self.len()
    }

    fn capacity(&self) -> usize {
        self.capacity
    }

    fn is_full(&self) -> bool {
        self.table.get().is_some_and(Table::is_full)
    }

    fn reset(&self) {
        self.reset();
    }
}
