//! Policies of the function's own, built from constants.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use super::context::Context;
use super::span_range::SpanRange;
use crate::model::{RuntimeType, WrittenOption, WrittenValue};
use crate::syntax::code;

/// `{ let own = Type::new(NAME); let own = own.method(arguments); own }`
///
/// One statement per option, with the span of its value: if rustc rejects a constant's value, the
/// error points at that constant.
pub(super) fn built<'o>(
    cx: &Context<'_>,
    ty: RuntimeType,
    options: impl IntoIterator<Item = &'o WrittenOption>,
) -> TokenStream {
    let (runtime, name) = (&cx.runtime, cx.function_name());
    let steps = options.into_iter().map(|WrittenOption { name, value }| {
        let SpanRange { start, end } = SpanRange::of(value).generated();
        let (own, method) = (Ident::new("__own", start), Ident::new(name, end));
        let arguments = arguments(cx, value);
        let call = quote_spanned!(end=> .#method(#arguments));
        code!(let __own = #own #call;)
    });
    code!({ let __own = #runtime::#ty::new(#name); #(#steps)* __own })
}

/// The arguments of the builder method for a value.
fn arguments(cx: &Context<'_>, value: &WrittenValue) -> TokenStream {
    let Context { private, runtime, .. } = cx;
    match value {
        WrittenValue::Number(written) | WrittenValue::Switch(written) => written.to_token_stream(),
        WrittenValue::Duration(duration) => duration.expression(),
        WrittenValue::Growth(growth) => {
            let (factor, max) = (&growth.factor, growth.max.expression());
            code!(#factor, #max)
        }
        WrittenValue::Rate(rate) => {
            let (calls, period) = (&rate.calls, rate.period.expression());
            code!(#calls, #period)
        }
        WrittenValue::Word { type_name, variant, .. } => {
            let [ty, variant] = [type_name, variant].map(|it| Ident::new(it, Span::mixed_site()));
            code!(#runtime::#ty::#variant)
        }
        WrittenValue::Function(_) => code!(#private::BACKOFF_OF_THE_CALL),
    }
}
