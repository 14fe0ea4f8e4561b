//! `#[timeout]`: a fixed limit, or that of a combined policy.

use std::time::Duration;

use crate::policy::combined::Policy;
use crate::policy::timeout::FixedLimit;

/// A layer with a limit of time: a limit that is a literal, or a policy that may have one.
pub trait TimeoutLayer {
    /// The limit in force; longer than any clock runs, where there is none.
    fn limit(&self) -> Duration;
}

/// The limit in force; longer than any clock runs, where there is none.
#[inline]
#[must_use]
pub fn limit<L: TimeoutLayer>(layer: &L) -> Duration {
    layer.limit()
}

impl TimeoutLayer for FixedLimit {
    #[inline]
    fn limit(&self) -> Duration {
        self.get()
    }
}

impl TimeoutLayer for Policy {
    #[inline]
    fn limit(&self) -> Duration {
        self.limit_or_never()
    }
}
