//! The guard of an admitted call.

use super::machine::Ticket;
use super::{Abandon, CircuitBreaker};
use crate::classify::Verdict;
use crate::context;

/// A call that a breaker let through. Its result is recorded once; dropped without one, it is recorded as what
/// the reason for the drop says.
#[derive(Debug)]
#[must_use = "the breaker takes a dropped admission for an abandoned call"]
pub struct Admission<'a> {
    breaker: &'a CircuitBreaker,
    ticket: Ticket,
}

impl<'a> Admission<'a> {
    pub(super) const fn new(breaker: &'a CircuitBreaker, ticket: Ticket) -> Self {
        Self { breaker, ticket }
    }

    /// The call ended like this.
    pub fn record(self, verdict: Verdict) {
        self.breaker.record(self.ticket, verdict);
        std::mem::forget(self);
    }
}

impl Drop for Admission<'_> {
    fn drop(&mut self) {
        let failed = std::thread::panicking()
            || context::timing_out()
            || self.breaker.settings.on_abandon == Abandon::Failure;
        self.breaker.record(self.ticket, if failed { Verdict::Failure } else { Verdict::Ignored });
    }
}
