//! A duration as the user wrote it, with its value if the macro knows it.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned;

/// `500ms`, or any expression of type `Duration`.
pub(crate) struct WrittenDuration {
    written: Expr,
    known: Option<Duration>,
}

impl WrittenDuration {
    /// `known` is the value of a constant.
    pub(crate) const fn new(written: Expr, known: Option<Duration>) -> Self {
        Self { written, known }
    }

    /// The value, if the macro knows it. A known value is constant.
    pub(crate) const fn known(&self) -> Option<Duration> {
        self.known
    }

    pub(crate) const fn is_known(&self) -> bool {
        self.known.is_some()
    }

    pub(crate) const fn written(&self) -> &Expr {
        &self.written
    }

    /// An expression of type `Duration`.
    pub(crate) fn expression(&self) -> TokenStream {
        match (&self.written, self.known) {
            (Expr::Lit(literal), Some(known)) => {
                let (seconds, nanos) = (known.as_secs(), known.subsec_nanos());
                quote_spanned!(literal.span()=> ::core::time::Duration::new(#seconds, #nanos))
            }
            (written, _) => written.to_token_stream(),
        }
    }
}

impl ToTokens for WrittenDuration {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.written.to_tokens(tokens);
    }
}
