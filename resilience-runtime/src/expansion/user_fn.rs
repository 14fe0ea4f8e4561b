//! Functions and closures that an attribute was given, named after its arguments: where one does
//! not fit, rustc says so by these names.

use std::time::Duration;

use crate::function::Function;
use crate::outcome::Class;
use crate::policy::retry::{CallOverrides, NextStep, RetryPolicy, RetryState};

/// `when` and `when_ok`: a predicate is told the type of its argument before it is looked at.
#[inline]
pub fn when<T: ?Sized>(predicate: impl FnOnce(&T) -> bool, value: &T) -> bool {
    predicate(value)
}

/// `backoff`: what follows a failed attempt, when the delay is found like this.
#[inline]
pub fn backoff<D: CallOverrides>(
    state: &mut RetryState<D>,
    policy: &RetryPolicy,
    function: &Function,
    class: Class,
    delay: impl FnOnce(u32) -> Duration,
) -> NextStep {
    state.failed_by(policy, function, class, delay)
}
