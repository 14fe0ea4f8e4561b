//! The error of most annotated functions in the tests.

use std::fmt::Debug;
use std::time::Duration;

use resilience::{Classify, Error};

/// An error of each class, and that of a policy.
#[derive(Clone, Debug, PartialEq, Classify)]
#[non_exhaustive]
pub enum ApiError {
    /// Worth another attempt.
    #[classify(transient)]
    Down,
    /// Worth another attempt after this long.
    #[classify(transient, retry_after = 0)]
    Busy(Duration),
    /// Fails again whenever it is tried.
    #[classify(permanent)]
    Invalid,
    /// A proper answer.
    #[classify(expected)]
    Declined,
    /// Says nothing about the dependency.
    #[classify(ignored)]
    NotFound,
    /// A policy ended the call.
    #[classify(delegate)]
    Policy(Error),
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self::Policy(error)
    }
}

/// The function whose timeout ended the call, without the path of its module, and the limit.
///
/// # Panics
///
/// If no timeout ended the call.
#[track_caller]
pub fn timed_out<T: Debug, E: Into<ApiError>>(result: Result<T, E>) -> (&'static str, Duration) {
    match result.map_err(Into::into) {
        Err(ApiError::Policy(Error::TimedOut { function, limit, .. })) => {
            (function.rsplit("::").next().unwrap_or(function), limit)
        }
        other => panic!("not timed out: {other:?}"),
    }
}
