//! The function with its layers.

use proc_macro2::TokenStream;
use quote::quote_spanned;

use super::accessor::to_policy;
use super::code::Code;
use super::context::Context;
use super::layer_tokens::LayerTokens;
use super::{async_block, bulkhead, circuit_breaker, fallback, retry, timeout};
use crate::input::{AsyncBody, Frame, Function};
use crate::markers::{function_static, use_imports};
use crate::model::{Layer, LayerKind, Stack};
use crate::syntax::code;

/// `fn f(…) -> R { body }` → `fn f(…) -> R { items; layers around async { body } }`
pub(crate) fn function(stack: &Stack, function: &Function, body: &AsyncBody) -> TokenStream {
    let cx = Context::new(stack, function, body);
    let (code, items, listed) = layers(&cx, &stack.layers);
    let policy = stack.policy.as_ref().map(|policy| to_policy(&cx, policy));
    let identity = identity(&cx, &listed);
    let imports = use_imports(&stack.taken);
    let call = framed(&cx, code);
    let inner_attributes = &body.inner_attributes;
    let block = code!({ #inner_attributes #imports #identity #policy #items #call });
    let Function { attributes, visibility, defaultness, signature, .. } = function;
    code!(#(#attributes)* #visibility #defaultness #signature #block)
}

/// Wraps all layers around the body. Returns their code, items, and entries in the registry.
fn layers(cx: &Context<'_>, layers: &[Layer]) -> (Code, TokenStream, Vec<TokenStream>) {
    let mut code = Code::Body(async_block::body(cx));
    let mut items = TokenStream::new();
    let mut listed = Vec::new();
    for (depth, layer) in layers.iter().enumerate().rev() {
        let wrapped = wrap(cx, layer, depth, code);
        code = wrapped.code;
        items.extend(wrapped.items);
        listed.extend(wrapped.listed);
    }
    listed.reverse();
    (code, items, listed)
}

fn wrap(cx: &Context<'_>, layer: &Layer, depth: usize, inner: Code) -> LayerTokens {
    match &layer.kind {
        LayerKind::Timeout(timeout) => timeout::wrap(cx, timeout, depth, layer, inner),
        LayerKind::Retry(retry) => retry::wrap(cx, retry, layer, inner),
        LayerKind::CircuitBreaker(breaker) => {
            circuit_breaker::wrap(cx, breaker, depth, layer, inner)
        }
        LayerKind::Bulkhead(bulkhead) => bulkhead::wrap(cx, bulkhead, depth, layer, inner),
        LayerKind::Fallback(fallback) => fallback::wrap(cx, fallback, depth, inner),
    }
}

/// The call, in the code around the asynchronous code of the function.
fn framed(cx: &Context<'_>, layers: Code) -> TokenStream {
    let function = function_static();
    let result = layers.into_caller_result(cx);
    let result = cx.as_returned(&code!(__call.end(#result)));
    let call = code!(
        let __call = #function.call();
        #result
    );
    let prologue = &cx.body.prologue;
    match &cx.body.frame {
        Frame::AsyncFn => code!(#prologue #call),
        Frame::Future { before } => code!(#before async move { #prologue #call }),
        Frame::Driven { before, after } => code!(#before async { #call } #after),
        Frame::Boxed { before, pin } => code!(#before #pin(async move { #prologue #call })),
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
