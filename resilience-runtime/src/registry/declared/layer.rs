//! One layer of an annotated function, as the registry lists it.

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

/// Access to the source of a layer's limits. A function's `Own` source is written out in the
/// attribute.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "made by the attributes only")]
#[allow(missing_docs, reason = "made by the attributes only")]
pub enum Listed {
    Timeout(fn() -> &'static FixedLimit),
    /// The value of an expression: listed if its type can be, and if it is always the same.
    TimeoutBy(Option<fn() -> Option<Declared>>),
    Retry(fn() -> &'static RetryPolicy),
    /// With the arguments that an expression gives for each call.
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
    /// Made by the attributes.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(listed: Listed) -> Self {
        Self(listed)
    }

    /// Kind of the layer.
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

    /// Source of the limits; `None` where an expression gives it for each call, and for a fallback.
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

    /// Names of the arguments that an expression gives for each call.
    pub(crate) const fn runtime_keys(&self) -> &'static [&'static str] {
        match self.0 {
            Listed::OwnRetry(_, runtime_keys) => runtime_keys,
            _ => &[],
        }
    }

    /// Limit in force of this timeout, or of each attempt of this policy. `None` for other layers,
    /// and where an expression gives the limit for each call. (The name of a constant or of an
    /// [`AdaptiveTimeout`] is not such an expression.)
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        match self.declared()? {
            Declared::Limit(limit) => Some(limit),
            Declared::AdaptiveTimeout(timeout) => Some(timeout.limit()),
            Declared::Policy(policy) => policy.layers().timeout,
            _ => None,
        }
    }

    /// The adaptive timeout of this layer. `None` for other layers.
    #[must_use]
    pub fn adaptive_timeout(&self) -> Option<&'static AdaptiveTimeout> {
        match self.declared()? {
            Declared::AdaptiveTimeout(timeout) => Some(timeout),
            _ => None,
        }
    }

    /// The retry policy of this layer. `None` for other layers.
    #[must_use]
    pub fn retry_policy(&self) -> Option<&'static RetryPolicy> {
        match self.declared()? {
            Declared::RetryPolicy(policy) => Some(policy),
            Declared::Policy(policy) => policy.layers().retry,
            _ => None,
        }
    }

    /// The breaker of this layer. `None` for other layers, and where an expression gives a breaker
    /// for each call.
    #[must_use]
    pub fn circuit_breaker(&self) -> Option<&'static CircuitBreaker> {
        match self.declared()? {
            Declared::CircuitBreaker(breaker) => Some(breaker),
            Declared::Policy(policy) => policy.layers().circuit_breaker,
            _ => None,
        }
    }

    /// The bulkhead of this layer. `None` for other layers, and where an expression gives a bulkhead
    /// for each call.
    #[must_use]
    pub fn bulkhead(&self) -> Option<&'static Bulkhead> {
        match self.declared()? {
            Declared::Bulkhead(bulkhead) => Some(bulkhead),
            Declared::Policy(policy) => policy.layers().bulkhead,
            _ => None,
        }
    }

    /// The combined policy of this layer. `None` for other layers.
    #[must_use]
    pub fn policy(&self) -> Option<&'static Policy> {
        match self.declared()? {
            Declared::Policy(policy) => Some(policy),
            _ => None,
        }
    }

    /// Name of the static that the attribute names; for a [`Keyed`](crate::Keyed), name of its
    /// template. A breaker or bulkhead of the function's own is named after the function. `None`
    /// for limits that are written out in a `#[timeout]` or `#[retry]`, and where each call has its
    /// own.
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
