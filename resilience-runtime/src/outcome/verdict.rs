//! The meaning of a call for a breaker.

use super::class::Class;

/// Meaning of a call that ended, for a breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The dependency answered.
    Success,
    /// The dependency failed.
    Failure,
    /// Neither.
    Ignored,
    /// Nobody waited for the answer: neither, unless the call was slow.
    Abandoned,
}

impl Verdict {
    /// Verdict on an error of this class.
    #[must_use]
    pub const fn of(class: Class) -> Self {
        match class {
            Class::Expected => Self::Success,
            Class::Ignored => Self::Ignored,
            Class::Transient | Class::RetryAfter(_) | Class::Permanent => Self::Failure,
        }
    }
}
