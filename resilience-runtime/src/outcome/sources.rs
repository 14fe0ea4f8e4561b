//! The search for a policy's error inside an error of any type.

use std::error::Error as StdError;
use std::io;
use std::iter;
use std::sync::Arc;

use super::error::Error;
use super::failure::Failure;

/// Largest number of errors that are looked at. Sources that form a circle end here too.
const LONGEST: usize = 64;

/// The error and its sources, from the outside in.
pub(super) fn chain<'e>(
    error: &'e (dyn StdError + 'static),
) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    iter::successors(Some(error), |error| next(*error)).take(LONGEST)
}

/// The error inside one that passes for it, else the source. The `source` of an error that passes
/// for another is the source of the error inside, which it skips.
fn next<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e (dyn StdError + 'static)> {
    macro_rules! inside {
        ($($pointer:ty),*) => {
            $(if let Some(pointer) = error.downcast_ref::<$pointer>() {
                return Some(&**pointer);
            })*
        };
    }
    inside!(Arc<Error>, Box<Error>, Arc<io::Error>, Box<io::Error>);
    inside!(Arc<dyn StdError + Send + Sync>, Arc<dyn StdError>);
    if let Some(error) = error.downcast_ref::<io::Error>() {
        return error.get_ref().map(|inner| inner as _).or_else(|| error.source());
    }
    if let Some(Failure::Function(error)) = error.downcast_ref::<Failure<Error>>() {
        return Some(error);
    }
    if let Some(Failure::Function(error)) = error.downcast_ref::<Failure<io::Error>>() {
        return Some(error);
    }
    error.source()
}

impl Error {
    /// Finds a policy's error in this error or its [`source`](StdError::source)s. It looks into
    /// `Arc`, `Box` and `io::Error` too, and at 64 errors at most.
    ///
    /// For code that is handed errors of many types, such as a handler that
    /// [answers with 503](#answering-with-503):
    ///
    /// ```
    /// use resilience::Error;
    /// use std::time::Duration;
    ///
    /// #[derive(Debug, thiserror::Error)]
    /// enum ApiError {
    ///     #[error("{0}")]
    ///     Resilience(#[from] resilience::Error),
    /// }
    ///
    /// #[derive(Debug, thiserror::Error)]
    /// #[error("no price for {article}")]
    /// struct NoPrice {
    ///     article: u32,
    ///     source: ApiError,
    /// }
    ///
    /// let slow = Error::TimedOut { function: "price", limit: Duration::from_secs(1) };
    /// let error = NoPrice { article: 7, source: ApiError::from(slow.clone()) };
    /// assert_eq!(Error::find(&error), Some(&slow));
    /// assert_eq!(Error::find(&std::fmt::Error), None);
    /// ```
    ///
    /// A variant with thiserror's `#[error(transparent)]` hides the error from this search, because
    /// its `source` is the source of the error inside: write `#[error("{0}")]`. If the type derives
    /// [`Classify`](derive@crate::Classify), its
    /// [`policy_error`](crate::Classify::policy_error) finds the error in either.
    #[must_use]
    pub fn find<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e Self> {
        chain(error).find_map(|error| error.downcast_ref())
    }
}
