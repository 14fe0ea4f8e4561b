//! Errors that know their class.

use std::time::Duration;

use super::class::Class;
use super::error::Error;
use super::error_text::Cause;
use super::failure::Failure;

/// An error that knows its [`Class`].
///
/// Mostly [derived](derive@crate::Classify); by hand it is one `match`:
///
/// ```
/// use resilience::{Class, Classify};
///
/// enum ApiError { Unavailable, NotFound }
///
/// impl Classify for ApiError {
///     fn classify(&self) -> Class {
///         match self {
///             Self::Unavailable => Class::Transient,
///             Self::NotFound => Class::Expected,
///         }
///     }
/// }
/// ```
///
/// For the attributes, an error type that does not implement this counts as [`Class::Transient`],
/// unless it is `AsRef<dyn Error>`, as `anyhow::Error` and `eyre::Report` are: then [`Class::of`]
/// searches it and its sources. A [`Failure`] of such a type has the class of the policy's error,
/// if it holds one. The compiler decides by the type, which costs nothing at run time.
/// In a function that is generic over its error type, the bound `E: Classify` must be written out
/// for the trait to be asked.
///
/// `call` of [`Policy`](crate::Policy), [`RetryPolicy`](crate::RetryPolicy) and
/// [`CircuitBreaker`](crate::CircuitBreaker) requires the trait; `call_with` takes a function
/// instead, for error types of other crates.
///
/// Implemented for [`Error`], [`Failure`], `std::io::Error`, `()`, strings, the parse, format and
/// UTF-8 errors of the standard library, pointers to types that implement it, and `dyn Error` (so
/// for `Box<dyn Error + Send + Sync>`) by [`Class::of`]. A `#[retry]` asks the error of each failed
/// attempt, a `#[circuit_breaker]` and a `#[fallback]` that of each failed call: the answer should
/// be quick, and the same each time.
///
/// # Policy errors
///
/// A `classify` written by hand that returns the class of a policy's [`Error`] must come with
/// [`policy_error`](Self::policy_error). The class of a rejection is [`Class::Ignored`], and a
/// `#[fallback]` passes an ignored error on unless it finds the policy's error in it:
///
/// ```
/// use resilience::{Class, Classify, Error};
///
/// enum ApiError { NotFound, Resilience(Error) }
///
/// impl Classify for ApiError {
///     fn classify(&self) -> Class {
///         match self {
///             Self::NotFound => Class::Expected,
///             Self::Resilience(error) => error.classify(),
///         }
///     }
///
///     fn policy_error(&self) -> Option<&Error> {
///         match self {
///             Self::NotFound => None,
///             Self::Resilience(error) => Some(error),
///         }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no class: it does not say what it means to a retry or a breaker",
    label = "`{Self}` is not `Classify`",
    note = "`#[derive(resilience::Classify)]` on a type of your own",
    note = "for a type of another crate: `call_with(|error| Class::Transient, …)` instead of \
        `call(…)`, or `#[classify(with = path)]` in a derive"
)]
pub trait Classify {
    /// Class of this error.
    fn classify(&self) -> Class;

    /// Text of this error, for events and for the error of a breaker that it opened. The attributes
    /// find it by themselves: it is `Display`, else `Debug`. For the `call`s of the policies, the
    /// derive gives it; without it, [`Cause::UNKNOWN`].
    ///
    /// ```
    /// use resilience::events::Cause;
    /// use resilience::{Class, Classify};
    ///
    /// #[derive(Debug)]
    /// struct Unavailable;
    ///
    /// impl Classify for Unavailable {
    ///     fn classify(&self) -> Class {
    ///         Class::Transient
    ///     }
    ///
    ///     fn cause(&self) -> Cause<'_> {
    ///         Cause::debug(self)
    ///     }
    /// }
    /// assert_eq!(Unavailable.cause().text().as_deref(), Some("Unavailable"));
    /// ```
    fn cause(&self) -> Cause<'_> {
        Cause::UNKNOWN
    }

    /// Policy's error that this error holds, if a policy ended the call of an annotated function
    /// inside. A `#[fallback]` answers such an error whatever its class is: the class is about the
    /// dependency, which was not asked. The derive asks one field of each variant: the one
    /// that is `#[from]`, transparent or delegated to, else the one that is `#[source]` or named
    /// `source`, else the only one; whatever the class of the variant is. A field that is a trait
    /// object with a lifetime is not asked. Without this method: `None`.
    ///
    /// ```
    /// use resilience::{Classify, Error};
    /// use std::time::Duration;
    ///
    /// #[derive(Debug, thiserror::Error, Classify)]
    /// enum ApiError {
    ///     #[error("{0}")]
    ///     Resilience(#[from] resilience::Error),
    /// }
    ///
    /// let slow = Error::TimedOut { function: "price", limit: Duration::from_secs(1) };
    /// assert_eq!(ApiError::from(slow.clone()).policy_error(), Some(&slow));
    /// ```
    fn policy_error(&self) -> Option<&Error> {
        None
    }
}

