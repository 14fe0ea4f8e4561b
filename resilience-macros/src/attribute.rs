//! The attributes: their names and their keys. Data only.

use resilience_options::{
    BulkheadOptions, CircuitBreakerOptions, OptionInfo, Options, RateLimiterOptions, RetryOptions,
};
use syn::Path;

/// An attribute of a stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AttributeKind {
    Timeout,
    Retry,
    CircuitBreaker,
    Bulkhead,
    RateLimiter,
    Fallback,
    Resilient,
}

/// Keys that every attribute takes: they apply to the whole stack.
pub(crate) const COMMON_KEYS: [&str; 2] = ["crate", "name"];

impl AttributeKind {
    pub(crate) const ALL: [Self; 7] = [
        Self::Timeout,
        Self::Retry,
        Self::CircuitBreaker,
        Self::Bulkhead,
        Self::RateLimiter,
        Self::Fallback,
        Self::Resilient,
    ];

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

    /// The attribute's name, as it is part of the names of types.
    pub(crate) const fn type_name(self) -> &'static str {
        match self {
            Self::Timeout => "Timeout",
            Self::Retry => "Retry",
            Self::CircuitBreaker => "CircuitBreaker",
            Self::Bulkhead => "Bulkhead",
            Self::RateLimiter => "RateLimiter",
            Self::Fallback => "Fallback",
            Self::Resilient => "Resilient",
        }
    }

    /// The keys of the form `key = value` beside [`COMMON_KEYS`], in the order of messages.
    pub(crate) fn keys(self) -> impl Iterator<Item = &'static str> {
        self.own_keys().iter().copied().chain(self.options().iter().map(|option| option.name))
    }

    /// The keys that a configuration file does not have.
    const fn own_keys(self) -> &'static [&'static str] {
        match self {
            Self::Timeout => &["cancel"],
            Self::Retry => &["when", "when_ok", "budget"],
            Self::CircuitBreaker => &["when", "when_ok"],
            Self::Bulkhead => &[],
            Self::RateLimiter => &["cost"],
            Self::Fallback => &["value", "when"],
            Self::Resilient => &["when", "when_ok", "fallback", "value"],
        }
    }

    /// The options of the policy. Each is a key too.
    pub(crate) const fn options(self) -> &'static [OptionInfo] {
        match self {
            Self::Retry => RetryOptions::OPTIONS,
            Self::CircuitBreaker => CircuitBreakerOptions::OPTIONS,
            Self::Bulkhead => BulkheadOptions::OPTIONS,
            Self::RateLimiter => RateLimiterOptions::OPTIONS,
            Self::Timeout | Self::Fallback | Self::Resilient => &[],
        }
    }

    /// Returns true if the attribute takes `key = …`.
    pub(crate) fn takes(self, key: &str) -> bool {
        COMMON_KEYS.contains(&key) || self.keys().any(|known| known == key)
    }

    /// The attribute that a path names: `retry`, `resilience::retry`, or `retry` in the crate that
    /// `crate = …` names.
    pub(crate) fn of(path: &Path, runtime: Option<&Path>) -> Option<Self> {
        let names = |path: &Path| {
            path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>()
        };
        let mut written = names(path);
        let last = written.pop()?;
        let is_ours = written.is_empty()
            || written == ["resilience"]
            || runtime.is_some_and(|runtime| names(runtime) == written);
        Self::ALL.into_iter().find(|kind| is_ours && kind.name() == last)
    }
}
