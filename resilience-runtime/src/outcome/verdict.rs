//! The meaning of a call for a breaker.

use super::class::Class;

/// What a call that ended says to a breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The dependency answered.
    Success,
    /// The dependency failed.
    Failure,
    /// Neither.
    Ignored,
}

impl Verdict {
    /// What an error of this class says.
    #[must_use]
    pub const fn of(class: Class) -> Self {
        match class {
            Class::Ignored => Self::Ignored,
            Class::Transient | Class::RetryAfter(_) | Class::Permanent => Self::Failure,
        }
    }
}
