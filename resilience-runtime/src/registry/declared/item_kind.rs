//! Kinds of items that have a name.

use std::fmt;

/// Kind of an item that has a name. Displayed as text for people: `circuit breaker`.
///
/// ```
/// use resilience::declared::ItemKind;
///
/// for duplicate in resilience::registry().duplicates() {
///     if duplicate.kind() == ItemKind::CircuitBreaker {
///         println!("{duplicate}");
///     }
/// }
/// assert_eq!(ItemKind::CircuitBreaker.to_string(), "circuit breaker");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ItemKind {
    /// Annotated function, whose name is its module path and name.
    Function,
    /// [`CircuitBreaker`](crate::CircuitBreaker), or the template of a [`Keyed`](crate::Keyed).
    CircuitBreaker,
    /// [`Bulkhead`](crate::Bulkhead), or the template of a [`Keyed`](crate::Keyed).
    Bulkhead,
    /// [`RateLimiter`](crate::RateLimiter), or the template of a [`Keyed`](crate::Keyed).
    RateLimiter,
    /// [`RetryPolicy`](crate::RetryPolicy).
    RetryPolicy,
    /// [`RetryBudget`](crate::RetryBudget).
    RetryBudget,
    /// [`AdaptiveTimeout`](crate::AdaptiveTimeout).
    AdaptiveTimeout,
    /// [`Policy`](crate::Policy).
    Policy,
}

impl fmt::Display for ItemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Function => "function",
            Self::CircuitBreaker => "circuit breaker",
            Self::Bulkhead => "bulkhead",
            Self::RateLimiter => "rate limiter",
            Self::RetryPolicy => "retry policy",
            Self::RetryBudget => "retry budget",
            Self::AdaptiveTimeout => "adaptive timeout",
            Self::Policy => "policy",
        })
    }
}

impl ItemKind {
    /// Returns the plural of the kind.
    pub(crate) const fn plural(self) -> &'static str {
        match self {
            Self::Function => "functions",
            Self::CircuitBreaker => "circuit breakers",
            Self::Bulkhead => "bulkheads",
            Self::RateLimiter => "rate limiters",
            Self::RetryPolicy => "retry policies",
            Self::RetryBudget => "retry budgets",
            Self::AdaptiveTimeout => "adaptive timeouts",
            Self::Policy => "policies",
        }
    }
}
