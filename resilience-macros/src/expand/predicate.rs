//! `when` and `when_ok`.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::Expr;

use super::context::Context;
use super::span_range::SpanRange;
use crate::syntax::code;

/// A `bool`: the predicate's answer about what `value` refers to.
///
/// A path is called as written, so that rustc names the user's function if the types differ. A
/// closure goes through a function of the runtime, which gives the compiler its parameter's type.
pub(super) fn asked(cx: &Context<'_>, when: &Expr, value: &TokenStream) -> TokenStream {
    let runtime = &cx.runtime;
    let predicate = cx.in_body(when);
    if !matches!(when, Expr::Path(_)) {
        return code!(#runtime::when(#predicate, #value));
    }
    let end = SpanRange::of(when).end.resolved_at(Span::mixed_site());
    let value = value.clone().into_iter().map(|mut token| {
        token.set_span(end.resolved_at(token.span()));
        token
    });
    let value: TokenStream = value.collect();
    let call = quote_spanned!(end=> (#value));
    code!((if #predicate #call { true } else { false }))
}
