//! Durations that the code computes for each call.

use std::time::Duration;

use resilience_options::RetryOptions;

/// Durations of an attribute that are expressions, so that their values are only known at the call.
/// They are not checked, and no value panics.
#[derive(Clone, Copy, Debug)]
pub struct CallDurations {
    /// `base_delay`, if it is an expression.
    pub base_delay: Option<Duration>,
    /// `max_delay`, if it is an expression.
    pub max_delay: Option<Duration>,
    /// `max_elapsed`, if it is an expression.
    pub max_elapsed: Option<Duration>,
    /// `max_retry_after`, if it is an expression.
    pub max_retry_after: Option<Duration>,
}

impl CallDurations {
    /// Returns the options with the durations of this call.
    pub(super) fn over(self, options: &RetryOptions) -> RetryOptions {
        RetryOptions {
            base_delay: self.base_delay.or(options.base_delay),
            max_delay: self.max_delay.or(options.max_delay),
            max_elapsed: self.max_elapsed.or(options.max_elapsed),
            max_retry_after: self.max_retry_after.or(options.max_retry_after),
            ..*options
        }
    }
}

/// Options that a call may override.
pub trait CallOverrides: Copy {
    /// Returns the durations of this call, if it has any.
    fn durations(&self) -> Option<CallDurations>;
}

impl CallOverrides for () {
    fn durations(&self) -> Option<CallDurations> {
        None
    }
}

impl CallOverrides for CallDurations {
    fn durations(&self) -> Option<CallDurations> {
        Some(*self)
    }
}
