//! The layers, wrapped around the body from the inside out.
//!
//! Each layer takes the [`Code`] of what is inside it and gives the code of both. Every expression is a `Result`
//! that may `.await`; nothing is boxed, and nothing becomes a function or a closure of its own.

mod body;
mod bulkhead;
mod circuit_breaker;
mod code;
mod context;
mod fallback;
mod policy;
mod retry;
mod timeout;

use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, Path};

use code::{Asker, Code, Errors};
use context::{Context, Place};

use crate::args::{Answer, Layer, LayerKind, Subject};
use crate::frame::{Body, Frame, split_inner_attributes};
use crate::item::Item;
use crate::report::Report;
use crate::stack::Stack;

/// The one item whose name must not be the user's: the function as the runtime knows it. Its presence tells that
/// a function has been expanded.
pub(crate) const FUNCTION: &str = "__RESILIENCE_FUNCTION";

/// The argument of an attribute that is there to be reached, and for nothing else.
pub(crate) const USED: &str = "__resilience_used";

/// `fn f(…) -> R { body }` → `fn f(…) -> R { statics; layers around async { body } }`
pub(crate) fn function(stack: &Stack, item: &Item) -> Result<TokenStream, Report> {
    let body = item.asynchronous().map_err(|error| {
        let mut report = Report::default();
        report.push(error);
        report
    })?;
    let runtime = stack
        .options
        .runtime
        .as_ref()
        .map_or_else(|| code!(::resilience), ToTokens::to_token_stream);
    let mut cx = Context {
        item,
        body: &body,
        renamed: stack.options.runtime.is_some(),
        name: stack.options.name.as_ref(),
        private: code!(#runtime::__private),
        runtime,
        borrows: false,
        owned: Vec::new(),
    };
    // What stands around the code of another frame may be captured too, and nothing tells what that is.
    let copies = matches!(body.frame, Frame::AsyncFn) && item.has_only_copies();
    cx.borrows = !copies && stack.layers.iter().any(|layer| needs_arguments(&cx, layer));
    cx.owned = owned(&cx, &stack.layers);

    let mut code = Code::Body(body::block(&cx));
    let mut statics = TokenStream::new();
    let mut listed = Vec::new();
    for (depth, layer) in stack.layers.iter().enumerate().rev() {
        let wrapped = match &layer.kind {
            LayerKind::Timeout(timeout) => timeout::wrap(&cx, timeout, depth, layer, code),
            LayerKind::Retry(retry) => retry::wrap(&cx, retry, layer.span, code),
            LayerKind::CircuitBreaker(breaker) => {
                circuit_breaker::wrap(&cx, breaker, depth, layer, code)
            }
            LayerKind::Bulkhead(bulkhead) => bulkhead::wrap(&cx, bulkhead, depth, layer, code),
            LayerKind::Fallback(fallback) => fallback::wrap(&cx, fallback, depth, code),
        };
        code = wrapped.code;
        statics.extend(wrapped.statics);
        listed.extend(wrapped.listed);
    }
    listed.reverse();

    let result = code.into_caller_result(&cx);
    let identity = identity(&cx, &listed);
    let function = function_static();
    let result = cx.as_returned(&code!(__call.end(#result)));
    let whole = code!(
        let __call = #function.call();
        #result
    );
    let imports = imports(&stack.taken);
    let Body { inner_attributes, frame, prologue, .. } = &body;
    let inside = match frame {
        Frame::AsyncFn => code!(#prologue #whole),
        Frame::Future { before } => code!(#before async move { #prologue #whole }),
        Frame::Driven { before, after } => code!(#before async { #whole } #after),
        Frame::Boxed { before, pin } => code!(#before #pin(async move { #prologue #whole })),
    };
    let Item { attributes, visibility, defaultness, signature, .. } = item;
    let block = code!({ #inner_attributes #imports #identity #statics #inside });
    Ok(code!(#(#attributes)* #visibility #defaultness #signature #block))
}

/// The function as it was written, with the errors in its body: its callers find it, and what only the attributes name does
/// not become unused. As the errors stand before it, nothing is said about its types.
pub(crate) fn unexpanded(stack: &Stack, item: &Item, report: Report) -> TokenStream {
    let errors = report.into_compile_errors();
    let (imports, mentioned) = (imports(&stack.taken), &stack.options.mentioned);
    let Item { attributes, visibility, defaultness, signature, body } = item;
    let (inner_attributes, code) = split_inner_attributes(body.stream());
    let mentioned = code! {
        #[allow(unused, clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        if false {
            #errors
            #(let _ = &(#mentioned);)*
        }
    };
    let mut block =
        Group::new(body.delimiter(), quote!(#inner_attributes #imports #mentioned #code));
    block.set_span(body.span());
    quote!(#(#attributes)* #visibility #defaultness #signature #block)
}

/// rustc has seen only the first attribute: the imports of the others are used here, by attributes that leave nothing. (A
/// `use` would also find a parameter of the same name.)
fn imports(taken: &[Path]) -> TokenStream {
    let used = Ident::new(USED, Span::mixed_site());
    code!(#(#[#taken(#used)] const _: () = ();)*)
}

/// Whether the arguments are needed while the body runs, or when it has run.
fn needs_arguments(cx: &Context<'_>, layer: &Layer) -> bool {
    let uses = |written: &Option<Expr>| cx.uses_arguments(written);
    let is_argument =
        |subject: &Subject| matches!(subject, Subject::Given(given) if cx.uses_arguments(given));
    match &layer.kind {
        LayerKind::Retry(_) => true,
        LayerKind::Fallback(fallback) => {
            uses(&fallback.when)
                || fallback.answers.iter().any(|answer| match answer {
                    Answer::Function(_) => !cx.item.signature.inputs.is_empty(),
                    Answer::Value(_) | Answer::Closure(_) => cx.uses_arguments(answer),
                })
        }
        LayerKind::CircuitBreaker(breaker) => {
            is_argument(&breaker.subject) || uses(&breaker.when) || uses(&breaker.when_ok)
        }
        LayerKind::Bulkhead(bulkhead) => is_argument(&bulkhead.subject),
        LayerKind::Timeout(_) => false,
    }
}

/// What a retry clones for each attempt, unless a layer inside of it needs the clones after the body.
fn owned<'a>(cx: &Context<'_>, layers: &'a [Layer]) -> Vec<&'a Ident> {
    let mut inside = layers.iter().skip_while(|layer| !matches!(layer.kind, LayerKind::Retry(_)));
    match inside.next().map(|layer| &layer.kind) {
        Some(LayerKind::Retry(retry)) if !inside.any(|layer| needs_arguments(cx, layer)) => {
            retry.clone.iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The function's `static` and its entry in the registry.
fn identity(cx: &Context<'_>, layers: &[TokenStream]) -> TokenStream {
    let (private, function) = (&cx.private, function_static());
    let path = cx.path();
    let line = quote_spanned!(cx.item.signature.ident.span()=> ::core::line!());
    code! {
        static #function: #private::Function = #private::Function::new(#path, ::core::file!(), #line);
        #private::register! { #private::AnnotatedFunction::new(&#function, &[#(#private::Layer::new(#layers)),*]) }
    }
}

/// The identifier of the function's `static`.
fn function_static() -> Ident {
    Ident::new(FUNCTION, Span::mixed_site())
}

/// What wrapping one layer gives.
pub(crate) struct Wrapped {
    pub(crate) code: Code,
    /// Items that belong beside the function's own `static`.
    pub(crate) statics: TokenStream,
    /// The layer as the registry lists it; the layers of a policy are listed as one.
    pub(crate) listed: Option<TokenStream>,
}
