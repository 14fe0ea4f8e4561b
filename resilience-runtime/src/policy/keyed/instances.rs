//! The instances of all keys.

use std::fmt::Display;
use std::hash::Hash;
use std::sync::Arc;

use super::keyed::Keyed;
use super::keyed_policy::PerKey;
use super::table::Table;

/// All the instances of a [`Keyed`], whatever its keys are.
pub trait Instances<P>: Sync {
    /// What they are made after.
    fn pattern(&self) -> &P;

    /// Each key, as it is displayed, with its instance; `None` for the one that all keys share that find no place.
    fn all(&self) -> Vec<(Option<String>, Arc<P>)>;
}

impl<P: PerKey + Send + Sync, K: Clone + Eq + Hash + Display + Send + Sync> Instances<P>
    for Keyed<P, K>
{
    fn pattern(&self) -> &P {
        &self.pattern
    }

    fn all(&self) -> Vec<(Option<String>, Arc<P>)> {
        let keyed =
            self.entries().into_iter().map(|(key, instance)| (Some(key.to_string()), instance));
        let shared = self.table.get().and_then(Table::shared);
        keyed.chain(shared.map(|shared| (None, shared))).collect()
    }
}
