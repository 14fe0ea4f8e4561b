//! The list of a policy's keys. Each policy lists its keys once; the same list reads a file and
//! writes one.

use super::value::Value;

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
pub(crate) trait Options: Copy + 'static {
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
