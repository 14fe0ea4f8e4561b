//! The guard of an admitted call.

use std::time::Duration;

use super::circuit_breaker::CircuitBreaker;
use resilience_options::OnAbandon;

use super::word::{Pass, Word};
use crate::function::Function;
use crate::outcome::{Error, Verdict};
use crate::task;
use crate::time::Nanos;

/// One call through a breaker. Once it has entered, its result is recorded once; dropped without
/// one, it is recorded as what the reason for the drop says.
///
/// It is entered and recorded in its place, never moved: moving it would cost more than all else
/// that is done for a success. And what is done out of line does not unwind and is never told where
/// it is: the compiler may keep it in registers.
#[derive(Debug)]
#[must_use = "the breaker takes a dropped admission for an abandoned call"]
pub struct Admission<'a> {
    breaker: &'a CircuitBreaker,
    /// From the entry to the result.
    entry: Option<Entry>,
    /// Made by what a timeout was dropping: that timeout is not this call's.
    by_clean_up: bool,
}

/// That a call was let through.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) pass: Pass,
    /// When, if the breaker looks at how long calls take.
    pub(super) since: Option<Nanos>,
}

impl<'a> Admission<'a> {
    #[inline]
    pub(super) fn new(breaker: &'a CircuitBreaker) -> Self {
        Self { breaker, entry: None, by_clean_up: task::timing_out() }
    }

    /// Enters, or is rejected.
    ///
    /// # Errors
    ///
    /// [`Error::CircuitOpen`].
    #[inline]
    pub fn enter<'f>(&mut self, function: impl Into<Option<&'f Function>>) -> Result<(), Error> {
        let breaker = self.breaker;
        let word = breaker.shared.word();
        if let Some(pass) = word.pass_traceless().or_else(|| word.pass_tallied()) {
            self.entry = Some(Entry { pass, since: None });
            return Ok(());
        }
        let function = function.into();
        // The errors are made here, of what comes back. Made there they would be copied here in
        // other pieces than they were written in, which a processor can't forward from its stores:
        // it would wait until they are in the cache.
        let open = |retry_after| Error::CircuitOpen {
            name: breaker.name,
            key: breaker.key.clone(),
            retry_after: known(retry_after),
        };
        if word.is_open()
            && let Some(retry_after) = turn_away(breaker, function, word)
        {
            return Err(open(retry_after));
        }
        self.entry = Some(enter_by_state(breaker, function).map_err(open)?);
        Ok(())
    }

    /// The call ended like this.
    #[inline]
    pub fn record(&mut self, verdict: Verdict) {
        if let Some(entry) = self.entry.take() {
            self.breaker.record(entry, verdict);
        }
    }
}

impl Drop for Admission<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(entry) = self.entry.take() {
            abandon(self.breaker, entry, self.by_clean_up);
        }
    }
}

/// `None` for what nobody knows.
pub(super) fn known(retry_after: Duration) -> Option<Duration> {
    (!retry_after.is_zero() && retry_after != Duration::MAX).then_some(retry_after)
}

/// Is told how long to stay away from a breaker that was found open, unless it is time for a probe.
#[inline(never)]
extern "C" fn turn_away(
    breaker: &CircuitBreaker,
    function: Option<&Function>,
    found: Word,
) -> Option<Duration> {
    let retry_after = breaker.shared.turn_away(found, Nanos::now)?;
    breaker.turned_away(function, retry_after);
    Some(retry_after)
}

/// Enters, or is told how long to stay away.
#[inline(never)]
extern "C" fn enter_by_state(
    breaker: &CircuitBreaker,
    function: Option<&Function>,
) -> Result<Entry, Duration> {
    match breaker.shared.word().pass() {
        Some(pass) => Ok(begin(breaker, pass)),
        None => enter_by_machine(breaker, function, Nanos::now()),
    }
}

#[cold]
fn enter_by_machine(
    breaker: &CircuitBreaker,
    function: Option<&Function>,
    now: Nanos,
) -> Result<Entry, Duration> {
    let (admitted, transition) = breaker.shared.admit(&breaker.settings, now);
    let entered = admitted.map(|pass| begin(breaker, pass));
    breaker.tell(transition);
    entered.inspect_err(|retry_after| breaker.turned_away(function, *retry_after))
}

fn begin(breaker: &CircuitBreaker, pass: Pass) -> Entry {
    let looks_at_time =
        pass.tallied().is_none() && breaker.settings.with(|settings| settings.slow_call.is_some());
    Entry { pass, since: looks_at_time.then(Nanos::now) }
}

#[cold]
extern "C" fn abandon(breaker: &CircuitBreaker, entry: Entry, by_clean_up: bool) {
    let failed = std::thread::panicking()
        || (task::timing_out() && !by_clean_up)
        || breaker.settings.with(|settings| settings.on_abandon() == OnAbandon::Failure);
    breaker.record(entry, if failed { Verdict::Failure } else { Verdict::Ignored });
}
