//! What a failure means to the policies: worth another attempt, counted against the dependency, or neither.

mod io;

use std::time::Duration;

use crate::error::{Error, Failure};

/// What a failure says about the dependency.
///
/// | class | `#[retry]` | `#[circuit_breaker]` | `#[fallback]` |
/// |---|---|---|---|
/// | `Transient` | tries again | counts a failure | acts |
/// | `RetryAfter` | tries again, no sooner | counts a failure | acts |
/// | `Permanent` | gives up | counts a failure | acts |
/// | `Ignored` | gives up | counts nothing | acts |
///
/// `when = PREDICATE` on an attribute overrides the class for that attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Class {
    /// May pass by itself: another attempt is worth it.
    Transient,
    /// As `Transient`, and the dependency said how long to stay away (HTTP's `Retry-After`). The
    /// duration is the least delay before the next attempt.
    RetryAfter(Duration),
    /// Another attempt would fail in the same way.
    Permanent,
    /// Says nothing about the dependency (a bad request, a record that does not exist).
    Ignored,
}

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
/// An error type that does not implement this counts as [`Class::Transient`]. Which of the two holds is
/// decided at compile time, where the attribute stands, and costs nothing. In a function generic over its error type
/// the bound `E: Classify` must be written out for the trait to be asked.
///
/// Implemented for [`Error`], [`Failure`], `std::io::Error`, and pointers to what implements it. A `#[retry]` asks about the error of each
/// attempt that failed, a `#[circuit_breaker]` about that of each call that did: the answer should be quick, and the same each time.
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

/// A timeout is transient. An open breaker and a full bulkhead never reached the dependency: they say
/// nothing about it and are not worth an attempt that would be turned away too.
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

/// What a call that ended says to a breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The dependency answered.
    Success,
    /// The dependency failed.
    Failure,
    /// Neither.
    Ignored,
}

impl Verdict {
    /// What an error of this class says.
    #[must_use]
    pub const fn of(class: Class) -> Self {
        match class {
            Class::Ignored => Self::Ignored,
            Class::Transient | Class::RetryAfter(_) | Class::Permanent => Self::Failure,
        }
    }
}

/// Asks an error for its class if its type has one, by method resolution: [`Classified`] wants `E: Classify`
/// and is found first; [`Unclassified`] takes one reference more to reach. Costs nothing at run time.
#[derive(Debug)]
pub struct Probe<'e, E>(pub &'e E);

/// Found for errors that implement [`Classify`].
pub trait Classified {
    /// What the error says.
    fn resilience_class(&self) -> Class;
}

impl<E: Classify> Classified for Probe<'_, E> {
    fn resilience_class(&self) -> Class {
        self.0.classify()
    }
}

/// Found for all other errors.
pub trait Unclassified {
    /// [`Class::Transient`].
    fn resilience_class(&self) -> Class;
}

impl<E> Unclassified for &Probe<'_, E> {
    fn resilience_class(&self) -> Class {
        Class::Transient
    }
}

/// `when` on `#[retry]`: the predicate decides, a hint the class carries stays.
#[must_use]
pub fn retry_when(predicate: bool, class: Class) -> Class {
    match (predicate, class) {
        (false, _) => Class::Permanent,
        (true, Class::RetryAfter(hint)) => Class::RetryAfter(hint),
        (true, _) => Class::Transient,
    }
}

/// `when` on `#[circuit_breaker]`: what the predicate turns down is neither failure nor success.
#[must_use]
pub fn breaker_when(predicate: bool) -> Class {
    if predicate { Class::Transient } else { Class::Ignored }
}
