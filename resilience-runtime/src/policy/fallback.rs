//! `#[fallback]`: another answer when the call has failed. The answer itself is in the expansion.

use crate::event::{Event, emit};
use crate::function::{Counter, Function};
use crate::outcome::Failure;

/// Counts and emits that a fallback is asked for the answer. It does not unwind: the failure, which
/// is still there, needs no clean-up, and stays in registers.
#[cold]
#[inline(never)]
pub extern "C" fn used(function: &'static Function) {
    function.count(Counter::Fallbacks);
    emit(|| Event::FallbackUsed { function: function.path() });
}

/// Asks `when` about the error that the caller would get. A policy's error is first converted by
/// `From`.
pub fn asks<E>(
    failure: &Failure<E>,
    convert: impl FnOnce(Failure<E>) -> E,
    when: impl FnOnce(&E) -> bool,
) -> bool {
    match failure {
        Failure::Function(error) => when(error),
        Failure::Policy(error) => when(&convert(Failure::Policy(error.clone()))),
    }
}

/// Failure, as the closure of a fallback gets it.
pub const fn given<E>(failure: Failure<E>) -> Failure<E> {
    failure
}
