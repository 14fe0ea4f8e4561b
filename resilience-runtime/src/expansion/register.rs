//! Statics that no attribute names, registered by hand.

/// Has statics known to the [`registry`](crate::registry()) that no attribute names: those that are
/// used by their `call`, and those a library declares for others to name.
///
/// ```standalone_crate
/// use resilience::{Policy, registry};
///
/// static PAYMENT: Policy = Policy::important("payment");
/// resilience::register!(PAYMENT);
///
/// # fn main() {
/// assert!(registry().policy("payment").is_some());
/// assert!(registry().circuit_breaker("payment").is_some());
/// # }
/// ```
///
/// It stands where items stand, and takes paths to statics of the types
/// [`CircuitBreaker`](crate::CircuitBreaker), [`Bulkhead`](crate::Bulkhead),
/// [`RetryPolicy`](crate::RetryPolicy), [`RetryBudget`](crate::RetryBudget),
/// [`AdaptiveTimeout`](crate::AdaptiveTimeout), [`Policy`](crate::Policy), and
/// [`Keyed`](crate::Keyed) if its keys implement `Display`. What an attribute names is listed
/// without it, and may be listed again.
#[macro_export]
macro_rules! register {
    ($($named:path),+ $(,)?) => {$(
        $crate::__private::register! {
            $crate::__private::Registration::new(
                || $crate::Register::declared(&$named),
                ::core::file!(),
                ::core::line!(),
            )
        }
    )+};
}
