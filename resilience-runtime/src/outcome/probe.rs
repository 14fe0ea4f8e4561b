//! The question for an error's class, answered by the type. `#[retry]`, `#[circuit_breaker]`,
//! `#[fallback]` and the derive macro expand to it.

use std::error::Error as StdError;

use super::class::Class;
use super::classify::Classify;
use super::error::Error;
use super::failure::Failure;

/// Asks an error for its class if its type has one, by method resolution:
/// `(&&ClassProbe(error)).resilience_class()` finds [`Classified`] first, then [`Searched`], then
/// the methods of the probe itself, then [`Unclassified`]. Costs nothing at run time.
#[derive(Debug)]
pub struct ClassProbe<'e, E: ?Sized>(pub &'e E);

/// Declares a trait of the probe.
macro_rules! answers {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub trait $name<'e> {
            /// Class of the error.
            fn resilience_class(&self) -> Class;

            /// Policy's error that the error holds.
            fn resilience_policy_error(&self) -> Option<&'e Error>;

            /// Returns `true` if no `#[fallback]` without `when` replaces the error: a proper
            /// answer, or the caller's own mistake. A policy's error is neither.
            #[inline]
            fn resilience_is_passed_on(&self) -> bool {
                matches!(self.resilience_class(), Class::Expected | Class::Ignored)
                    && self.resilience_policy_error().is_none()
            }
        }
    };
}

answers!(
    /// Found for errors that implement [`Classify`].
    Classified
);
answers!(
    /// Found for errors that refer to an error of a type that is not known.
    Searched
);
answers!(
    /// Found for all other errors: they are transient.
    Unclassified
);

impl<'e, E: Classify + ?Sized> Classified<'e> for &ClassProbe<'e, E> {
    #[inline]
    fn resilience_class(&self) -> Class {
        self.0.classify()
    }

    #[inline]
    fn resilience_policy_error(&self) -> Option<&'e Error> {
        self.0.policy_error()
    }
}

impl<'e, E: AsRef<dyn StdError> + ?Sized> Searched<'e> for &&ClassProbe<'e, E> {
    fn resilience_class(&self) -> Class {
        Class::of(self.0.as_ref())
    }

    fn resilience_policy_error(&self) -> Option<&'e Error> {
        Error::find(self.0.as_ref())
    }
}

impl<'e, E: AsRef<dyn StdError>> Searched<'e> for &&ClassProbe<'e, Failure<E>> {
    fn resilience_class(&self) -> Class {
        match self.0 {
            Failure::Function(error) => Class::of(error.as_ref()),
            Failure::Policy(error) => error.classify(),
        }
    }

    fn resilience_policy_error(&self) -> Option<&'e Error> {
        match self.0 {
            Failure::Function(error) => Error::find(error.as_ref()),
            Failure::Policy(error) => Some(error),
        }
    }
}

/// Found for failures of functions whose errors have no class: a policy's error has one.
impl<'e, E> ClassProbe<'e, Failure<E>> {
    /// Class of the error.
    #[inline]
    #[must_use]
    pub fn resilience_class(&self) -> Class {
        self.0.policy().map_or(Class::Transient, Classify::classify)
    }

    /// Policy's error that the error holds.
    #[inline]
    #[must_use]
    pub const fn resilience_policy_error(&self) -> Option<&'e Error> {
        self.0.policy()
    }
}

impl<'e, E: ?Sized> Unclassified<'e> for ClassProbe<'e, E> {
    #[inline]
    fn resilience_class(&self) -> Class {
        Class::Transient
    }

    #[inline]
    fn resilience_policy_error(&self) -> Option<&'e Error> {
        None
    }
}

/// Class after `when` on `#[retry]`: the predicate decides, a hint that the class carries stays.
#[must_use]
pub fn retry_when(predicate: bool, class: Class) -> Class {
    match (predicate, class) {
        (false, _) => Class::Permanent,
        (true, Class::RetryAfter(hint)) => Class::RetryAfter(hint),
        (true, _) => Class::Transient,
    }
}

/// Class after `when` on `#[circuit_breaker]`: an error that the predicate refuses is a proper
/// answer, unless its class says that the dependency did not answer.
#[must_use]
pub fn breaker_when(predicate: bool, class: Class) -> Class {
    match (predicate, class) {
        (true, _) => Class::Transient,
        (false, Class::Ignored) => Class::Ignored,
        (false, _) => Class::Expected,
    }
}
