//! The durations that a call has of its own.

use std::time::Duration;

use resilience_options::RetryOptions;

/// The durations that an attribute gave as expressions, known only at the call. They are taken as
/// they are: no value panics.
#[derive(Clone, Copy, Debug)]
pub struct CallDurations {
    /// `base_delay`, where that is an expression.
    pub base_delay: Option<Duration>,
    /// `max_delay`, where that is an expression.
    pub max_delay: Option<Duration>,
    /// `max_elapsed`, where that is an expression.
    pub max_elapsed: Option<Duration>,
}

impl CallDurations {
    /// The options, with the durations of this call.
    pub(super) fn over(self, options: &RetryOptions) -> RetryOptions {
        RetryOptions {
            base_delay: self.base_delay.or(options.base_delay),
            max_delay: self.max_delay.or(options.max_delay),
            max_elapsed: self.max_elapsed.or(options.max_elapsed),
            ..*options
        }
    }
}

/// What a call has of its own.
pub trait CallOverrides: Copy {
    /// Its durations, if it has any.
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
