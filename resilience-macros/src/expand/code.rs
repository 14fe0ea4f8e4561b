//! The code of the layers so far, and its type.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::context::{Context, Place};
use crate::args::Layer;

/// The code of the layers so far.
pub(crate) enum Code {
    /// The body: an async block whose output is what the function returns.
    Body(TokenStream),
    /// An expression that awaits, with this type of error.
    Expression(TokenStream, Errors),
}

/// The error type of a layer's result.
#[derive(Clone, Copy)]
pub(crate) enum Errors {
    /// `E`: no policy can have ended the call.
    Function,
    /// `Failure<E>`, which becomes an `E` by the `From` that this attribute asks for.
    Failure(Asker),
}

/// The attribute that asks for `E: From<resilience::Error>`, so that a missing one is reported in its name.
#[derive(Clone, Copy)]
pub(crate) struct Asker {
    attribute: &'static str,
    span: Span,
}

impl Asker {
    pub(crate) const fn new(layer: &Layer) -> Self {
        Self { attribute: layer.name(), span: layer.span }
    }

    /// A function `Failure<E> -> E`.
    pub(crate) fn conversion(self, cx: &Context<'_>) -> TokenStream {
        let module = Ident::new(&format!("needed_by_{}", self.attribute), Span::call_site());
        cx.blaming(Place::at(self.span), &quote!(#module::From::from_failure))
    }
}

impl Code {
    /// As an expression, and its type of error.
    pub(crate) fn into_result(self, cx: &Context<'_>) -> (TokenStream, Errors) {
        match self {
            Self::Body(block) => (cx.as_result(&code!(#block.await)), Errors::Function),
            Self::Expression(expression, errors) => (expression, errors),
        }
    }

    /// As a `Result<T, Failure<E>>`.
    pub(crate) fn into_failure_result(self, cx: &Context<'_>) -> TokenStream {
        let runtime = &cx.runtime;
        match self.into_result(cx) {
            (expression, Errors::Function) => {
                code!(::core::result::Result::map_err(#expression, #runtime::Failure::Function))
            }
            (expression, Errors::Failure(_)) => expression,
        }
    }

    /// As a `Result<T, E>`: what the caller gets.
    pub(super) fn into_caller_result(self, cx: &Context<'_>) -> TokenStream {
        match self.into_result(cx) {
            (expression, Errors::Function) => expression,
            (expression, Errors::Failure(asker)) => {
                let conversion = asker.conversion(cx);
                code!(::core::result::Result::map_err(#expression, #conversion))
            }
        }
    }

    /// As a future, and what makes a result of its `output`. The body is one by itself.
    pub(crate) fn future(self, cx: &Context<'_>, output: TokenStream) -> (TokenStream, Self) {
        match self {
            Self::Body(block) => {
                let result = cx.as_result(&output);
                (block, Self::Expression(result, Errors::Function))
            }
            Self::Expression(expression, errors) => {
                let asynchronous = cx.asynchronous();
                (code!(#asynchronous { #expression }), Self::Expression(output, errors))
            }
        }
    }
}
