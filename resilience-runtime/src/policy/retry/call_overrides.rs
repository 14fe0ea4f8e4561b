//! Options that the code computes for each call.

use std::time::Duration;

use resilience_options::RetryOptions;

/// Options of an attribute that are expressions, so that their values are only known at the call.
/// They are not checked, and no value panics.
#[derive(Clone, Copy, Debug)]
pub struct CallOptions {
    /// `max_attempts`, if it is an expression. Zero is one attempt.
    pub max_attempts: Option<u32>,
    /// `base_delay`, if it is an expression.
    pub base_delay: Option<Duration>,
    /// `max_delay`, if it is an expression.
    pub max_delay: Option<Duration>,
    /// `factor`, if it is an expression. A factor below 1, and one that is not a number, is 1.
    pub factor: Option<f64>,
    /// `max_elapsed`, if it is an expression.
    pub max_elapsed: Option<Duration>,
    /// `max_retry_after`, if it is an expression.
    pub max_retry_after: Option<Duration>,
}

impl CallOptions {
    /// Returns the options with those of this call.
    pub(super) fn over(self, options: &RetryOptions) -> RetryOptions {
        RetryOptions {
            max_attempts: self
                .max_attempts
                .map(|attempts| attempts.max(1))
                .or(options.max_attempts),
            base_delay: self.base_delay.or(options.base_delay),
            max_delay: self.max_delay.or(options.max_delay),
            // The maximum of 1 and of what is not a number is 1.
            factor: self.factor.map(|factor| factor.max(1.0)).or(options.factor),
            max_elapsed: self.max_elapsed.or(options.max_elapsed),
            max_retry_after: self.max_retry_after.or(options.max_retry_after),
            ..*options
        }
    }
}

/// Options that a call may override.
pub trait CallOverrides: Copy {
    /// Returns the options of this call, if it has any.
    fn options(&self) -> Option<CallOptions>;
}

impl CallOverrides for () {
    fn options(&self) -> Option<CallOptions> {
        None
    }
}

impl CallOverrides for CallOptions {
    fn options(&self) -> Option<CallOptions> {
        Some(*self)
    }
}
