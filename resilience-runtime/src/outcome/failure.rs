//! A call's failure: the function's own error, or a policy's.

use std::fmt;

use super::error::Error;

/// Reason for a failed call, as the layers of a stack see it.
///
/// `#[fallback(|failure| …)]` hands it to its closure; [`CircuitBreaker::call`],
/// [`Bulkhead::call`] and [`Policy::call`] return it. At the top of an annotated function it has
/// become an `E` again.
///
/// ```
/// use resilience::{Bulkhead, Failure};
///
/// static POOL: Bulkhead = Bulkhead::new("stock").max_concurrent(5);
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let result = POOL.call(async || "seven".parse::<u32>()).await;
/// match result {
///     Ok(count) => println!("{count} left"),
///     Err(Failure::Function(error)) => println!("not a number: {error}"),
///     Err(Failure::Policy(error)) => println!("not asked: {error}"),
/// }
/// # }
/// ```
///
/// [`CircuitBreaker::call`]: crate::CircuitBreaker::call
/// [`Bulkhead::call`]: crate::Bulkhead::call
/// [`Policy::call`]: crate::Policy::call
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
    /// Returns the caller's error type: the function's error as it is, a policy's by `From`.
    ///
    /// ```
    /// use resilience::{Error, Failure};
    /// use std::io;
    /// use std::time::Duration;
    ///
    /// let failure: Failure<io::Error> =
    ///     Failure::Policy(Error::TimedOut { function: "charge", limit: Duration::from_secs(1) });
    /// assert_eq!(failure.into_error().kind(), io::ErrorKind::TimedOut);
    /// ```
    pub fn into_error(self) -> E
    where
        E: From<Error>,
    {
        match self {
            Self::Function(error) => error,
            Self::Policy(error) => error.into(),
        }
    }

    /// Converts the function's own error; a policy's stays as it is.
    ///
    /// ```
    /// use resilience::Failure;
    ///
    /// let failure = Failure::Function(404_u16);
    /// assert_eq!(failure.map(|status| status.to_string()), Failure::Function("404".into()));
    /// ```
    pub fn map<F>(self, convert: impl FnOnce(E) -> F) -> Failure<F> {
        match self {
            Self::Function(error) => Failure::Function(convert(error)),
            Self::Policy(error) => Failure::Policy(error),
        }
    }

    /// Borrows the function's own error. A policy's error is cloned, which allocates nothing.
    ///
    /// ```
    /// use resilience::Failure;
    ///
    /// let failure = Failure::Function(String::from("no such item"));
    /// assert_eq!(failure.as_ref().map(|error| error.len()), Failure::Function(12));
    /// ```
    pub fn as_ref(&self) -> Failure<&E> {
        match self {
            Self::Function(error) => Failure::Function(error),
            Self::Policy(error) => Failure::Policy(error.clone()),
        }
    }

    /// The function's own error, if the function failed.
    pub const fn function(&self) -> Option<&E> {
        match self {
            Self::Function(error) => Some(error),
            Self::Policy(_) => None,
        }
    }

    /// The policy's error, if a policy ended the call.
    pub const fn policy(&self) -> Option<&Error> {
        match self {
            Self::Function(_) => None,
            Self::Policy(error) => Some(error),
        }
    }

    /// Returns `true` if the function failed.
    ///
    /// ```
    /// use resilience::Failure;
    ///
    /// let failure = Failure::Function("no such item");
    /// assert!(failure.is_function() && !failure.is_policy());
    /// assert_eq!(failure.function(), Some(&"no such item"));
    /// assert_eq!(failure.policy(), None);
    /// ```
    #[must_use]
    pub const fn is_function(&self) -> bool {
        matches!(self, Self::Function(_))
    }

    /// Returns `true` if a policy ended the call.
    #[must_use]
    pub const fn is_policy(&self) -> bool {
        matches!(self, Self::Policy(_))
    }
}

/// Makes `Failure` an error type that an annotated function may return itself.
impl<E> From<Error> for Failure<E> {
    fn from(error: Error) -> Self {
        Self::Policy(error)
    }
}

impl<E: fmt::Display> fmt::Display for Failure<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Function(error) => error.fmt(f),
            Self::Policy(error) => error.fmt(f),
        }
    }
}

/// The function's own error has its own source. A policy's error is the source, so that
/// [`Error::find`] finds it behind any type.
impl<E: std::error::Error> std::error::Error for Failure<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Function(error) => error.source(),
            Self::Policy(error) => Some(error),
        }
    }
}
