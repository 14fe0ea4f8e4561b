//! References to what an attribute names: a policy that lives on between the calls.

use std::ops::Deref;

/// A value that refers to a policy: a reference, an `Arc`, a guard. A policy itself would be
/// dropped at the end of the call, and the next call would have another one.
#[diagnostic::on_unimplemented(
    message = "this is another `{Self}` at each call, so none of them sees more than one call",
    label = "a `{Self}` of its own for each call",
    note = "a `const`, and what a function returns by value, is another one at each use: declare \
        it as a `static` and name that, or give a reference or an `Arc`, such as `self.breaker`"
)]
pub trait LivesOn {
    /// Itself.
    fn lives_on(&self) -> &Self;
}

#[diagnostic::do_not_recommend]
impl<R: Deref> LivesOn for R {
    #[inline]
    fn lives_on(&self) -> &Self {
        self
    }
}

/// Refers to what a `static` holds. For a `const`, rustc shows the bound with its comment.
#[inline]
pub const fn to_static<'a, T: ?Sized>(value: &'a T) -> &'a T
where
    'a: 'static, // a `const` is another one at each use: declare it as a `static`
{
    value
}
