//! Errors that know their class.

use std::time::Duration;

use super::class::Class;
use super::error::Error;
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
///             Self::NotFound => Class::Ignored,
///         }
///     }
/// }
/// ```
///
/// An error type that does not implement this counts as [`Class::Transient`]. Which of the two
/// holds is decided at compile time, where the attribute stands, and costs nothing. In a function
/// generic over its error type the bound `E: Classify` must be written out for the trait to be
/// asked.
///
/// Implemented for [`Error`], [`Failure`], `std::io::Error`, and pointers to what implements it. A
/// `#[retry]` asks about the error of each attempt that failed, a `#[circuit_breaker]` about that
/// of each call that did: the answer should be quick, and the same each time.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no class: it does not say what it means to a retry or a breaker",
    label = "`{Self}` is not `Classify`",
    note = "`#[derive(resilience::Classify)]` on a type of your own; for one of another crate, a function can tell: `#[classify(with = path)]`"
)]
pub trait Classify {
    /// The class of this error.
    fn classify(&self) -> Class;
}

/// What `#[classify(transient, retry_after = …)]` may name.
#[diagnostic::on_unimplemented(
    message = "`retry_after` names a field that says how long to stay away, and `{Self}` does not",
    label = "neither `Duration` nor `Option<Duration>`",
    note = "make it one where the answer is read: `Retry-After: 2` is `Duration::from_secs(2)`"
)]
pub trait RetryAfterField {
    /// The class of the error that has this field.
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

/// A timeout is transient. An open breaker and a full bulkhead never reached the dependency: they
/// say nothing about it and are not worth an attempt that would be rejected too.
impl Classify for Error {
    fn classify(&self) -> Class {
        match self {
            Self::TimedOut { .. } => Class::Transient,
            Self::CircuitOpen { .. } | Self::BulkheadFull { .. } => Class::Ignored,
        }
    }
}

impl<E: Classify> Classify for Failure<E> {
    fn classify(&self) -> Class {
        match self {
            Self::Function(error) => error.classify(),
            Self::Policy(error) => error.classify(),
        }
    }
}

/// As what is inside: a pointer changes nothing about the failure.
macro_rules! classify_as_inside {
    ($($pointer:ty),*) => {$(
        impl<E: Classify + ?Sized> Classify for $pointer {
            fn classify(&self) -> Class {
                (**self).classify()
            }
        }
    )*};
}

classify_as_inside!(&E, Box<E>, std::rc::Rc<E>, std::sync::Arc<E>);
