//! Policies whose limits can be replaced.

use std::task::Waker;

use super::traits::Options;
use crate::sync::Reloadable;

/// A policy whose limits can be replaced while calls go through it. By one thread at a time: who
/// holds the lock of the configuration.
pub(crate) trait Configurable: 'static {
    /// What its tables are called.
    const SECTION: &'static str;
    /// What it is called in a sentence.
    const KIND: &'static str;
    type Options: Options;

    fn name(&self) -> &'static str;

    /// What the code says, and what the configuration has put in its place.
    fn options(&self) -> &Reloadable<Self::Options>;

    /// `None` brings back what the code says. Gives those who got in by that: to be woken when the
    /// lock of the configuration has been let go of.
    fn configure(&self, options: Option<Self::Options>) -> Vec<Waker> {
        self.options().replace(options);
        Vec::new()
    }
}
