//! `#[fallback]`: another answer when the call has failed. The answer itself stands in the
//! expansion.

use crate::event::{Event, emit};
use crate::function::{Counter, Function};
use crate::outcome::Failure;

/// A fallback is asked for the answer.
#[cold]
pub fn used(function: &'static Function) {
    function.count(Counter::Fallbacks);
    emit(|| Event::FallbackUsed { function: function.path() });
}

/// `when`: asked about the error the caller would get; for a policy's, about what `From` makes of
/// it.
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

/// What the closure of a fallback is given.
pub const fn given<E>(failure: Failure<E>) -> Failure<E> {
    failure
}
