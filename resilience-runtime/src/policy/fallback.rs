//! `#[fallback]`: another answer after the call has failed. The expansion contains the answer
//! itself.

use crate::event::{Event, emit};
use crate::function::{Counter, Function};
use crate::outcome::Failure;

/// Records that a fallback is called.
#[cold]
#[inline(never)]
pub extern "C" fn used(function: &'static Function) {
    function.count(Counter::Fallbacks);
    emit(|| Event::FallbackUsed { function: function.path() });
}

/// Returns the result of the predicate `when` for the error that the caller would get. `convert`
/// turns a policy's error into the function's error type.
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

/// Returns the argument of a fallback's closure, and fixes its type.
pub const fn given<E>(failure: Failure<E>) -> Failure<E> {
    failure
}
