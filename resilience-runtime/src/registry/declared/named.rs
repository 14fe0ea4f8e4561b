//! A check by type if the registry can list the value that an attribute names.

use std::time::Duration;

use super::register::Register;
use super::source::Declared;

/// Wrapper for a value that an attribute names. Method resolution finds `declared` of [`Declares`]
/// if `T: Register`. For all other types it finds `declared` of [`DeclaresNothing`], which needs
/// one more reference.
#[derive(Debug)]
pub struct Named<'a, T>(pub &'a T);

/// Trait for the types that the registry lists, and for constants.
pub trait Declares {
    /// Returns the value as an item of the registry.
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

/// Trait for all other types.
pub trait DeclaresNothing {
    /// Returns `None`.
    fn declared(&self) -> Option<Declared>;
}

impl<T> DeclaresNothing for &Named<'_, T> {
    fn declared(&self) -> Option<Declared> {
        None
    }
}
