//! One layer of an annotated function, as the registry lists it.

use std::fmt;
use std::time::Duration;

use crate::bulkhead::Bulkhead;
use crate::circuit_breaker::CircuitBreaker;
use crate::live::Live;
use crate::policy::Policy;
use crate::retry::RetryPolicy;

/// One layer of an annotated function. Displayed as its attribute: `circuit_breaker(payment)`.
#[derive(Clone, Copy, Debug)]
pub struct Layer(Listed);

/// Which layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LayerKind {
    /// `#[timeout]`
    Timeout,
    /// `#[retry]`
    Retry,
    /// `#[circuit_breaker]`
    CircuitBreaker,
    /// `#[bulkhead]`
    Bulkhead,
    /// `#[fallback]`
    Fallback,
    /// `#[resilient]`: all the layers of a policy.
    Resilient,
}

/// How a layer gets at what it names; `None` where an expression gives it anew for each call.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "made by the attributes only")]
#[allow(missing_docs, reason = "made by the attributes only")]
pub enum Listed {
    Timeout(Option<fn() -> &'static FixedLimit>),
    /// Written out in the attribute.
    Retry(fn() -> &'static RetryPolicy),
    SharedRetry(fn() -> &'static RetryPolicy),
    CircuitBreaker(Option<fn() -> &'static CircuitBreaker>),
    Bulkhead(Option<fn() -> &'static Bulkhead>),
    Fallback,
    Resilient(fn() -> &'static Policy),
}

/// The limit that a `#[timeout]` was given as a literal.
#[derive(Debug)]
pub struct FixedLimit(Live<Duration>);

impl FixedLimit {
    /// This long.
    #[must_use]
    pub const fn new(limit: Duration) -> Self {
        Self(Live::new(limit))
    }

    /// The limit that holds now.
    #[must_use]
    pub fn get(&self) -> Duration {
        self.0.with(|limit| *limit)
    }
}

impl Layer {
    /// Made by the attributes.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(listed: Listed) -> Self {
        Self(listed)
    }

    /// Which layer it is.
    #[must_use]
    pub const fn kind(&self) -> LayerKind {
        match self.0 {
            Listed::Timeout(_) => LayerKind::Timeout,
            Listed::Retry(_) | Listed::SharedRetry(_) => LayerKind::Retry,
            Listed::CircuitBreaker(_) => LayerKind::CircuitBreaker,
            Listed::Bulkhead(_) => LayerKind::Bulkhead,
            Listed::Fallback => LayerKind::Fallback,
            Listed::Resilient(_) => LayerKind::Resilient,
        }
    }

    /// The limit of this timeout, or of each attempt of this policy. `None` for other layers, and where an expression gives it.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        match self.0 {
            Listed::Timeout(limit) => limit.map(|limit| limit().get()),
            Listed::Resilient(policy) => policy().limit(),
            _ => None,
        }
    }

    /// The retry policy of this layer. `None` for other layers.
    #[must_use]
    pub fn retry_policy(&self) -> Option<&'static RetryPolicy> {
        match self.0 {
            Listed::Retry(policy) | Listed::SharedRetry(policy) => Some(policy()),
            Listed::Resilient(policy) => policy().retries(),
            _ => None,
        }
    }

    /// The breaker of this layer. `None` for other layers, and where an expression gives one anew for each call.
    #[must_use]
    pub fn circuit_breaker(&self) -> Option<&'static CircuitBreaker> {
        match self.0 {
            Listed::CircuitBreaker(breaker) => breaker.map(|breaker| breaker()),
            Listed::Resilient(policy) => policy().breaker(),
            _ => None,
        }
    }

    /// The bulkhead of this layer. `None` for other layers, and where an expression gives one anew for each call.
    #[must_use]
    pub fn bulkhead(&self) -> Option<&'static Bulkhead> {
        match self.0 {
            Listed::Bulkhead(bulkhead) => bulkhead.map(|bulkhead| bulkhead()),
            Listed::Resilient(policy) => policy().pool(),
            _ => None,
        }
    }

    /// The combined policy of this layer. `None` for other layers.
    #[must_use]
    pub fn policy(&self) -> Option<&'static Policy> {
        match self.0 {
            Listed::Resilient(policy) => Some(policy()),
            _ => None,
        }
    }
}

impl fmt::Display for LayerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Timeout => "timeout",
            Self::Retry => "retry",
            Self::CircuitBreaker => "circuit_breaker",
            Self::Bulkhead => "bulkhead",
            Self::Fallback => "fallback",
            Self::Resilient => "resilient",
        })
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.0 {
            Listed::SharedRetry(policy) => Some(policy().name()),
            Listed::CircuitBreaker(Some(breaker)) => Some(breaker().name()),
            Listed::Bulkhead(Some(bulkhead)) => Some(bulkhead().name()),
            Listed::Resilient(policy) => Some(policy().name()),
            _ => None,
        };
        match name {
            Some(name) => write!(f, "{}({name})", self.kind()),
            None => self.kind().fmt(f),
        }
    }
}
