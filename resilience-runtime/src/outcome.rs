//! What an annotated function returns, recognised by type: aliases of `Result` are results too.
#![expect(clippy::missing_errors_doc, reason = "the results are the user's own, passed on")]

use crate::error::Failure;

/// A return type that can tell success from failure: `Result`, under whatever name.
#[diagnostic::on_unimplemented(
    message = "a function that returns `{Self}` can't fail, so there is nothing for these attributes to act on",
    label = "`{Self}` is not a `Result`",
    note = "return a `Result`; what a policy has to say (a timeout, an open breaker) is said as its `Err`"
)]
pub trait AnyResult: Sized {
    /// The `Ok` type.
    type Ok;
    /// The `Err` type.
    type Error;
    /// As a `Result`.
    fn into_result(self) -> Result<Self::Ok, Self::Error>;
    /// Back from a `Result`.
    fn from_result(result: Result<Self::Ok, Self::Error>) -> Self;
}

// Nobody needs to read that the trait is implemented for `Result`: the message has said so.
#[diagnostic::do_not_recommend]
impl<T, E> AnyResult for Result<T, E> {
    type Ok = T;
    type Error = E;
    fn into_result(self) -> Self {
        self
    }
    fn from_result(result: Self) -> Self {
        result
    }
}

/// A result in place of a failure, with the same type of error.
pub fn instead_of<T, E>(_failure: Failure<E>, answer: Result<T, E>) -> Result<T, E> {
    answer
}

/// A function's error type that can hold what a policy says. One trait an attribute, so that the message names it; and as
/// rustc always adds "the trait … is not implemented", a name by which that is true and of use: a `From` of our error.
macro_rules! needed {
    ($name:ident, $message:literal) => {
        #[doc = "`E: From<resilience::Error>`, asked for by one attribute."]
        pub mod $name {
            use crate::error::{Error, Failure};

            #[doc = "Implemented by all that is `From<resilience::Error>`."]
            #[diagnostic::on_unimplemented(
                message = $message,
                label = "`{Self}` is not `From<resilience::Error>`",
                note = "add a variant to `{Self}`; with thiserror: `#[error(transparent)] Resilience(#[from] resilience::Error)`",
                note = "where `{Self}` is not yours to change, make the function return an error type that is, or `resilience::Error`",
                note = "or put a `#[fallback(…)]` above the attribute, which answers instead"
            )]
            pub trait From<E>: Sized {
                #[doc = "The error the caller gets."]
                fn from_failure(failure: Failure<Self>) -> Self;
            }

            #[diagnostic::do_not_recommend]
            impl<E: core::convert::From<Error>> From<Error> for E {
                fn from_failure(failure: Failure<Self>) -> Self {
                    failure.into_error()
                }
            }
        }
    };
}

needed!(
    needed_by_timeout,
    "`#[timeout]` can end this call with an error of its own, and the function's error type has no place for it"
);
needed!(
    needed_by_circuit_breaker,
    "`#[circuit_breaker]` can end this call with an error of its own, and the function's error type has no place for it"
);
needed!(
    needed_by_bulkhead,
    "`#[bulkhead]` can end this call with an error of its own, and the function's error type has no place for it"
);
needed!(
    needed_by_resilient,
    "`#[resilient]` can end this call with an error of its own, and the function's error type has no place for it"
);
