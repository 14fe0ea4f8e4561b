//! Registration of statics by hand.

/// Registers statics that no attribute names: policies that are used by their `call`, and policies
/// that a library declares for its users.
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
/// Write the macro where an item may be written. Its arguments are paths to statics of the types
/// [`CircuitBreaker`](crate::CircuitBreaker), [`Bulkhead`](crate::Bulkhead),
/// [`RateLimiter`](crate::RateLimiter), [`RetryPolicy`](crate::RetryPolicy),
/// [`RetryBudget`](crate::RetryBudget),
/// [`AdaptiveTimeout`](crate::AdaptiveTimeout), [`Policy`](crate::Policy), and
/// [`Keyed`](crate::Keyed) if its keys implement `Display`. The
/// [`registry`](crate::registry()) lists a static that an attribute names without this macro. To
/// register it again has no effect.
#[macro_export]
macro_rules! register {
    ($($policy:path),+ $(,)?) => {$(
        $crate::__private::register! {
            $crate::__private::Registration::new(
                || $crate::Register::declared(&$policy),
                ::core::file!(),
                ::core::line!(),
            )
        }
    )+};
}
