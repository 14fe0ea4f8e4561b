//! The limits of a policy as the keys of a configuration. Each policy lists its keys once; the same list reads a file and writes one.

mod duration;
mod mistakes;
mod value;

use std::task::Waker;

use crate::live::Live;

pub(crate) use mistakes::{Mistakes, nearest};
pub(crate) use value::{Value, Written, read_timeout, write_duration};

/// What goes through a list of keys: it sets the limits that a table gives, or shows all of them.
pub(crate) trait Keys {
    /// A limit that always has a value.
    fn limit<T: Value>(&mut self, key: &'static str, about: &'static str, limit: &mut T);

    /// A limit that may be left to its default. `holds` is what holds then, if anything.
    fn option<T: Value>(
        &mut self,
        key: &'static str,
        about: &'static str,
        limit: &mut Option<T>,
        holds: Option<T>,
    );

    /// Of the two only one can hold: the one that is given takes the place of the other.
    fn instead<T>(&mut self, given: &'static str, of: &mut Option<T>);
}

/// All limits of one policy.
pub(crate) trait Limits: Copy + 'static {
    /// What holds where nothing is declared.
    const DEFAULTS: Self;

    /// Goes through all of them.
    fn keys(&mut self, keys: &mut impl Keys);

    /// Why they can't be right, as a sentence that names the keys; `None` if they can.
    fn refusal(&self) -> Option<&'static str>;

    /// Why it means nothing beside the others to give this one.
    fn idle(&self, _key: &str) -> Option<&'static str> {
        None
    }
}

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
