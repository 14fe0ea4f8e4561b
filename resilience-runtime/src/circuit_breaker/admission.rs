//! The guard of an admitted call.

use super::machine::Ticket;
use super::{Abandon, CircuitBreaker};
use crate::classify::Verdict;
use crate::context;
use crate::error::Error;
use crate::function::Function;
use crate::tick::Tick;

/// One call through a breaker. Once it has entered, its result is recorded once; dropped without one, it is recorded as what
/// the reason for the drop says.
///
/// It is entered and recorded in its place, never moved: moving it would cost more than all else that is done for a success.
#[derive(Debug)]
#[must_use = "the breaker takes a dropped admission for an abandoned call"]
pub struct Admission<'a> {
    breaker: &'a CircuitBreaker,
    /// From the entry to the result.
    ticket: Option<Ticket>,
    /// When it entered, if the breaker looks at how long calls take.
    since: Option<Tick>,
    /// Made by what a timeout was dropping: that timeout is not this call's.
    by_clean_up: bool,
}

impl<'a> Admission<'a> {
    #[inline]
    pub(super) fn new(breaker: &'a CircuitBreaker) -> Self {
        Self { breaker, ticket: None, since: None, by_clean_up: context::timing_out() }
    }

    /// Enters, or is turned away.
    ///
    /// # Errors
    ///
    /// [`Error::CircuitOpen`].
    #[inline]
    pub fn enter<'f>(&mut self, function: impl Into<Option<&'f Function>>) -> Result<(), Error> {
        match self.breaker.shared.admit_traceless() {
            Some(generation) => {
                self.ticket = Some(Ticket::Regular { generation });
                Ok(())
            }
            None => self.enter_by_state(function.into()),
        }
    }

    fn enter_by_state(&mut self, function: Option<&Function>) -> Result<(), Error> {
        if let Some(ticket) = self.breaker.shared.admit_closed() {
            self.begin(ticket);
            return Ok(());
        }
        let now = Tick::now();
        match self.breaker.shared.turn_away(now) {
            Some(retry_after) => Err(self.breaker.rejected(function, retry_after)),
            None => self.enter_by_machine(function, now),
        }
    }

    #[cold]
    fn enter_by_machine(&mut self, function: Option<&Function>, now: Tick) -> Result<(), Error> {
        let (admitted, transition) = self.breaker.shared.admit(&self.breaker.settings, now);
        let admitted = admitted.map(|ticket| self.begin(ticket));
        // Begun before any observer is called: whatever happens there, a probe gives its place back.
        self.breaker.tell(transition);
        admitted.map_err(|retry_after| self.breaker.rejected(function, retry_after))
    }

    fn begin(&mut self, ticket: Ticket) {
        self.since = self.breaker.settings.with(|settings| settings.slow_call.is_some()).then(Tick::now);
        self.ticket = Some(ticket);
    }

    /// The call ended like this.
    #[inline]
    pub fn record(&mut self, verdict: Verdict) {
        if let Some(ticket) = self.ticket.take() {
            self.breaker.record(ticket, self.since, verdict);
        }
    }

    #[cold]
    fn abandon(&mut self) {
        let failed = std::thread::panicking()
            || (context::timing_out() && !self.by_clean_up)
            || self.breaker.settings.with(|settings| settings.on_abandon == Abandon::Failure);
        let verdict = if failed { Verdict::Failure } else { Verdict::Ignored };
        self.record(verdict);
    }
}

impl Drop for Admission<'_> {
    #[inline]
    fn drop(&mut self) {
        if self.ticket.is_some() {
            self.abandon();
        }
    }
}
