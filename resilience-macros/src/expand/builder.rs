//! Policies of the function's own, built from constants.

use proc_macro2::{Ident, TokenStream};
use quote::quote_spanned;

use super::span_range::SpanRange;
use crate::model::{BuilderCall, BuilderCalls};
use crate::syntax::code;

/// `{ let own = NEW; let own = own.method(arguments); own }`
///
/// One statement per call, with the span of its arguments: if rustc rejects a constant's value, the
/// error points at that constant.
pub(super) fn built(new: &TokenStream, BuilderCalls(calls): &BuilderCalls) -> TokenStream {
    let steps = calls.iter().map(|BuilderCall { method, arguments }| {
        let SpanRange { start, end } = SpanRange::of(arguments).generated();
        let (own, method) = (Ident::new("__own", start), Ident::new(method, end));
        let call = quote_spanned!(end=> .#method(#arguments));
        code!(let __own = #own #call;)
    });
    code!({ let __own = #new; #(#steps)* __own })
}
