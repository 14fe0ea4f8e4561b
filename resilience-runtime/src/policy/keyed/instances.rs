//! The instances of all keys.

use std::fmt::Display;
use std::hash::Hash;
use std::sync::Arc;

use super::keyed::Keyed;
use super::keyed_policy::KeyedPolicy;
use super::table::Table;

/// All the instances of a [`Keyed`], whatever its keys are.
pub trait KeyedInstances<P>: Sync {
    /// What they are made after.
    fn template(&self) -> &P;

    /// Each key, as it is displayed, with its instance; `None` for the one that all keys share that
    /// find no place.
    fn all(&self) -> Vec<(Option<String>, Arc<P>)>;
}

impl<P: KeyedPolicy + Send + Sync, K: Clone + Eq + Hash + Display + Send + Sync> KeyedInstances<P>
    for Keyed<P, K>
{
    fn template(&self) -> &P {
        &self.template
    }

    fn all(&self) -> Vec<(Option<String>, Arc<P>)> {
        let keyed =
            self.entries().into_iter().map(|(key, instance)| (Some(key.to_string()), instance));
        let overflow = self.table.get().and_then(Table::overflow);
        keyed.chain(overflow.map(|overflow| (None, overflow))).collect()
    }
}
