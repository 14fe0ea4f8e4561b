//! A circuit breaker: its parts, what can be read of it, and what can be done with it by hand.

use std::sync::Arc;
#[cfg(feature = "toml")]
use std::task::Waker;

use resilience_options::CircuitBreakerOptions;

use super::engine::Engine;
use super::machine::Transition;
use super::open_keys::{KeysNow, OpenKeys};
use super::passage::{Breaker, deliver};
use super::phase::Phase;
use super::rejection::Rejection;
use super::snapshot::CircuitBreakerSnapshot;
use crate::event::{Event, emit, emit_per_call, emit_stale_result};
use crate::function::{Counter, Function};
use crate::outcome::{ErrorText, Key};
use crate::state::{State, TransitionReason};
use crate::sync::{Reloadable, StickyFlag};
use crate::time::Nanos;

/// A circuit breaker, shared by every function that names it. Declared once, as a `static`:
///
/// ```
/// use resilience::{CircuitBreaker, circuit_breaker};
/// use std::time::Duration;
///
/// static PAYMENT: CircuitBreaker = CircuitBreaker::new("payment")
///     .consecutive_failures(5)
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
///            too many failures in a row or in the window
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
/// # Failures
///
/// An `Err` counts as its [class](crate::Class) says: as a success if it is `Expected`, as nothing
/// if it is `Ignored`, else as a failure. `when` overrides the class. A call that a `#[timeout]`
/// drops, or that panics, counts as a failure, wherever in the stack the breaker is. A call that is
/// dropped because its caller went away counts as nothing, unless it has taken
/// [`slow_call`](Self::slow_call), which makes it a slow call, or [`on_abandon`](Self::on_abandon)
/// says otherwise. A result that comes after the state has changed is stale, and changes nothing.
///
/// # Limits
///
/// The breaker opens when any of these is met:
///
/// | declared | opens at |
/// |---|---|
/// | nothing, or [`consecutive_failures(5)`](Self::consecutive_failures) | 5 failures in a row, without a success between them |
/// | [`failure_rate(0.5)`](Self::failure_rate) | half or more failures among at least [`minimum_calls(20)`](Self::minimum_calls) in the window |
/// | [`failure_threshold(5)`](Self::failure_threshold) | 5 failures in the window, however many calls succeed |
/// | [`slow_call(2 s)`](Self::slow_call) | a share of [`slow_call_rate`](Self::slow_call_rate) slow calls among at least `minimum_calls` in the window |
///
/// A run finds a total outage within a few calls, whatever came before, and single errors of a busy
/// function never open the breaker. A rate finds a partial outage. So declare both for a dependency
/// that is called often: `.consecutive_failures(5).failure_rate(0.5)`. A number of failures within
/// a window is for one that is called rarely. Beside `slow_call` alone, a run of 5 opens it too.
/// With `failure_rate` or `failure_threshold` alone, no run does.
///
/// Each of them may be declared alone or beside any others. Of several that one call meets, the run
/// is named as the reason, then the number, the rate, and the slow calls. With
/// `consecutive_failures(3)`, `failure_threshold(4)`, `failure_rate(0.5)`, `slow_call(1 s)` at a
/// `slow_call_rate(0.5)`, and `minimum_calls(6)`:
///
#[doc = include_str!("../../../docs/circuit_breaker_criteria.md")]
///
/// The window is the last 60 s, another [`window`](Self::window) of time, or a number of last calls
/// ([`window_calls`](Self::window_calls)). A success never opens the breaker, even if old successes
/// have left the window; a slow one may.
///
/// # Transitions
///
/// Each is an [`Event`](crate::Event) with its reason and, if an error opened the breaker, the text
/// of the error. Observers see the transitions of one breaker in order, each once; a slow observer
/// delays the call that delivers to it, and no other. An open breaker repeats the text in its
/// error.
///
/// # Cost
///
/// A success of a closed breaker reads one word twice, and writes nothing, unless it ends a run of
/// failures, for which it takes the lock. A
/// breaker that takes a rate, or looks at a number of last calls, also counts the success, in a
/// place of its thread. A window of time and slow calls need the clock for it, and the first
/// success in each 64th of a window of time takes the lock. So do failures, probes and transitions,
/// for some tens of nanoseconds. The counts of a rate are allocated at the first call after each
/// closing.
pub struct CircuitBreaker {
    pub(super) name: &'static str,
    /// Key of an instance that a [`Keyed`](crate::Keyed) has made.
    pub(super) key: Option<Key>,
    pub(super) engine: Engine,
    /// Set by the first call other than by an attribute or a policy.
    pub(super) called: StickyFlag,
}

