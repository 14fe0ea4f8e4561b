//! One layer of an annotated function.

use std::fmt;
use std::time::Duration;

use super::layer_kind::LayerKind;
use super::source::Declared;
use crate::policy::bulkhead::Bulkhead;
use crate::policy::circuit_breaker::CircuitBreaker;
use crate::policy::combined::Policy;
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
    TimeoutBy(Option<fn() -> Option<Declared>>),
    Retry(fn() -> &'static RetryPolicy),
    /// Inline retry, and the names of its arguments that the code computes for each call.
    OwnRetry(fn() -> &'static RetryPolicy, &'static [&'static str]),
    CircuitBreaker(fn() -> &'static CircuitBreaker),
    OwnCircuitBreaker(fn() -> &'static CircuitBreaker),
    CircuitBreakerBy(Option<fn() -> Option<Declared>>),
    Bulkhead(fn() -> &'static Bulkhead),
    OwnBulkhead(fn() -> &'static Bulkhead),
    BulkheadBy(Option<fn() -> Option<Declared>>),
    Fallback,
    Resilient(fn() -> &'static Policy),
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
            Listed::Timeout(_) | Listed::TimeoutBy(_) => LayerKind::Timeout,
            Listed::Retry(_) | Listed::OwnRetry(..) => LayerKind::Retry,
            Listed::CircuitBreaker(_)
            | Listed::OwnCircuitBreaker(_)
            | Listed::CircuitBreakerBy(_) => LayerKind::CircuitBreaker,
            Listed::Bulkhead(_) | Listed::OwnBulkhead(_) | Listed::BulkheadBy(_) => {
                LayerKind::Bulkhead
            }
            Listed::Fallback => LayerKind::Fallback,
            Listed::Resilient(_) => LayerKind::Resilient,
        }
    }

    /// Returns the item that has the limits of this layer; `None` if an expression computes it for
    /// each call, and for a fallback.
    pub(crate) fn declared(&self) -> Option<Declared> {
        match self.0 {
            Listed::Timeout(limit) => Some(Declared::Limit(limit().get())),
            Listed::Retry(policy) | Listed::OwnRetry(policy, _) => {
                Some(Declared::RetryPolicy(policy()))
            }
            Listed::CircuitBreaker(breaker) | Listed::OwnCircuitBreaker(breaker) => {
                Some(Declared::CircuitBreaker(breaker()))
            }
            Listed::Bulkhead(bulkhead) | Listed::OwnBulkhead(bulkhead) => {
                Some(Declared::Bulkhead(bulkhead()))
            }
            Listed::Resilient(policy) => Some(Declared::Policy(policy())),
            Listed::TimeoutBy(by) | Listed::CircuitBreakerBy(by) | Listed::BulkheadBy(by) => {
                by.and_then(|by| by())
            }
            Listed::Fallback => None,
        }
    }

    /// Returns the names of the arguments that the code computes for each call.
    pub(crate) const fn runtime_keys(&self) -> &'static [&'static str] {
        match self.0 {
            Listed::OwnRetry(_, runtime_keys) => runtime_keys,
            _ => &[],
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

    /// Returns the combined policy of this layer; `None` for other layers.
    #[must_use]
    pub fn policy(&self) -> Option<&'static Policy> {
        match self.declared()? {
            Declared::Policy(policy) => Some(policy),
            _ => None,
        }
    }

    /// Returns the name of the policy of this layer. A [`Keyed`](crate::Keyed) has the name of its
    /// template. An inline breaker or bulkhead has the path of the function.
    ///
    /// `None` for an inline `#[timeout]` or `#[retry]`, for a fallback, and if an expression
    /// computes the policy for each call.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        if let Listed::OwnRetry(..) = self.0 {
            return None;
        }
        self.declared()?.name().map(|(_, name)| name)
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "{}({name})", self.kind()),
            None => self.kind().fmt(f),
        }
    }
}
