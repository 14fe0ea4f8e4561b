//! `#[timeout]`

use std::time::Duration;

use proc_macro2::Span;

use super::duration::WrittenDuration;

pub(crate) struct Timeout {
    pub(crate) limit: Limit,
    /// The span of `false` in `cancel = false`: the work runs on in a task of its own.
    pub(crate) detached: Option<Span>,
}

pub(crate) enum Limit {
    /// As written.
    Written(WrittenDuration),
    /// The limit of the stack's policy, if it has one.
    OfPolicy,
}

impl Timeout {
    pub(crate) const fn of_policy() -> Self {
        Self { limit: Limit::OfPolicy, detached: None }
    }

    /// The limit, if the macro knows it.
    pub(crate) const fn known_limit(&self) -> Option<Duration> {
        match &self.limit {
            Limit::Written(limit) => limit.known(),
            Limit::OfPolicy => None,
        }
    }
}