impl CircuitBreaker {
    /// Returns the name, as in errors and events.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the key, if the breaker is an instance of a [`Keyed`](crate::Keyed), as errors and
    /// events display it.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// Returns the present state. An open breaker whose `open_for` has passed stays open until a
    /// call comes.
    #[must_use]
    pub fn state(&self) -> State {
        self.engine.state()
    }

    /// Returns the present state and counts.
    #[must_use]
    pub fn snapshot(&self) -> CircuitBreakerSnapshot {
        let reading = self.engine.read(Nanos::now());
        CircuitBreakerSnapshot {
            name: self.name,
            key: self.key.clone(),
            state: reading.state,
            reason: reading.opened_by,
            consecutive_failures: reading.run,
            calls: reading.counts.calls,
            failures: reading.counts.failures,
            slow_calls: reading.counts.slow,
            probes: reading.probes,
            successes: reading.successes,
            stale: reading.stale,
            retry_after: reading.retry_after,
            last_failure: self.engine.last_failure(),
            kept_closed: reading.is_kept_closed,
        }
    }

    /// Rejects every call until [`reset`](Self::reset): for a dependency known to be down.
    pub fn force_open(&self) {
        self.set(Phase::ForcedOpen);
    }

    /// Lets every call through and counts nothing until [`reset`](Self::reset).
    pub fn disable(&self) {
        self.set(Phase::Disabled);
    }

    /// Closes the breaker and forgets everything counted. Results of calls under way will be stale.
    pub fn reset(&self) {
        self.set(Phase::closed());
    }

    fn set(&self, to: Phase) {
        if self.engine.set(to).is_some() {
            deliver(self);
        }
    }

    /// Returns `true` if calls have come other than by an attribute or a policy.
    pub(crate) fn was_called(&self) -> bool {
        self.called.is_set()
    }

    /// Another breaker, closed, with the same name and limits, for this key.
    pub(crate) fn fresh(&self, key: Option<Key>) -> Self {
        Self { name: self.name, key, engine: self.engine.fresh(), called: StickyFlag::new() }
    }

    /// Another breaker for this key, which lets every call through and remembers nothing.
    pub(crate) fn fresh_disabled(&self, key: Key) -> Self {
        let breaker = self.fresh(Some(key));
        breaker.engine.begin_with(Phase::Disabled);
        breaker
    }

    /// Counts the breaker among these keys while its key has a place.
    pub(crate) fn join(&self, keys: Arc<OpenKeys>) {
        self.engine.join(keys);
    }

    /// Counts the breaker no longer among the keys.
    pub(crate) fn leave(&self) {
        self.engine.leave();
    }

    /// The options in the code, and those that override them.
    pub(crate) const fn options(&self) -> &Reloadable<CircuitBreakerOptions> {
        &self.engine.options
    }

    /// Overrides the options; `None` restores the options of the code. This admits no caller.
    #[cfg(feature = "toml")]
    pub(crate) fn configure(&self, options: Option<CircuitBreakerOptions>) -> Vec<Waker> {
        self.engine.reconfigure(options);
        Vec::new()
    }
}

impl Breaker for &CircuitBreaker {
    #[inline]
    fn engine(&self) -> &Engine {
        &self.engine
    }

    #[inline]
    fn now(self) -> Nanos {
        Nanos::now()
    }

    #[inline]
    fn on_transition(self, transition: Transition, error: Option<ErrorText>) {
        let Transition { from, to, reason, .. } = transition;
        emit(move || Event::CircuitBreakerTransition {
            name: self.name,
            key: self.key.clone(),
            from,
            to,
            reason,
            error: error.clone(),
        });
    }

    #[inline]
    fn on_kept_closed(self, reason: TransitionReason, keys: KeysNow, error: Option<ErrorText>) {
        emit(move || Event::CircuitBreakerKeptClosed {
            name: self.name,
            key: self.key.clone(),
            reason,
            open: keys.open,
            keys: keys.all,
            error: error.clone(),
        });
    }

    #[inline]
    fn on_rejection(self, function: Option<&Function>, rejection: Rejection) {
        if let Some(function) = function {
            function.count(Counter::CircuitBreakerRejections);
        }
        emit_per_call(move || Event::CircuitBreakerRejected {
            name: self.name,
            key: self.key.clone(),
            function: function.map(Function::path),
            retry_after: rejection.retry_after,
        });
    }

    #[inline]
    fn on_stale_result(self) {
        let event = move || Event::StaleResult { name: self.name, key: self.key.clone() };
        emit_stale_result(self.name, event);
    }
}
