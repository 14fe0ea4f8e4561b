//! `#[fallback]`: another answer after the call has failed. The expansion contains the answer
//! itself.

use crate::call_outcome::CallOutcome;
#[cfg(feature = "tracing")]
use crate::event::emit_to_observers;
use crate::event::{Event, emit_per_call};
use crate::function::{Counter, Function};
use crate::outcome::{Cause, Failure};
use crate::sync::nounwind;

nounwind! {
    /// Records that a fallback is called in place of this outcome. Returns the outcome of the call
    /// if the fallback answers `Ok`.
    // If it could unwind, a call that a fallback answers would cost 85 instructions instead of 80.
    #[cold]
    #[inline(never)]
    pub fn fallback_used(
        function: &'static Function,
        outcome: CallOutcome,
        cause: Cause<'_>,
    ) -> CallOutcome {
        function.count(Counter::Fallbacks);
        let event =
            move || Event::FallbackUsed { function: function.path(), error: cause.text() };
        #[cfg(feature = "tracing")]
        if function.logs_fallback(cause) {
            emit_to_observers(event);
            return outcome.behind_fallback();
        }
        emit_per_call(event);
        outcome.behind_fallback()
    }
}

/// Returns the result of the predicate `when` for the error that the caller would get. `convert`
/// turns a policy's error into the function's error type.
pub fn fallback_applies<E>(
    failure: &Failure<E>,
    convert: impl FnOnce(Failure<E>) -> E,
    when: impl FnOnce(&E) -> bool,
) -> bool {
    match failure {
        Failure::Function(error) => when(error),
        Failure::Policy(error) => when(&convert(Failure::Policy(error.clone()))),
    }
}

/// Returns the argument of a fallback's closure, and fixes its type.
pub const fn closure_failure<E>(failure: Failure<E>) -> Failure<E> {
    failure
}
