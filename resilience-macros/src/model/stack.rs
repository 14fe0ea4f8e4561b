//! The layers of one function.

use proc_macro2::{Span, TokenStream};
use syn::{Expr, LitStr, Path};

use super::bulkhead::Bulkhead;
use super::circuit_breaker::CircuitBreaker;
use super::fallback::Fallback;
use super::options::WrittenOption;
use super::rate_limiter::RateLimiter;
use super::retry::Retry;
use super::timeout::Timeout;
use crate::attribute::AttributeKind;

/// The attributes of one function.
#[derive(Default)]
pub(crate) struct Stack {
    /// In written order: outside to inside.
    pub(crate) layers: Vec<Layer>,
    /// The `Policy` of `#[resilient]`: a `static`, or an expression.
    pub(crate) policy: Option<Expr>,
    /// Paths of the attributes that were taken off: their imports must count as used.
    pub(crate) taken: Vec<Path>,
    pub(crate) options: StackOptions,
}

/// Arguments that apply to the whole stack.
#[derive(Default)]
pub(crate) struct StackOptions {
    /// `crate = ::path`: the renamed runtime crate.
    pub(crate) runtime: Option<Path>,
    /// `name = "…"`: the function's name in events and in the registry.
    pub(crate) name: Option<LitStr>,
    /// The arguments of all attributes, as written.
    pub(crate) arguments: TokenStream,
    /// Expressions among the arguments, for a function that is emitted without its attributes.
    pub(crate) mentioned: Vec<Expr>,
}

/// One layer, and the name of the attribute that it comes from.
pub(crate) struct Layer {
    pub(crate) attribute: AttributeKind,
    pub(crate) kind: LayerKind,
    /// The span of the attribute's name.
    pub(crate) span: Span,
}

pub(crate) enum LayerKind {
    Timeout(Timeout),
    Retry(Box<Retry>),
    CircuitBreaker(Box<CircuitBreaker>),
    Bulkhead(Bulkhead),
    RateLimiter(RateLimiter),
    Fallback(Fallback),
}

impl Layer {
    /// The name of the attribute.
    pub(crate) const fn name(&self) -> &'static str {
        self.attribute.name()
    }
}

impl LayerKind {
    /// The options in the attribute.
    pub(crate) fn options(&self) -> &[WrittenOption] {
        let written = match self {
            Self::Retry(retry) => retry.inline().map(|inline| &inline.options.written),
            Self::CircuitBreaker(breaker) => breaker.subject.own().map(|own| &own.written),
            Self::Bulkhead(bulkhead) => bulkhead.subject.own().map(|own| &own.written),
            Self::RateLimiter(limiter) => limiter.subject.own().map(|own| &own.written),
            Self::Timeout(_) | Self::Fallback(_) => None,
        };
        written.map_or(&[], Vec::as_slice)
    }
}
