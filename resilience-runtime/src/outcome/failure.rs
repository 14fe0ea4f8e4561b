//! A call's failure: the function's own error, or a policy's.

use super::error::Error;

/// Why a call failed, as the layers of a stack see it.
///
/// `#[fallback(|failure| …)]` is given one, and so is whoever uses [`CircuitBreaker::call`] or
/// [`Bulkhead::call`]. At the top of an annotated function it has become an `E` again.
///
/// [`CircuitBreaker::call`]: crate::CircuitBreaker::call
/// [`Bulkhead::call`]: crate::Bulkhead::call
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a call ends by the function or by a policy; there is no third"
)]
pub enum Failure<E> {
    /// The function returned this.
    Function(E),
    /// A policy ended the call.
    Policy(Error),
}

impl<E> Failure<E> {
    /// The caller's error type: the function's error as it is, a policy's by `From`.
    pub fn into_error(self) -> E
    where
        E: From<Error>,
    {
        match self {
            Self::Function(error) => error,
            Self::Policy(error) => error.into(),
        }
    }

    /// The function's own error, if it was the function that failed.
    pub fn function(&self) -> Option<&E> {
        match self {
            Self::Function(error) => Some(error),
            Self::Policy(_) => None,
        }
    }

    /// The policy's error, if it was a policy that ended the call.
    pub fn policy(&self) -> Option<&Error> {
        match self {
            Self::Function(_) => None,
            Self::Policy(error) => Some(error),
        }
    }
}

/// So that a `Failure` can be the error type of an annotated function itself.
impl<E> From<Error> for Failure<E> {
    fn from(error: Error) -> Self {
        Self::Policy(error)
    }
}

impl<E: std::fmt::Display> std::fmt::Display for Failure<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Function(error) => error.fmt(f),
            Self::Policy(error) => error.fmt(f),
        }
    }
}

impl<E: std::error::Error> std::error::Error for Failure<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Function(error) => error.source(),
            Self::Policy(error) => error.source(),
        }
    }
}
