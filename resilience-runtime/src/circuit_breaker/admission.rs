//! The guard of an admitted call.

use super::machine::Ticket;
use super::{Abandon, CircuitBreaker};
use crate::classify::Verdict;
use crate::context;
use crate::tick::Tick;

/// A call that a breaker let through. Its result is recorded once; dropped without one, it is recorded as what
/// the reason for the drop says.
#[derive(Debug)]
#[must_use = "the breaker takes a dropped admission for an abandoned call"]
pub struct Admission<'a> {
    breaker: &'a CircuitBreaker,
    ticket: Ticket,
    /// When, if the breaker looks at how long calls take.
    since: Option<Tick>,
    /// Admitted by what a timeout was dropping: that timeout is not this call's.
    by_clean_up: bool,
}

impl<'a> Admission<'a> {
    /// To a breaker that looks at failures only.
    #[inline]
    pub(super) fn traceless(breaker: &'a CircuitBreaker, generation: u64) -> Self {
        let ticket = Ticket::Regular { generation };
        Self { breaker, ticket, since: None, by_clean_up: context::timing_out() }
    }

    pub(super) fn new(breaker: &'a CircuitBreaker, ticket: Ticket) -> Self {
        Self {
            breaker,
            ticket,
            since: breaker.settings.with(|settings| settings.slow_call.is_some()).then(Tick::now),
            by_clean_up: context::timing_out(),
        }
    }

    /// The call ended like this.
    #[inline]
    pub fn record(self, verdict: Verdict) {
        self.breaker.record(self.ticket, self.since, verdict);
        std::mem::forget(self);
    }
}

impl Drop for Admission<'_> {
    #[cold]
    fn drop(&mut self) {
        let failed = std::thread::panicking()
            || (context::timing_out() && !self.by_clean_up)
            || self.breaker.settings.with(|settings| settings.on_abandon == Abandon::Failure);
        let verdict = if failed { Verdict::Failure } else { Verdict::Ignored };
        self.breaker.record(self.ticket, self.since, verdict);
    }
}
