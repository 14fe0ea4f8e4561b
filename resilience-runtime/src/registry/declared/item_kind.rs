//! Kinds of things that have a name.

use std::fmt;

/// Kind of a thing with a name.
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
    /// An annotated function: known by module path and name.
    Function,
    /// A [`CircuitBreaker`](crate::CircuitBreaker), or the template of a [`Keyed`](crate::Keyed) of
    /// them.
    CircuitBreaker,
    /// A [`Bulkhead`](crate::Bulkhead), or the template of a [`Keyed`](crate::Keyed) of them.
    Bulkhead,
    /// A [`RetryPolicy`](crate::RetryPolicy).
    RetryPolicy,
    /// A [`RetryBudget`](crate::RetryBudget).
    RetryBudget,
    /// An [`AdaptiveTimeout`](crate::AdaptiveTimeout).
    AdaptiveTimeout,
    /// A [`Policy`](crate::Policy).
    Policy,
}

impl fmt::Display for ItemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Function => "function",
            Self::CircuitBreaker => "circuit breaker",
            Self::Bulkhead => "bulkhead",
            Self::RetryPolicy => "retry policy",
            Self::RetryBudget => "retry budget",
            Self::AdaptiveTimeout => "adaptive timeout",
            Self::Policy => "policy",
        })
    }
}

impl ItemKind {
    /// Plural, for a sentence.
    pub(crate) const fn plural(self) -> &'static str {
        match self {
            Self::Function => "functions",
            Self::CircuitBreaker => "circuit breakers",
            Self::Bulkhead => "bulkheads",
            Self::RetryPolicy => "retry policies",
            Self::RetryBudget => "retry budgets",
            Self::AdaptiveTimeout => "adaptive timeouts",
            Self::Policy => "policies",
        }
    }
}
