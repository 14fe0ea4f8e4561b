//! The code of the innermost layers, and its type.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::context::Context;
use super::span_range::SpanRange;
use crate::model::Layer;
use crate::syntax::code;

/// The code of the innermost layers.
pub(super) enum Code {
    /// The body: an async block whose output is the function's.
    Body(TokenStream),
    /// A `Result` with this type of error; the expression may contain `.await`.
    Expression(TokenStream, ErrorType),
}

/// The error type of a layer's result.
#[derive(Clone, Copy)]
pub(super) enum ErrorType {
    /// `E`: no policy can have ended the call.
    Function,
    /// `Failure<E>`, which becomes an `E` by the `From` that this attribute needs.
    Failure(Blame),
}

/// The attribute that needs `E: From<resilience::Error>`: rustc names it if the impl is missing.
#[derive(Clone, Copy)]
pub(super) struct Blame {
    attribute: &'static str,
    span: Span,
}

impl Blame {
    pub(super) const fn on(layer: &Layer) -> Self {
        Self { attribute: layer.attribute.type_name(), span: layer.span }
    }

    /// A function `Failure<E> -> E`. If `E` is a type parameter, rustc offers the bound of this.
    pub(super) fn conversion(self, cx: &Context<'_>) -> TokenStream {
        let blamed = SpanRange::at(self.span);
        if cx.body.has_parameter_as_error(cx.function) {
            // A closure: for the function itself, rustc would ask for the bound twice.
            let into_error = cx.blaming(blamed, &quote!(Failure::into_error));
            return code!(|__failure| #into_error(__failure));
        }
        let needed = Ident::new(&format!("From{}Error", self.attribute), Span::call_site());
        cx.blaming(blamed, &quote!(#needed::from_failure))
    }
}

impl Code {
    /// A `Result`, and its error type.
    pub(super) fn into_result(self, cx: &Context<'_>) -> (TokenStream, ErrorType) {
        match self {
            Self::Body(block) => (cx.as_result(&code!(#block.await)), ErrorType::Function),
            Self::Expression(expression, error) => (expression, error),
        }
    }

    /// A `Result<T, Failure<E>>`.
    pub(super) fn into_failure_result(self, cx: &Context<'_>) -> TokenStream {
        let runtime = &cx.runtime;
        match self.into_result(cx) {
            (expression, ErrorType::Function) => {
                code!(::core::result::Result::map_err(#expression, #runtime::Failure::Function))
            }
            (expression, ErrorType::Failure(_)) => expression,
        }
    }

    /// The caller's `Result<T, E>`.
    pub(super) fn into_caller_result(self, cx: &Context<'_>) -> TokenStream {
        match self.into_result(cx) {
            (expression, ErrorType::Function) => expression,
            (expression, ErrorType::Failure(blame)) => {
                let conversion = blame.conversion(cx);
                code!(::core::result::Result::map_err(#expression, #conversion))
            }
        }
    }

    /// A future, and the code that makes a result of its `output`.
    pub(super) fn into_future(self, cx: &Context<'_>, output: TokenStream) -> (TokenStream, Self) {
        match self {
            Self::Body(block) => {
                let result = cx.as_result(&output);
                (block, Self::Expression(result, ErrorType::Function))
            }
            Self::Expression(expression, error) => {
                let asynchronous = cx.asynchronous();
                (code!(#asynchronous { #expression }), Self::Expression(output, error))
            }
        }
    }
}
