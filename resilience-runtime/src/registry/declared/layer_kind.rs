//! Kinds of layers.

use std::fmt;

/// Kind of a layer. Displayed as the name of its attribute: `circuit_breaker`.
///
/// ```standalone_crate
/// use resilience::declared::LayerKind;
///
/// let functions = resilience::registry().functions();
/// let with_fallback = functions.filter(|function| {
///     function.layers().iter().any(|layer| layer.kind() == LayerKind::Fallback)
/// });
/// assert_eq!(with_fallback.count(), 0);
/// assert_eq!(LayerKind::CircuitBreaker.to_string(), "circuit_breaker");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum LayerKind {
    /// `#[timeout]`.
    Timeout,
    /// `#[retry]`.
    Retry,
    /// `#[circuit_breaker]`.
    CircuitBreaker,
    /// `#[bulkhead]`.
    Bulkhead,
    /// `#[rate_limiter]`.
    RateLimiter,
    /// `#[fallback]`.
    Fallback,
    /// `#[resilient]`: all layers of a policy.
    Resilient,
}

impl fmt::Display for LayerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl LayerKind {
    /// Returns the name of the attribute.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Retry => "retry",
            Self::CircuitBreaker => "circuit_breaker",
            Self::Bulkhead => "bulkhead",
            Self::RateLimiter => "rate_limiter",
            Self::Fallback => "fallback",
            Self::Resilient => "resilient",
        }
    }
}
