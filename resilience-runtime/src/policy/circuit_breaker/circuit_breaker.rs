//! A circuit breaker: the calls through it, and what can be done with it by hand.

use std::future::Future;
use std::sync::Arc;
#[cfg(feature = "toml")]
use std::task::Waker;
use std::time::Duration;

use super::admission::{Admission, Entry, known};
use super::limits::is_slow;
use super::machine::{Recorded, Ticket, Transition};
use super::shared::Shared;
use super::snapshot::CircuitBreakerSnapshot;
use resilience_options::CircuitBreakerOptions;

use crate::event::{Event, emit};
use crate::function::{Counter, Function};
use crate::outcome::{Failure, Verdict};
use crate::state::State;
use crate::sync::{Reloadable, StickyFlag};
use crate::time::Nanos;

/// A circuit breaker, shared by every function that names it. Declared once, as a `static`:
///
/// ```
/// use resilience::{CircuitBreaker, circuit_breaker};
/// use std::time::Duration;
///
/// static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment")
///     .failure_threshold(5)
///     .open_for(Duration::from_secs(30));
/// # #[derive(Debug)] struct ApiError;
/// # impl From<resilience::Error> for ApiError { fn from(_: resilience::Error) -> Self { Self } }
///
/// #[circuit_breaker(PAYMENT)]
/// async fn charge(amount: u64) -> Result<u64, ApiError> {
///     Ok(amount)
/// }
/// ```
///
/// # States
///
/// ```text
///            too many failures or slow calls in the window
///   ┌────────┐ ────────────────────────────────────▶ ┌──────┐
///   │ Closed │                                       │ Open │ ◀─┐
///   └────────┘ ◀──────────┐                          └──────┘   │ one probe
///                         │ success_threshold            │      │ failed
///                         │ probes succeeded             ▼      │
///                         └───────────────────────── ┌──────────┐
///                               open_for has passed, │ HalfOpen │
///                               and a call comes     └──────────┘
/// ```
///
/// [`force_open`](Self::force_open), [`disable`](Self::disable) and [`reset`](Self::reset) lead to
/// `ForcedOpen`, `Disabled` and `Closed` from anywhere.
///
#[doc = include_str!("../../../docs/circuit_breaker_states.md")]
///
/// # What counts
///
/// An `Err` counts as a failure unless its class is [`Class::Ignored`](crate::Class::Ignored), or
/// as `when` says. A call that a `#[timeout]` of ours drops, or that panics, counts as a failure,
/// wherever in the stack the breaker stands. A call that is dropped because its caller went away
/// counts as nothing, unless [`on_abandon`](Self::on_abandon) says otherwise. A result that comes
/// after the state has changed is counted as stale and changes nothing.
///
/// # What opens it
///
/// | declared | opens when the window holds |
/// |---|---|
/// | nothing, or [`failure_threshold(5)`](Self::failure_threshold) | 5 failures |
/// | [`failure_rate(0.5)`](Self::failure_rate) | half or more failures among at least [`minimum_calls(20)`](Self::minimum_calls) |
/// | [`slow_call(2 s)`](Self::slow_call), beside either | a share of [`slow_call_rate`](Self::slow_call_rate) slow calls among at least `minimum_calls` |
///
/// The window is the last 60 s, another [`window`](Self::window) of time, or the last so many calls
/// ([`window_calls`](Self::window_calls)).
///
/// # What a call costs
///
/// A success of a closed breaker that counts failures reads one word twice, and writes nothing. One
/// that takes a rate or looks at the last so many calls also counts the success, in a place of its
/// thread; a window of time and slow calls need the clock for it, and the first success in each
/// 64th of a window of time takes the lock. So do failures, probes and transitions, for some tens
/// of nanoseconds. The counts of a rate are allocated once, at the first call.
#[derive(Debug)]
pub struct CircuitBreaker {
    pub(super) name: &'static str,
    /// Of an instance of a [`Keyed`](crate::Keyed).
    pub(super) key: Option<Arc<str>>,
    pub(super) settings: Reloadable<CircuitBreakerOptions>,
    pub(super) shared: Shared,
    /// Calls have come through [`call`](Self::call).
    pub(super) called: StickyFlag,
}

impl CircuitBreaker {
    /// The name, as errors and events give it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The key, as it is displayed, for an instance of a [`Keyed`](crate::Keyed).
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// The state, now. An open breaker whose `open_for` has passed stays open until a call comes.
    #[must_use]
    pub fn state(&self) -> State {
        self.shared.state()
    }

    /// State and counts, now.
    #[must_use]
    pub fn snapshot(&self) -> CircuitBreakerSnapshot {
        let reading = self.shared.read(&self.settings, Nanos::now());
        CircuitBreakerSnapshot {
            name: self.name,
            key: self.key.clone(),
            state: reading.state,
            calls: reading.counts.calls,
            failures: reading.counts.failures,
            slow_calls: reading.counts.slow,
            probes: reading.probes,
            successes: reading.successes,
            stale: reading.stale,
            retry_after: (reading.state == State::Open).then_some(reading.retry_after),
        }
    }

