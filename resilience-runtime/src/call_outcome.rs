//! The outcome of a call, by which the counters of a function distinguish calls.

use std::sync::atomic::AtomicU8;
use std::sync::atomic::Ordering::Relaxed;

use crate::outcome::{Class, Error};

/// Outcome of a call that has ended. Each call has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallOutcome {
    /// `Ok`, and no fallback gave the answer.
    Success,
    /// An error that counts against the dependency.
    Failure,
    /// An error that is a proper answer.
    Expected,
    /// An error that says nothing about the dependency.
    Ignored,
    /// A policy did not let the call through.
    Rejected,
    /// A limit passed.
    TimedOut,
    /// A fallback answered, and the dependency was not asked, or gave a proper answer.
    Fallback,
    /// A fallback answered after a failure of the dependency, or after a limit had passed.
    FallbackAfterFailure,
}

impl CallOutcome {
    /// Outcome of a call that ends with an error of this class, of the function's own type.
    #[inline]
    #[must_use]
    pub const fn of(class: Class) -> Self {
        match class {
            Class::Expected => Self::Expected,
            Class::Ignored => Self::Ignored,
            Class::Transient | Class::RetryAfter(_) | Class::Permanent => Self::Failure,
        }
    }

    /// Outcome of a call that a policy ended with this error.
    // Inline: the address of an error that is handed to a function would keep the result of a
    // successful call in memory, and the call would cost twice as much.
    #[inline]
    #[must_use]
    pub const fn of_policy(error: &Error) -> Self {
        match error {
            Error::CircuitOpen { .. } | Error::BulkheadFull { .. } | Error::RateLimited { .. } => {
                Self::Rejected
            }
            Error::TimedOut { .. } => Self::TimedOut,
        }
    }

    /// Outcome of a call that ends with this error, if the record of its fallbacks is `answered`:
    /// an error that a fallback gives says nothing about the dependency that it stands in for.
    #[inline]
    #[must_use]
    pub const fn after(self, answered: Self) -> Self {
        match (self, answered) {
            (Self::Expected | Self::Ignored, Self::FallbackAfterFailure) => Self::Failure,
            (Self::Expected, Self::Fallback) => Self::Ignored,
            _ => self,
        }
    }

    /// Outcome if a fallback answers in place of this one.
    pub(crate) const fn behind_fallback(self) -> Self {
        match self {
            Self::Failure | Self::TimedOut | Self::FallbackAfterFailure => {
                Self::FallbackAfterFailure
            }
            Self::Success | Self::Expected | Self::Ignored | Self::Rejected | Self::Fallback => {
                Self::Fallback
            }
        }
    }
}

/// The outcome that a call has if it returns `Ok`: kept beside the call, and changed by its
/// fallbacks. Only the call's own task uses it; it is atomic so that the call's future is `Send`.
#[derive(Debug, Default)]
pub struct OutcomeCell(AtomicU8);

const SUCCESS: u8 = 0;
const FALLBACK: u8 = 1;
const FALLBACK_AFTER_FAILURE: u8 = 2;

impl OutcomeCell {
    /// Creates the cell of a call that no fallback has answered.
    #[must_use]
    pub const fn new() -> Self {
        Self(AtomicU8::new(SUCCESS))
    }

    /// Records the outcome that a fallback gives the call. A failure of the dependency is not
    /// forgotten if another fallback is asked after the first one.
    pub fn fall_back(&self, outcome: CallOutcome) {
        let number = match outcome {
            CallOutcome::FallbackAfterFailure => FALLBACK_AFTER_FAILURE,
            _ => FALLBACK,
        };
        self.0.store(number.max(self.0.load(Relaxed)), Relaxed);
    }

    /// Records an answer of the function itself.
    #[inline]
    pub fn reset(&self) {
        self.0.store(SUCCESS, Relaxed);
    }

    /// Returns the outcome.
    #[inline]
    #[must_use]
    pub fn get(&self) -> CallOutcome {
        match self.0.load(Relaxed) {
            SUCCESS => CallOutcome::Success,
            FALLBACK => CallOutcome::Fallback,
            _ => CallOutcome::FallbackAfterFailure,
        }
    }
}
