//! Statics that no attribute names, listed by hand.

use super::declared::Declared;

/// One static of a [`list!`](crate::list).
#[derive(Debug)]
pub struct Listing {
    declared: fn() -> Declared,
    file: &'static str,
    line: u32,
}

inventory::collect!(Listing);

impl Listing {
    /// Made by `list!`.
    #[must_use]
    pub const fn new(declared: fn() -> Declared, file: &'static str, line: u32) -> Self {
        Self { declared, file, line }
    }

    pub(super) fn all() -> impl Iterator<Item = &'static Self> {
        inventory::iter::<Self>.into_iter()
    }

    pub(super) fn declared(&self) -> Declared {
        (self.declared)()
    }

    /// Where it is listed.
    pub(super) const fn place(&self) -> (&'static str, u32) {
        (self.file, self.line)
    }
}

/// Has statics known to the [`registry`](crate::registry()) that no attribute names: those that are used by their `call`, and those a
/// library declares for others to name.
///
/// ```standalone_crate
/// use resilience::{Policy, registry};
///
/// static PAYMENT: Policy = Policy::important("payment");
/// resilience::list!(PAYMENT);
///
/// # fn main() {
/// assert!(registry().policy("payment").is_some());
/// assert!(registry().circuit_breaker("payment").is_some());
/// # }
/// ```
///
/// It stands where items stand, and takes paths to statics of the types [`CircuitBreaker`](crate::CircuitBreaker),
/// [`Bulkhead`](crate::Bulkhead), [`RetryPolicy`](crate::RetryPolicy), [`RetryBudget`](crate::RetryBudget),
/// [`AdaptiveTimeout`](crate::AdaptiveTimeout), [`Policy`](crate::Policy), and [`Keyed`](crate::Keyed) if its keys implement
/// `Display`. What an attribute names is listed without it, and may be listed again.
#[macro_export]
macro_rules! list {
    ($($named:path),+ $(,)?) => {$(
        $crate::__private::register! {
            $crate::__private::Listing::new(
                || $crate::Declare::declared(&$named),
                ::core::file!(),
                ::core::line!(),
            )
        }
    )+};
}
