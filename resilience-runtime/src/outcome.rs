//! What an annotated function returns, recognised by type: aliases of `Result` are results too.
#![expect(clippy::missing_errors_doc, reason = "the results are the user's own, passed on")]

use crate::error::{Error, Failure};

/// A return type that can tell success from failure: `Result`, under whatever name.
#[diagnostic::on_unimplemented(
    message = "a function that returns `{Self}` can't fail, so there is nothing for these attributes to act on",
    label = "this is not a `Result`",
    note = "return a `Result`; what a policy has to say (a timeout, an open breaker) is said as its `Err`"
)]
pub trait Outcome: Sized {
    /// The `Ok` type.
    type Ok;
    /// The `Err` type.
    type Error;
    /// As a `Result`.
    fn into_result(self) -> Result<Self::Ok, Self::Error>;
    /// Back from a `Result`.
    fn from_result(result: Result<Self::Ok, Self::Error>) -> Self;
}

impl<T, E> Outcome for Result<T, E> {
    type Ok = T;
    type Error = E;
    fn into_result(self) -> Self {
        self
    }
    fn from_result(result: Self) -> Self {
        result
    }
}

/// What the body or a fallback returned, as the layers see it.
pub fn into_result<O: Outcome>(outcome: O) -> Result<O::Ok, O::Error> {
    outcome.into_result()
}

/// What the function returns.
pub fn from_result<O: Outcome>(result: Result<O::Ok, O::Error>) -> O {
    O::from_result(result)
}

/// A value instead of a failure, in a result of the function's type.
pub fn answer<T, E>(value: T, _instead_of: Failure<E>) -> Result<T, E> {
    Ok(value)
}

/// A function's error type that can hold what a policy says. One trait an attribute, so that the message names it.
macro_rules! caller_error {
    ($name:ident, $message:literal) => {
        #[doc = "`E: From<resilience::Error>`, asked for by one attribute."]
        #[diagnostic::on_unimplemented(
            message = $message,
            label = "`{Self}` is not `From<resilience::Error>`",
            note = "add a variant to `{Self}`; with thiserror: `#[error(transparent)] Resilience(#[from] resilience::Error)`",
            note = "or put a `#[fallback(…)]` above the attribute, which answers instead"
        )]
        pub trait $name: Sized {
            /// The error the caller gets.
            fn from_failure(failure: Failure<Self>) -> Self;
        }

        #[diagnostic::do_not_recommend]
        impl<E: From<Error>> $name for E {
            fn from_failure(failure: Failure<Self>) -> Self {
                failure.into_error()
            }
        }
    };
}

caller_error!(
    TimeoutError,
    "`#[timeout]` can end this call with an error of its own, and the function's error type has no place for it"
);
caller_error!(
    CircuitBreakerError,
    "`#[circuit_breaker]` can end this call with an error of its own, and the function's error type has no place for it"
);
caller_error!(
    BulkheadError,
    "`#[bulkhead]` can end this call with an error of its own, and the function's error type has no place for it"
);
