//! The function with its layers.

use proc_macro2::TokenStream;
use quote::quote_spanned;

use super::arguments::Arguments;
use super::class::outcome;
use super::code::Code;
use super::context::Context;
use super::layer_tokens::LayerTokens;
use super::{
    arguments, async_block, bulkhead, circuit_breaker, fallback, rate_limiter, retry, timeout,
};
use crate::input::{AsyncBody, Frame, Function};
use crate::markers::{function_static, use_imports};
use crate::model::{Layer, LayerKind, Stack};
use crate::syntax::code;

/// `fn f(…) -> R { body }` → `fn f(…) -> R { items; layers around async { body } }`
pub(crate) fn function(stack: &Stack, function: &Function, body: &AsyncBody) -> TokenStream {
    let cx = Context::new(stack, function, body);
    let arguments = arguments::handed_over(&cx, &stack.layers);
    let (code, items, listed) = layers(&cx, &stack.layers, &arguments);
    let identity = identity(&cx, &listed);
    let imports = use_imports(&stack.taken);
    let call = framed(&cx, code, &arguments.before);
    let inner_attributes = &body.inner_attributes;
    let block = code!({ #inner_attributes #imports #identity #items #call });
    let Function { attributes, visibility, defaultness, .. } = function;
    let signature = &arguments.signature;
    code!(#(#attributes)* #visibility #defaultness #signature #block)
}

/// Wraps all layers around the body. Returns their code, items, and entries in the registry.
fn layers(
    cx: &Context<'_>,
    layers: &[Layer],
    arguments: &Arguments,
) -> (Code, TokenStream, Vec<TokenStream>) {
    let mut code = Code::Body(async_block::body(cx, &arguments.inside));
    let mut items = TokenStream::new();
    let mut listed = Vec::new();
    for depth in (0..layers.len()).rev() {
        let wrapped = wrap(cx, layers, depth, code);
        code = wrapped.code;
        items.extend(wrapped.items);
        listed.extend(wrapped.listed);
    }
    listed.reverse();
    (code, items, listed)
}

fn wrap(cx: &Context<'_>, layers: &[Layer], depth: usize, inner: Code) -> LayerTokens {
    let layer = &layers[depth];
    match &layer.kind {
        LayerKind::Timeout(timeout) => timeout::wrap(cx, timeout, depth, layer, inner),
        LayerKind::Retry(retry) => retry::wrap(cx, retry, layer, inner),
        LayerKind::CircuitBreaker(breaker) => {
            circuit_breaker::wrap(cx, breaker, depth, layer, inner)
        }
        LayerKind::Bulkhead(bulkhead) => bulkhead::wrap(cx, bulkhead, depth, layer, inner),
        LayerKind::RateLimiter(limiter) => rate_limiter::wrap(cx, limiter, depth, layer, inner),
        LayerKind::Fallback(fallback) => fallback::wrap(cx, fallback, depth, layers, inner),
    }
}

/// The call, in the code around the asynchronous code of the function.
///
/// ```text
/// let call = FUNCTION.call();
/// let result = LAYERS;
/// match result {
///     Ok(value) => { call.end(CallOutcome::Success); Ok(value) }
///     Err(error) => { call.fail(OUTCOME); Err(error.into()) }
/// }
/// ```
fn framed(cx: &Context<'_>, layers: Code, arguments: &TokenStream) -> TokenStream {
    let function = function_static();
    let private = &cx.private;
    let (layers, error) = layers.into_result(cx);
    let record = cx.fallbacks.declaration(private);
    let outcome_of_ok = cx.fallbacks.outcome_of_ok(private);
    let own_outcome = outcome(cx, error, &code!(&__error));
    let outcome_of_error = cx.fallbacks.outcome_of_error(private, &own_outcome);
    let result = Code::Expression(code!(__result), error).into_caller_result(cx);
    let result = cx.as_returned(&result);
    let call = code!(
        let __call = #function.call();
        #record
        let __result = #layers;
        let __result = match __result {
            ::core::result::Result::Ok(__value) => {
                __call.end(#outcome_of_ok);
                ::core::result::Result::Ok(__value)
            }
            ::core::result::Result::Err(__error) => {
                __call.fail(#outcome_of_error);
                ::core::result::Result::Err(__error)
            }
        };
        #result
    );
    match &cx.body.frame {
        Frame::AsyncFn => code!(#arguments #call),
        Frame::Future { before } => code!(#before async move { #arguments #call }),
        Frame::Driven { before, after } => code!(#before async { #call } #after),
        Frame::Boxed { before, pin } => code!(#before #pin(async move { #arguments #call })),
    }
}

/// The function's `static` and its entry in the registry.
fn identity(cx: &Context<'_>, listed: &[TokenStream]) -> TokenStream {
    let (private, function) = (&cx.private, function_static());
    let name = cx.function_name();
    let line = quote_spanned!(cx.function.signature.ident.span()=> ::core::line!());
    code! {
        static #function: #private::Function =
            #private::Function::new(#name, ::core::file!(), #line);
        #private::register! {
            #private::AnnotatedFunction::new(&#function, &[#(#private::Layer::new(#listed)),*])
        }
    }
}
