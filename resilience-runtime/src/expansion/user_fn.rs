//! Calls of functions and closures that are arguments of an attribute. The functions here have the
//! names of the arguments, because rustc shows these names if a type does not match.

use std::time::Duration;

use crate::function::Function;
use crate::outcome::{Cause, Class};
use crate::policy::retry::{CallOverrides, NextStep, RetryPolicy, RetryState};

/// Calls the predicate of `when` or `when_ok`. The signature fixes the type of a closure's argument
/// before rustc checks the closure.
#[inline]
pub fn when<T: ?Sized>(predicate: impl FnOnce(&T) -> bool, value: &T) -> bool {
    predicate(value)
}

/// Decides the step after a failed attempt, with the delay of a `backoff` expression.
#[inline]
pub fn backoff<D: CallOverrides>(
    state: &mut RetryState<D>,
    policy: &RetryPolicy,
    function: &Function,
    class: Class,
    cause: Cause<'_>,
    delay: impl FnOnce(u32) -> Duration,
) -> NextStep {
    state.failed_with_backoff(policy, function, class, cause, delay)
}
