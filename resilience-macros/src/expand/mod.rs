//! The layers, wrapped around the body from the inside out.
//!
//! Each layer takes the [`Code`] of what is inside it and gives the code of both. Every expression is a `Result`
//! that may `.await`; nothing is boxed, and nothing becomes a function or a closure of its own.

/// `quote!` whose local names can't meet the user's.
macro_rules! code {
    ($($tokens:tt)*) => { quote::quote_spanned!(proc_macro2::Span::mixed_site()=> $($tokens)*) };
}

mod body;
mod bulkhead;
mod circuit_breaker;
mod fallback;
mod policy;
mod retry;
mod timeout;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::LitStr;

use crate::args::{Layer, LayerKind};
use crate::frame::{Body, Frame};
use crate::item::Item;
use crate::report::Report;
use crate::stack::Stack;

/// The one item whose name must not be the user's: the function as the runtime knows it. Its presence tells that
/// a function has been expanded.
pub(crate) const FUNCTION: &str = "__RESILIENCE_FUNCTION";

/// What the expansion of every layer needs to know.
pub(crate) struct Context<'a> {
    item: &'a Item,
    body: &'a Body,
    /// `name = "…"`
    name: Option<&'a LitStr>,
    /// `::resilience::__private`
    private: TokenStream,
    /// `::resilience`
    runtime: TokenStream,
    /// The body may run again, or its arguments are needed after it: they are only borrowed by it.
    borrows: bool,
}

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
    bound: &'static str,
    span: Span,
}

impl Asker {
    pub(crate) const fn new(bound: &'static str, span: Span) -> Self {
        Self { bound, span }
    }

    /// A function `Failure<E> -> E`.
    pub(crate) fn conversion(self, cx: &Context<'_>) -> TokenStream {
        let private = &cx.private;
        let bound = Ident::new(self.bound, self.span);
        quote_spanned!(self.span.resolved_at(Span::mixed_site())=> #private::#bound::from_failure)
    }
}

/// `fn f(…) -> R { body }` → `fn f(…) -> R { statics; layers around async { body } }`
pub(crate) fn function(stack: &Stack, item: &Item) -> Result<TokenStream, Report> {
    let body = item.asynchronous().map_err(|error| {
        let mut report = Report::default();
        report.push(error);
        report
    })?;
    let runtime =
        stack.options.runtime.as_ref().map_or_else(|| code!(::resilience), ToTokens::to_token_stream);
    let cx = Context {
        item,
        body: &body,
        name: stack.options.name.as_ref(),
        private: code!(#runtime::__private),
        runtime,
        borrows: stack.layers.iter().any(needs_arguments_again),
    };

    let mut code = Code::Body(body::block(&cx));
    let mut statics = TokenStream::new();
    let mut listed = Vec::new();
    for (depth, layer) in stack.layers.iter().enumerate().rev() {
        let wrapped = match &layer.kind {
            LayerKind::Timeout(timeout) => timeout::wrap(&cx, timeout, layer.span, code),
            LayerKind::Retry(retry) => retry::wrap(&cx, retry, layer.span, code),
            LayerKind::CircuitBreaker(breaker) => {
                circuit_breaker::wrap(&cx, breaker, depth, layer.span, code)
            }
            LayerKind::Bulkhead(bulkhead) => bulkhead::wrap(&cx, bulkhead, depth, layer.span, code),
            LayerKind::Fallback(fallback) => fallback::wrap(&cx, fallback, code),
        };
        code = wrapped.code;
        statics.extend(wrapped.statics);
        listed.push(wrapped.listed);
    }
    listed.reverse();

    let result = code.into_caller_result(&cx);
    let identity = identity(&cx, &listed);
    let private = &cx.private;
    let function = function_static();
    let whole = code!(
        let __call = #function.call();
        #private::from_result(__call.end(#result))
    );
    let taken = &stack.taken;
    let imports = code!(#(#[allow(unused_imports)] use #taken as _;)*);
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

/// Whether the arguments are still needed when the body has run.
fn needs_arguments_again(layer: &Layer) -> bool {
    match &layer.kind {
        LayerKind::Retry(_) | LayerKind::Fallback(_) => true,
        LayerKind::CircuitBreaker(breaker) => breaker.when.is_some() || breaker.when_ok.is_some(),
        LayerKind::Timeout(_) | LayerKind::Bulkhead(_) => false,
    }
}

/// The function's `static` and its entry in the registry.
fn identity(cx: &Context<'_>, layers: &[TokenStream]) -> TokenStream {
    let (private, function) = (&cx.private, function_static());
    let path = cx.path();
    let line = quote_spanned!(cx.item.signature.ident.span()=> ::core::line!());
    code! {
        static #function: #private::Function = #private::Function::new(#path, ::core::file!(), #line);
        #private::register! { #private::AnnotatedFunction::new(&#function, &[#(#layers),*]) }
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
    /// The layer as the registry lists it.
    pub(crate) listed: TokenStream,
}

impl Context<'_> {
    /// What the function is called: its module path and name, or what `name = "…"` says.
    fn path(&self) -> TokenStream {
        if let Some(name) = self.name {
            return name.to_token_stream();
        }
        let name = self.item.signature.ident.to_string();
        let name = name.trim_start_matches("r#");
        code!(::core::concat!(::core::module_path!(), "::", #name))
    }

    /// `async` or `async move`.
    fn asynchronous(&self) -> TokenStream {
        if self.borrows { code!(async) } else { code!(async move) }
    }

    /// What the user wrote in an attribute, as it must read in the body: `#[async_trait]` has renamed `self`.
    fn in_body(&self, written: impl ToTokens) -> TokenStream {
        let written = written.to_token_stream();
        match &self.body.receiver {
            Some(receiver) => rename_self(written, receiver),
            None => written,
        }
    }
}

fn rename_self(tokens: TokenStream, receiver: &Ident) -> TokenStream {
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Ident(ident) if ident == "self" => {
                TokenTree::Ident(Ident::new(&receiver.to_string(), receiver.span()))
            }
            TokenTree::Group(group) => {
                let mut renamed =
                    proc_macro2::Group::new(group.delimiter(), rename_self(group.stream(), receiver));
                renamed.set_span(group.span());
                TokenTree::Group(renamed)
            }
            other => other,
        })
        .collect()
}

impl Code {
    /// As an expression, and its type of error.
    pub(crate) fn into_result(self, cx: &Context<'_>) -> (TokenStream, Errors) {
        match self {
            Self::Body(block) => {
                let private = &cx.private;
                (code!(#private::into_result(#block.await)), Errors::Function)
            }
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
    fn into_caller_result(self, cx: &Context<'_>) -> TokenStream {
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
                let private = &cx.private;
                let result = code!(#private::into_result(#output));
                (block, Self::Expression(result, Errors::Function))
            }
            Self::Expression(expression, errors) => {
                let asynchronous = cx.asynchronous();
                (code!(#asynchronous { #expression }), Self::Expression(output, errors))
            }
        }
    }
}
