//! The types of the statics that the registry lists.

use super::source::Declared;
use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::policy::combined::Policy;
use crate::policy::keyed::{Keyed, KeyedInstances};
use crate::policy::rate_limiter::RateLimiter;
use crate::policy::retry::RetryPolicy;
use crate::policy::retry_budget::RetryBudget;
use crate::policy::timeout::AdaptiveTimeout;

/// Type of a static that the registry lists.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be registered",
    label = "expected a `static` of one of the policies",
    note = "the registry lists `CircuitBreaker`, `Bulkhead`, `RateLimiter`, `RetryPolicy`, \
            `RetryBudget`, `AdaptiveTimeout`, `Policy`, and `Keyed` with keys that implement \
            `Display`"
)]
pub trait Register {
    /// Returns the static as an item of the registry.
    fn declared(&'static self) -> Declared;
}

macro_rules! register {
    ($($name:ident($ty:ty)),*) => {$(
        #[diagnostic::do_not_recommend]
        impl Register for $ty {
            fn declared(&'static self) -> Declared {
                Declared::$name(self)
            }
        }
    )*};
}

register!(
    CircuitBreaker(CircuitBreaker),
    Bulkhead(Bulkhead),
    RateLimiter(RateLimiter),
    RetryPolicy(RetryPolicy),
    RetryBudget(RetryBudget),
    AdaptiveTimeout(AdaptiveTimeout),
    Policy(Policy)
);

#[diagnostic::do_not_recommend]
impl<K> Register for Keyed<CircuitBreaker, K>
where
    Self: KeyedInstances<CircuitBreaker>,
{
    fn declared(&'static self) -> Declared {
        Declared::CircuitBreakers(self)
    }
}

#[diagnostic::do_not_recommend]
impl<K> Register for Keyed<Bulkhead, K>
where
    Self: KeyedInstances<Bulkhead>,
{
    fn declared(&'static self) -> Declared {
        Declared::Bulkheads(self)
    }
}

#[diagnostic::do_not_recommend]
impl<K> Register for Keyed<RateLimiter, K>
where
    Self: KeyedInstances<RateLimiter>,
{
    fn declared(&'static self) -> Declared {
        Declared::RateLimiters(self)
    }
}
