//! Policies whose limits can be replaced.

use std::task::Waker;

use super::traits::Limits;
use crate::sync::Live;

/// A policy whose limits can be replaced while calls go through it. By one thread at a time: who holds the lock of the configuration.
pub(crate) trait Configurable: 'static {
    /// What its tables are called.
    const SECTION: &'static str;
    /// What it is called in a sentence.
    const KIND: &'static str;
    type Limits: Limits;

    fn called(&self) -> &'static str;

    /// What the code says, and what the configuration has put in its place.
    fn limits(&self) -> &Live<Self::Limits>;

    /// `None` brings back what the code says. Gives those who got in by that: to be woken when the lock of the configuration has been let
    /// go of.
    fn configure(&self, limits: Option<Self::Limits>) -> Vec<Waker> {
        self.limits().replace(limits);
        Vec::new()
    }
}
