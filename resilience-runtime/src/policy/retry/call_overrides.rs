//! The durations that a call has of its own.

use std::time::Duration;

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
