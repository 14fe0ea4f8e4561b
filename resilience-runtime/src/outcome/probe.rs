//! The question for an error's class, answered by the type. `#[retry]` and `#[circuit_breaker]`
//! expand to it.

use super::class::Class;
use super::classify::Classify;

/// Asks an error for its class if its type has one, by method resolution: [`Classified`] wants `E:
/// Classify` and is found first; [`Unclassified`] takes one reference more to reach. Costs nothing
/// at run time.
#[derive(Debug)]
pub struct ClassProbe<'e, E>(pub &'e E);

/// Found for errors that implement [`Classify`].
pub trait Classified {
    /// Class that the error gives.
    fn resilience_class(&self) -> Class;
}

impl<E: Classify> Classified for ClassProbe<'_, E> {
    fn resilience_class(&self) -> Class {
        self.0.classify()
    }
}

/// Found for all other errors.
pub trait Unclassified {
    /// [`Class::Transient`].
    fn resilience_class(&self) -> Class;
}

impl<E> Unclassified for &ClassProbe<'_, E> {
    fn resilience_class(&self) -> Class {
        Class::Transient
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

/// Class after `when` on `#[circuit_breaker]`: an error that the predicate refuses counts as
/// neither failure nor success.
#[must_use]
pub fn breaker_when(predicate: bool) -> Class {
    if predicate { Class::Transient } else { Class::Ignored }
}