/// A field that `#[classify(transient, retry_after = …)]` may name.
#[diagnostic::on_unimplemented(
    message = "`retry_after` names a field that says how long to stay away, and `{Self}` does not",
    label = "neither `Duration` nor `Option<Duration>`",
    note = "make it one where the answer is read: `Retry-After: 2` is `Duration::from_secs(2)`"
)]
pub trait RetryAfterField {
    /// Class of the error that has this field.
    fn class(&self) -> Class;
}

impl RetryAfterField for Duration {
    fn class(&self) -> Class {
        Class::RetryAfter(*self)
    }
}

impl RetryAfterField for Option<Duration> {
    fn class(&self) -> Class {
        self.map_or(Class::Transient, Class::RetryAfter)
    }
}

/// A timeout is transient. A call that a breaker, a bulkhead or a rate limiter has rejected never
/// reached the dependency: rejections are no evidence about it, and another attempt would be
/// rejected too.
impl Classify for Error {
    #[inline]
    fn classify(&self) -> Class {
        match self {
            Self::TimedOut { .. } => Class::Transient,
            Self::CircuitOpen { .. } | Self::BulkheadFull { .. } | Self::RateLimited { .. } => {
                Class::Ignored
            }
        }
    }

    fn cause(&self) -> Cause<'_> {
        Cause::display(self)
    }

    fn policy_error(&self) -> Option<&Error> {
        Some(self)
    }
}

impl<E: Classify> Classify for Failure<E> {
    fn classify(&self) -> Class {
        match self {
            Self::Function(error) => error.classify(),
            Self::Policy(error) => error.classify(),
        }
    }

    fn cause(&self) -> Cause<'_> {
        match self {
            Self::Function(error) => error.cause(),
            Self::Policy(error) => error.cause(),
        }
    }

    fn policy_error(&self) -> Option<&Error> {
        match self {
            Self::Function(error) => error.policy_error(),
            Self::Policy(error) => Some(error),
        }
    }
}

/// Pointers have the class of what they point to.
macro_rules! classify_pointers {
    ($($pointer:ty),*) => {$(
        impl<E: Classify + ?Sized> Classify for $pointer {
            fn classify(&self) -> Class {
                (**self).classify()
            }

            fn cause(&self) -> Cause<'_> {
                (**self).cause()
            }

            fn policy_error(&self) -> Option<&Error> {
                (**self).policy_error()
            }
        }
    )*};
}

classify_pointers!(&E, Box<E>, std::rc::Rc<E>, std::sync::Arc<E>);

/// Error types that say nothing about their class: they count as an unclassified type does.
macro_rules! classify_as_transient {
    ($($error:ty),* $(,)?) => {$(
        impl Classify for $error {
            fn classify(&self) -> Class {
                Class::Transient
            }

            fn cause(&self) -> Cause<'_> {
                Cause::display(self)
            }
        }
    )*};
}

/// Says nothing about its class either, and has no text.
impl Classify for () {
    fn classify(&self) -> Class {
        Class::Transient
    }
}

impl Classify for str {
    fn classify(&self) -> Class {
        Class::Transient
    }

    fn cause(&self) -> Cause<'_> {
        Cause::said(self)
    }
}

classify_as_transient!(
    String,
    std::convert::Infallible,
    std::fmt::Error,
    std::num::ParseIntError,
    std::num::ParseFloatError,
    std::str::ParseBoolError,
    std::char::ParseCharError,
    std::str::Utf8Error,
    std::string::FromUtf8Error,
);
