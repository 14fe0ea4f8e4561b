//! A limit that is written out in an attribute.

use std::time::Duration;

use crate::sync::Reloadable;

/// The limit that a `#[timeout]` was given as a literal.
#[derive(Debug)]
pub struct FixedLimit {
    pub(crate) limit: Reloadable<Duration>,
    /// The work goes on when it has passed.
    #[cfg_attr(
        not(feature = "toml"),
        expect(dead_code, reason = "asked by the checks of a configuration")
    )]
    pub(crate) is_detached: bool,
}

impl FixedLimit {
    /// This long; the work goes on when it has passed, or does not.
    #[must_use]
    pub const fn new(limit: Duration, is_detached: bool) -> Self {
        Self { limit: Reloadable::new(limit), is_detached }
    }

    /// The limit that holds now.
    #[must_use]
    #[inline]
    pub fn get(&self) -> Duration {
        self.limit.get()
    }
}
