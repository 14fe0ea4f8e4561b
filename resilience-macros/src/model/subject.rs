//! The circuit breaker, bulkhead or rate limiter of a layer.

use syn::Expr;

use super::options::WrittenOptions;

/// The circuit breaker, bulkhead or rate limiter of a layer. `O` are its options.
pub(crate) enum Subject<O> {
    /// The policy's, if it has one.
    OfPolicy,
    /// The value of this expression.
    Expression(Expr),
    /// The function's own.
    Own(Box<WrittenOptions<O>>),
}

impl<O> Subject<O> {
    pub(crate) const fn expression(&self) -> Option<&Expr> {
        match self {
            Self::Expression(expression) => Some(expression),
            Self::OfPolicy | Self::Own(_) => None,
        }
    }

    pub(crate) const fn own(&self) -> Option<&WrittenOptions<O>> {
        match self {
            Self::Own(options) => Some(options),
            Self::OfPolicy | Self::Expression(_) => None,
        }
    }
}
