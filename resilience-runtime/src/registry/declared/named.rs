//! The question whether the registry lists what an attribute names, answered by the type.

use std::time::Duration;

use super::register::Register;
use super::source::Declared;

/// Asks what an attribute names whether the registry lists it, by method resolution: [`Declares`]
/// is found first, and wants `T: Register`; [`DeclaresNothing`] takes one reference more to reach,
/// and no type is refused.
#[derive(Debug)]
pub struct Named<'a, T>(pub &'a T);

/// Found for what the registry lists, and for constants.
pub trait Declares {
    /// As one of many.
    fn declared(&self) -> Option<Declared>;
}

impl<T: Register> Declares for Named<'static, T> {
    fn declared(&self) -> Option<Declared> {
        Some(self.0.declared())
    }
}

impl Declares for Named<'static, Duration> {
    fn declared(&self) -> Option<Declared> {
        Some(Declared::Limit(*self.0))
    }
}

/// Found for all else.
pub trait DeclaresNothing {
    /// `None`.
    fn declared(&self) -> Option<Declared>;
}

impl<T> DeclaresNothing for &Named<'_, T> {
    fn declared(&self) -> Option<Declared> {
        None
    }
}
