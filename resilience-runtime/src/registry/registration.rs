//! Statics that are registered by hand.

use super::declared::source::Declared;

/// One static of a [`register!`](crate::register).
#[derive(Debug)]
pub struct Registration {
    declared: fn() -> Declared,
    file: &'static str,
    line: u32,
}

inventory::collect!(Registration);

impl Registration {
    /// Creates the registration; called by `register!`.
    #[must_use]
    pub const fn new(declared: fn() -> Declared, file: &'static str, line: u32) -> Self {
        Self { declared, file, line }
    }

    pub(crate) fn all() -> impl Iterator<Item = &'static Self> {
        inventory::iter::<Self>.into_iter()
    }

    pub(crate) fn declared(&self) -> Declared {
        (self.declared)()
    }

    /// Returns the file and line of the `register!`.
    pub(crate) const fn place(&self) -> (&'static str, u32) {
        (self.file, self.line)
    }
}
