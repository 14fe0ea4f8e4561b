//! `#[timeout]`

use std::time::Duration;

use proc_macro2::Span;

use super::value::WrittenDuration;

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

    /// The limit as written and its value, if the macro knows it.
    pub(crate) fn known_limit(&self) -> Option<(&WrittenDuration, Duration)> {
        match &self.limit {
            Limit::Written(written) => written.known().map(|limit| (written, limit)),
            Limit::OfPolicy => None,
        }
    }
}
