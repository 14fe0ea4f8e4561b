//! The types of the runtime that an attribute can name a `static` of.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, TokenStreamExt};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RuntimeType {
    Bulkhead,
    CircuitBreaker,
    Policy,
    RateLimiter,
    RetryBudget,
    RetryPolicy,
}

impl RuntimeType {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Bulkhead => "Bulkhead",
            Self::CircuitBreaker => "CircuitBreaker",
            Self::Policy => "Policy",
            Self::RateLimiter => "RateLimiter",
            Self::RetryBudget => "RetryBudget",
            Self::RetryPolicy => "RetryPolicy",
        }
    }
}

impl std::fmt::Display for RuntimeType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl ToTokens for RuntimeType {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append(Ident::new(self.name(), Span::mixed_site()));
    }
}
