//! A limit that is a literal in an attribute.

use std::time::Duration;

use crate::sync::Reloadable;

/// Limit of a `#[timeout]` that is a literal.
#[derive(Debug)]
pub struct FixedLimit {
    pub(crate) limit: Reloadable<Duration>,
    /// Set if the work continues after the limit has passed.
    #[cfg_attr(
        not(feature = "toml"),
        expect(dead_code, reason = "read by the checks of a configuration")
    )]
    pub(crate) is_detached: bool,
}

impl FixedLimit {
    /// Creates a limit. The work continues after the limit if `is_detached` is true.
    #[must_use]
    pub const fn new(limit: Duration, is_detached: bool) -> Self {
        Self { limit: Reloadable::new(limit), is_detached }
    }

    /// Returns the limit in force.
    #[must_use]
    #[inline]
    pub fn get(&self) -> Duration {
        self.limit.get()
    }
}
