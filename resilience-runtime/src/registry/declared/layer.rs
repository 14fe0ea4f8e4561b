//! One layer of an annotated function.

use std::fmt;
use std::time::Duration;

use super::layer_kind::LayerKind;
use super::source::Declared;
use crate::limits::Limits;
use crate::outcome::OneLine;
use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::policy::combined::Policy;
use crate::policy::rate_limiter::RateLimiter;
use crate::policy::retry::RetryPolicy;
use crate::policy::timeout::{AdaptiveTimeout, FixedLimit};

/// One layer of an annotated function. Displayed as its attribute: `circuit_breaker(payment)`.
///
/// ```standalone_crate
/// use resilience::{registry, timeout};
/// use std::time::Duration;
///
/// #[timeout(800ms)]
/// async fn charge() -> Result<(), resilience::Error> {
///     Ok(())
/// }
///
/// let charge = registry().functions().find(|function| function.path().ends_with("charge"));
/// let layer = charge.map(|function| function.layers()[0]).expect("it is annotated");
/// assert_eq!(layer.timeout(), Some(Duration::from_millis(800)));
/// assert_eq!((layer.to_string(), layer.name()), (String::from("timeout"), None));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Layer(pub(crate) Listed);

/// Access to the policy of a layer. An `Own…` policy is declared inline in the attribute.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "made by the attributes only")]
#[allow(missing_docs, reason = "made by the attributes only")]
pub enum Listed {
    Timeout(fn() -> &'static FixedLimit),
    /// Value of an expression. It is listed if the expression names a constant or a `static` of a
    /// type that the registry knows.
    TimeoutExpression(Option<fn() -> Option<Declared>>),
    Retry(fn() -> &'static RetryPolicy),
    OwnRetry(fn() -> &'static RetryPolicy),
    RetryExpression(Option<fn() -> Option<Declared>>),
    CircuitBreaker(fn() -> &'static CircuitBreaker),
    OwnCircuitBreaker(fn() -> &'static CircuitBreaker),
    CircuitBreakerExpression(Option<fn() -> Option<Declared>>),
    Bulkhead(fn() -> &'static Bulkhead),
    OwnBulkhead(fn() -> &'static Bulkhead),
    BulkheadExpression(Option<fn() -> Option<Declared>>),
    RateLimiter(fn() -> &'static RateLimiter),
    OwnRateLimiter(fn() -> &'static RateLimiter),
    RateLimiterExpression(Option<fn() -> Option<Declared>>),
    Fallback,
    Resilient(fn() -> &'static Policy),
    ResilientExpression(Option<fn() -> Option<Declared>>),
}

impl Layer {
    /// Creates a layer; called by the attributes.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(listed: Listed) -> Self {
        Self(listed)
    }

    /// Returns the kind of the layer.
    #[must_use]
    pub const fn kind(&self) -> LayerKind {
        match self.0 {
            Listed::Timeout(_) | Listed::TimeoutExpression(_) => LayerKind::Timeout,
            Listed::Retry(_) | Listed::OwnRetry(_) | Listed::RetryExpression(_) => LayerKind::Retry,
            Listed::CircuitBreaker(_)
            | Listed::OwnCircuitBreaker(_)
            | Listed::CircuitBreakerExpression(_) => LayerKind::CircuitBreaker,
            Listed::Bulkhead(_) | Listed::OwnBulkhead(_) | Listed::BulkheadExpression(_) => {
                LayerKind::Bulkhead
            }
            Listed::RateLimiter(_)
            | Listed::OwnRateLimiter(_)
            | Listed::RateLimiterExpression(_) => LayerKind::RateLimiter,
            Listed::Fallback => LayerKind::Fallback,
            Listed::Resilient(_) | Listed::ResilientExpression(_) => LayerKind::Resilient,
        }
    }

    /// Returns the item that has the limits of this layer; `None` if an expression computes it for
    /// each call, and for a fallback.
    pub(crate) fn declared(&self) -> Option<Declared> {
        match self.0 {
            Listed::Timeout(limit) => Some(Declared::Limit(limit().get())),
            Listed::Retry(policy) | Listed::OwnRetry(policy) => {
                Some(Declared::RetryPolicy(policy()))
            }
            Listed::CircuitBreaker(breaker) | Listed::OwnCircuitBreaker(breaker) => {
                Some(Declared::CircuitBreaker(breaker()))
            }
            Listed::Bulkhead(bulkhead) | Listed::OwnBulkhead(bulkhead) => {
                Some(Declared::Bulkhead(bulkhead()))
            }
            Listed::RateLimiter(limiter) | Listed::OwnRateLimiter(limiter) => {
                Some(Declared::RateLimiter(limiter()))
            }
            Listed::Resilient(policy) => Some(Declared::Policy(policy())),
            Listed::TimeoutExpression(declared)
            | Listed::RetryExpression(declared)
            | Listed::ResilientExpression(declared)
            | Listed::CircuitBreakerExpression(declared)
            | Listed::BulkheadExpression(declared)
            | Listed::RateLimiterExpression(declared) => declared.and_then(|declared| declared()),
            Listed::Fallback => None,
        }
    }

    /// Returns the limit in force of a timeout, or of each attempt of a policy.
    ///
    /// `None` for other layers, and for an expression that is computed for each call. The name of a
    /// constant or of an [`AdaptiveTimeout`] is not such an expression.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        match self.declared()? {
            Declared::Limit(limit) => Some(limit),
            Declared::AdaptiveTimeout(timeout) => Some(timeout.limit()),
            Declared::Policy(policy) => policy.layers().timeout,
            _ => None,
        }
    }

    /// Returns the limits in force of this layer with their origins. For a
    /// [`Keyed`](crate::Keyed) these are the limits of its template, and for a combined
    /// [policy](Self::policy) the limit of each attempt.
    ///
    /// `None` for a fallback, and for an expression that is computed for each call. In an inline
    /// `#[retry]` some of the limits may be [computed](crate::limits::LimitValue::Computed).
    ///
    /// ```standalone_crate
    /// use resilience::{registry, retry, timeout};
    /// use std::time::Duration;
    ///
    /// #[timeout(800ms)]
    /// #[retry(max_attempts = 4, base_delay = Duration::from_millis(pause))]
    /// async fn charge(pause: u64) -> Result<(), resilience::Error> {
    ///     Ok(())
    /// }
    ///
    /// let charge = registry().functions().find(|function| function.path().ends_with("charge"));
    /// for layer in charge.expect("it is annotated").layers() {
    ///     println!("{layer}: {}", layer.limits().expect("it has limits"));
    /// }
    /// // timeout: timeout = 800ms
    /// // retry: max_attempts = 4, …, base_delay = computed for each call, …
    /// ```
    #[must_use]
    pub fn limits(&self) -> Option<Limits> {
        if let Listed::Timeout(limit) = self.0 {
            let limit = &limit().limit;
            return Some(Limits::of_timeout(limit.get(), limit.declared));
        }
        Some(match self.declared()? {
            Declared::Limit(limit) => Limits::of_timeout(limit, limit),
            Declared::AdaptiveTimeout(timeout) => timeout.limits(),
            Declared::RetryPolicy(policy) => policy.limits(),
            Declared::RetryBudget(budget) => budget.limits(),
            Declared::CircuitBreaker(breaker) => breaker.limits(),
            Declared::CircuitBreakers(keyed) => keyed.template().limits(),
            Declared::Bulkhead(bulkhead) => bulkhead.limits(),
            Declared::Bulkheads(keyed) => keyed.template().limits(),
            Declared::RateLimiter(limiter) => limiter.limits(),
            Declared::RateLimiters(keyed) => keyed.template().limits(),
            Declared::Policy(policy) => policy.limits(),
        })
    }

    /// Returns the adaptive timeout of this layer; `None` for other layers.
    #[must_use]
    pub fn adaptive_timeout(&self) -> Option<&'static AdaptiveTimeout> {
        match self.declared()? {
            Declared::AdaptiveTimeout(timeout) => Some(timeout),
            _ => None,
        }
    }

    /// Returns the retry policy of this layer; `None` for other layers.
    #[must_use]
    pub fn retry_policy(&self) -> Option<&'static RetryPolicy> {
        match self.declared()? {
            Declared::RetryPolicy(policy) => Some(policy),
            Declared::Policy(policy) => policy.layers().retry,
            _ => None,
        }
    }

    /// Returns the breaker of this layer; `None` for other layers, and if an expression computes
    /// the breaker for each call.
    #[must_use]
    pub fn circuit_breaker(&self) -> Option<&'static CircuitBreaker> {
        match self.declared()? {
            Declared::CircuitBreaker(breaker) => Some(breaker),
            Declared::Policy(policy) => policy.layers().circuit_breaker,
            _ => None,
        }
    }

    /// Returns the bulkhead of this layer; `None` for other layers, and if an expression computes
    /// the bulkhead for each call.
    #[must_use]
    pub fn bulkhead(&self) -> Option<&'static Bulkhead> {
        match self.declared()? {
            Declared::Bulkhead(bulkhead) => Some(bulkhead),
            Declared::Policy(policy) => policy.layers().bulkhead,
            _ => None,
        }
    }

    /// Returns the rate limiter of this layer; `None` for other layers, and if an expression
    /// computes the rate limiter for each call.
    #[must_use]
    pub fn rate_limiter(&self) -> Option<&'static RateLimiter> {
        match self.declared()? {
            Declared::RateLimiter(limiter) => Some(limiter),
            Declared::Policy(policy) => policy.layers().rate_limiter,
            _ => None,
        }
    }

    /// Returns the combined policy of this layer; `None` for other layers.
    #[must_use]
    pub fn policy(&self) -> Option<&'static Policy> {
        match self.declared()? {
            Declared::Policy(policy) => Some(policy),
            _ => None,
        }
    }

    /// Returns the name of the policy of this layer. A [`Keyed`](crate::Keyed) has the name of its
    /// template. An inline breaker, bulkhead or rate limiter has the path of the function.
    ///
    /// `None` for an inline `#[timeout]` or `#[retry]`, for a fallback, and if an expression
    /// computes the policy for each call.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        if let Listed::OwnRetry(_) = self.0 {
            return None;
        }
        self.declared()?.name().map(|(_, name)| name)
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "{}({})", self.kind(), OneLine(name)),
            None => self.kind().fmt(f),
        }
    }
}
