//! The circuit breaker or bulkhead of a layer.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Expr;

/// The circuit breaker or bulkhead of a layer.
pub(crate) enum Subject {
    /// The policy's, if it has one.
    OfPolicy,
    /// The value of this expression.
    Expression(Expr),
    /// The function's own.
    Own(BuilderCalls),
}

/// Calls of a `const` builder, in order.
#[derive(Default)]
pub(crate) struct BuilderCalls(pub(crate) Vec<BuilderCall>);

/// `.method(arguments)`
pub(crate) struct BuilderCall {
    pub(crate) method: &'static str,
    pub(crate) arguments: TokenStream,
}

impl BuilderCalls {
    /// Adds `.method(arguments)`, unless there are no arguments.
    pub(crate) fn push(&mut self, method: &'static str, arguments: Option<impl ToTokens>) {
        let call = arguments
            .map(|arguments| BuilderCall { method, arguments: arguments.into_token_stream() });
        self.0.extend(call);
    }
}
