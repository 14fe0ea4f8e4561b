//! The passage of a call: into the breaker and out of it.
//!
//! Both ways lead from the cheap path to the locked path, and end where the answer is known:
//!
//! | | in | out |
//! |---|---|---|
//! | inline, no write | [`admit`], by the packed state | [`record`], by the pass |
//! | out of line, no lock | [`reject_while_open`], [`admit_by_state`] | [`record_by_pass`], [`record_by_state`] |
//! | under the lock | [`admit_by_machine`] | [`record_by_machine`] |
//!
//! The functions out of line do not unwind, and are not handed the address of anything that the
//! call keeps. So the compiler can keep it in registers.

use resilience_options::CircuitBreakerOptions;

use super::engine::Engine;
use super::machine::{Recorded, Transition};
use super::open_keys::KeysNow;
use super::packed_state::PackedState;
use super::pass::{Pass, PassKind};
use super::rejection::Rejection;
use super::success_mode::SuccessMode;
use crate::function::Function;
use crate::outcome::{Cause, ErrorText, Verdict};
use crate::state::{State, TransitionReason};
use crate::sync::nounwind;
use crate::time::Nanos;

/// A breaker as its calls see it: an engine, a clock and observers. The model checks bring their
/// own clock and observers.
pub(super) trait Breaker: Copy {
    fn engine(&self) -> &Engine;
    fn now(self) -> Nanos;
    fn on_transition(self, transition: Transition, error: Option<ErrorText>);
    fn on_kept_closed(self, reason: TransitionReason, keys: KeysNow, error: Option<ErrorText>);
    fn on_rejection(self, function: Option<&Function>, rejection: Rejection);
    fn on_stale_result(self);
}

/// Admits a call if the breaker is closed and a success needs no look at the options, as most are.
/// Other calls are admitted or rejected out of line.
#[inline]
pub(super) fn admit(breaker: impl Breaker, function: Option<&Function>) -> Result<Pass, Rejection> {
    let found = breaker.engine().packed();
    if let Some(pass) = Pass::uncounted(found).or_else(|| Pass::counted(found)) {
        return Ok(pass);
    }
    if found.is_open()
        && let Some(rejection) = reject_while_open(breaker, function, found)
    {
        return Err(rejection);
    }
    admit_by_state(breaker, function, found)
}

nounwind! {
    /// Rejects a call that found the breaker open, unless it is time for a probe.
    // If it could unwind, a successful call would cost twice as much: 72 instructions, not 36.
    #[inline(never)]
    fn reject_while_open(
        breaker: impl Breaker,
        function: Option<&Function>,
        found: PackedState,
    ) -> Option<Rejection> {
        let rejection = if found.is(State::ForcedOpen) {
            Rejection::FOR_UNKNOWN_TIME
        } else {
            let now = breaker.now();
            let spell = breaker.engine().open_spell();
            if spell.is_over(now) {
                return None;
            }
            Rejection::until(spell.probe_at, now)
        };
        breaker.on_rejection(function, rejection);
        Some(rejection)
    }
}

nounwind! {
    /// Admits a call if the breaker is closed or disabled.
    // If it could unwind, a successful call would cost twice as much: 72 instructions, not 36.
    #[inline(never)]
    fn admit_by_state(
        breaker: impl Breaker,
        function: Option<&Function>,
        found: PackedState,
    ) -> Result<Pass, Rejection> {
        let Some(pass) = Pass::regular(found) else { return admit_by_machine(breaker, function) };
        let looks_at_time = breaker.engine().options.with(|options| options.slow_call.is_some());
        Ok(pass.begun_at(looks_at_time.then(|| breaker.now())))
    }
}

/// Admits a call in any state, or rejects it.
#[cold]
fn admit_by_machine(breaker: impl Breaker, function: Option<&Function>) -> Result<Pass, Rejection> {
    let (admitted, transition) = breaker.engine().admit(breaker.now());
    if transition.is_some() {
        deliver(breaker);
    }
    admitted.inspect_err(|rejection| breaker.on_rejection(function, *rejection))
}

/// Records a result. A success that is not counted, as most are, is recorded by doing nothing.
/// Other results are recorded out of line.
#[inline]
pub(super) fn record(breaker: impl Breaker, pass: Pass, verdict: Verdict, cause: Cause<'_>) {
    if verdict != Verdict::Success || !pass.is_uncounted_in(breaker.engine().packed()) {
        record_by_pass(breaker, pass, verdict, cause);
    }
}

nounwind! {
    /// Counts a success if the pass says that it needs no look at the options.
    // If it could unwind, a successful call would cost three times as much: 104 instructions, not
    // 36.
    #[inline(never)]
    fn record_by_pass(breaker: impl Breaker, pass: Pass, verdict: Verdict, cause: Cause<'_>) {
        let engine = breaker.engine();
        let is_recorded = verdict == Verdict::Success
            && match pass.counted_in() {
                // The counter of a window of calls is open at all times, and needs no clock.
                Some((state, SuccessMode::Counted)) => engine.count_in(state, Nanos::FIRST),
                Some((state, _)) => engine.count_in(state, breaker.now()),
                None => false,
            };
        if !is_recorded {
            record_by_state(breaker, pass, verdict, cause);
        }
    }
}

/// Records a result without the lock if it can change neither the state nor what the machine has
/// counted; hands others to the machine.
#[cold]
fn record_by_state(breaker: impl Breaker, pass: Pass, verdict: Verdict, cause: Cause<'_>) {
    let engine = breaker.engine();
    if let PassKind::Regular { generation } = pass.kind() {
        let is_recorded = match verdict {
            Verdict::Failure => false,
            Verdict::Success => {
                engine.options.with(|options| count(breaker, options, pass, generation))
            }
            Verdict::Ignored => engine.is_current(generation),
            Verdict::Abandoned => {
                let is_slow = engine.options.with(|options| {
                    options.slow_call.is_some() && pass.is_slow(options.slow_call, breaker.now())
                });
                !is_slow && engine.is_current(generation)
            }
        };
        if is_recorded || engine.is_disabled(generation) {
            return;
        }
    }
    record_by_machine(breaker, pass, verdict, cause);
}

/// Counts a success, if these options say that it counts and the machine need not see it.
fn count(
    breaker: impl Breaker,
    options: &CircuitBreakerOptions,
    pass: Pass,
    generation: u64,
) -> bool {
    if !options.counts_successes() {
        return breaker.engine().is_current_success(generation);
    }
    let now = breaker.now();
    !pass.is_slow(options.slow_call, now) && breaker.engine().count(generation, now)
}

/// Records a result in any state. If it is a failure that opens the breaker, `cause` is the cause.
fn record_by_machine(breaker: impl Breaker, pass: Pass, verdict: Verdict, cause: Cause<'_>) {
    let engine = breaker.engine();
    match engine.record(pass, verdict, breaker.now()) {
        Recorded::Counted(Some(transition)) => {
            if transition.to == State::Open {
                // A slow answer may be an error too, one that did not open the breaker.
                let error = if verdict == Verdict::Failure { cause.text() } else { None };
                engine.explain(transition, error);
            }
            deliver(breaker);
        }
        Recorded::Counted(None) => {}
        Recorded::KeptClosed(reason, keys) => {
            let error = if verdict == Verdict::Failure { cause.text() } else { None };
            breaker.on_kept_closed(reason, keys, error);
        }
        Recorded::Stale => breaker.on_stale_result(),
    }
}

/// Delivers the transitions that the observers have yet to see.
pub(super) fn deliver(breaker: impl Breaker) {
    breaker.engine().deliver(|transition, error| breaker.on_transition(transition, error));
}
