//! The return type of an annotated function, recognised by type: aliases of `Result` are results
//! too.
#![expect(clippy::missing_errors_doc, reason = "the results are the user's own, passed on")]

use super::failure::Failure;

/// A return type that distinguishes success from failure: `Result`, under any name.
#[diagnostic::on_unimplemented(
    message = "a function that returns `{Self}` can't fail, so there is nothing for these \
        attributes to act on",
    label = "`{Self}` is not a `Result`",
    note = "return a `Result`: a policy's error (a timeout, an open breaker) becomes its `Err`"
)]
pub trait AnyResult: Sized {
    /// The `Ok` type.
    type Ok;
    /// The `Err` type.
    type Error;
    /// Converts into a `Result`.
    fn into_result(self) -> Result<Self::Ok, Self::Error>;
    /// Converts back from a `Result`.
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

/// Result in place of a failure, with the same type of error.
pub fn instead_of<T, E>(_failure: Failure<E>, answer: Result<T, E>) -> Result<T, E> {
    answer
}