    /// Rejects every call until [`reset`](Self::reset): for a dependency known to be down.
    pub fn force_open(&self) {
        self.set(State::ForcedOpen);
    }

    /// Lets every call through and counts nothing until [`reset`](Self::reset).
    pub fn disable(&self) {
        self.set(State::Disabled);
    }

    /// Closes the breaker and forgets everything counted. Results of calls on their way will be
    /// stale.
    pub fn reset(&self) {
        self.set(State::Closed);
    }

    /// Makes one call through the breaker, for code that no attribute fits. Every `Err` counts as a
    /// failure.
    ///
    /// Dropped before it ends, it counts as [`on_abandon`](Self::on_abandon) says.
    ///
    /// # Errors
    ///
    /// [`Failure::Function`] with the call's own error; [`Failure::Policy`] with
    /// [`Error::CircuitOpen`](crate::Error::CircuitOpen) if the breaker was open, and `call` was
    /// not called.
    pub async fn call<T, E, F>(&self, call: impl FnOnce() -> F) -> Result<T, Failure<E>>
    where
        F: Future<Output = Result<T, E>>,
    {
        self.called.set();
        let mut admission = self.admission();
        admission.enter(None).map_err(Failure::Policy)?;
        let result = call().await;
        admission.record(if result.is_ok() { Verdict::Success } else { Verdict::Failure });
        result.map_err(Failure::Function)
    }

    /// Whether calls have come through [`call`](Self::call).
    pub(crate) fn was_called(&self) -> bool {
        self.called.is_set()
    }

    /// Another one, closed, with the same name and limits.
    pub(crate) fn fresh(&self, key: Option<Arc<str>>) -> Self {
        let settings = self.settings.fresh();
        let shared = settings.with(Shared::new);
        Self { name: self.name, key, settings, shared, called: StickyFlag::new() }
    }

    /// For one call, which has yet to enter.
    #[inline]
    pub(crate) fn admission(&self) -> Admission<'_> {
        Admission::new(self)
    }

    /// A call was told to stay away.
    pub(super) fn turned_away(&self, function: Option<&Function>, retry_after: Duration) {
        if let Some(function) = function {
            function.count(Counter::CircuitBreakerRejections);
        }
        emit(|| Event::CircuitBreakerRejected {
            name: self.name,
            key: self.key.clone(),
            function: function.map(Function::path),
            retry_after: known(retry_after),
        });
    }

    #[inline]
    pub(super) fn record(&self, entry: Entry, verdict: Verdict) {
        if verdict != Verdict::Success || !self.shared.is_traceless(entry.pass) {
            self.record_trace(entry, verdict);
        }
    }

    extern "C" fn record_trace(&self, entry: Entry, verdict: Verdict) {
        if verdict != Verdict::Success || !self.shared.tally_by_pass(entry.pass, Nanos::now) {
            self.record_by_state(entry, verdict);
        }
    }

    #[cold]
    fn record_by_state(&self, Entry { pass, since }: Entry, verdict: Verdict) {
        let ticket = pass.ticket();
        if let Ticket::Regular { generation } = ticket {
            let recorded = match verdict {
                Verdict::Failure => false,
                Verdict::Success => {
                    self.settings.with(|settings| self.tally(settings, generation, since))
                }
                Verdict::Ignored => self.shared.holds(generation),
            };
            if recorded || self.shared.is_disabled(generation) {
                return;
            }
        }
        self.record_by_machine(ticket, since, verdict);
    }

    /// Counts a success where no lock is needed for it, and where it counts.
    fn tally(
        &self,
        settings: &CircuitBreakerOptions,
        generation: u64,
        since: Option<Nanos>,
    ) -> bool {
        if !settings.counts_successes() {
            return self.shared.holds(generation);
        }
        let now = Nanos::now();
        !is_slow(settings, since, now) && self.shared.tally(generation, now)
    }

    #[cold]
    fn record_by_machine(&self, ticket: Ticket, since: Option<Nanos>, verdict: Verdict) {
        let now = Nanos::now();
        let slow = self.settings.with(|settings| is_slow(settings, since, now));
        match self.shared.record(&self.settings, ticket, verdict, slow, now) {
            Recorded::Counted(transition) => self.tell(transition),
            Recorded::Stale => {
                emit(|| Event::StaleResult { name: self.name, key: self.key.clone() });
            }
        }
    }

    fn set(&self, to: State) {
        self.tell(self.shared.set(&self.settings, to));
    }

    pub(super) fn tell(&self, transition: Option<Transition>) {
        if let Some(Transition { from, to }) = transition {
            emit(|| Event::CircuitBreakerTransition {
                name: self.name,
                key: self.key.clone(),
                from,
                to,
            });
        }
    }

    /// The options in the code, and those that override them.
    pub(crate) const fn options(&self) -> &Reloadable<CircuitBreakerOptions> {
        &self.settings
    }

    /// Goes on under other options; `None` brings back those of the code. Nobody gets in by it.
    #[cfg(feature = "toml")]
    pub(crate) fn configure(&self, options: Option<CircuitBreakerOptions>) -> Vec<Waker> {
        self.shared.reconfigure(&self.settings, options);
        Vec::new()
    }
}
