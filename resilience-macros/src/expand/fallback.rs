//! `#[fallback]`

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Expr, ExprClosure, FnArg, Pat};

use super::{Code, Context, Errors, Place, Wrapped, body, function_static, policy};
use crate::args::{Answer, Fallback};

/// A chain is one fallback around another:
///
/// ```text
/// match INNER {
///     Ok(value) => Ok(value),
///     Err(failure) => { used(); ANSWER }
/// }
/// ```
pub(super) fn wrap(cx: &Context<'_>, fallback: &Fallback, inner: Code) -> Wrapped {
    let private = &cx.private;
    let code = fallback.answers.iter().fold(inner, |inner, answer| one(cx, fallback, answer, inner));
    Wrapped { code, statics: TokenStream::new(), listed: code!(#private::Layer::Fallback) }
}

fn one(cx: &Context<'_>, fallback: &Fallback, written: &Answer, inner: Code) -> Code {
    let Context { private, runtime, .. } = cx;
    let function = function_static();
    let answer = answer(cx, written);
    let answer = code! {
        #private::used(&#function);
        #answer
    };
    let (inner, errors) = inner.into_result(cx);
    // The answer is given a `Failure` in any case; what is not answered stays what it was.
    let failure = match errors {
        Errors::Function => code!(#runtime::Failure::Function(__error)),
        Errors::Failure(_) => code!(__error),
    };
    let (failed, errors) = match &fallback.when {
        None => (code!({ let __failure = #failure; #answer }), Errors::Function),
        Some(when) => {
            let (asks, answer) = match errors {
                Errors::Function => (policy::ask(cx, when, &code!(&__error)), code!({ #answer })),
                Errors::Failure(asker) => {
                    let conversion = asker.conversion(cx);
                    let answer = Code::Expression(code!({ #answer }), Errors::Function);
                    let predicate = policy::ask(cx, when, &code!(__error));
                    (
                        code!(#private::asks(&__error, #conversion, |__error| #predicate)),
                        answer.into_failure_result(cx),
                    )
                }
            };
            let failed = code! {
                if #asks {
                    let __failure = #failure;
                    #answer
                } else {
                    ::core::result::Result::Err(__error)
                }
            };
            (failed, errors)
        }
    };
    // What the layers inside have borrowed is given back before the answer needs it.
    let expression = code! {{
        let __result = #inner;
        match __result {
            ::core::result::Result::Ok(__value) => ::core::result::Result::Ok(__value),
            ::core::result::Result::Err(__error) => #failed,
        }
    }};
    Code::Expression(expression, errors)
}

/// A `Result<T, E>` in place of `__failure`, which is dropped before anything is awaited.
///
/// The answer stands in an async block whose type is told beforehand, as the body's is: where it is something else, the
/// error is about the two types, at the answer.
fn answer(cx: &Context<'_>, answer: &Answer) -> TokenStream {
    let private = &cx.private;
    let Place { start, end } = Place::of(answer);
    let [start, end] = [start, end].map(|span| span.resolved_at(Span::mixed_site()));
    let code = match answer {
        Answer::Function(path) => {
            let arguments = arguments(cx);
            let path = cx.in_body(path);
            let call = quote_spanned!(end=> (#(#arguments),*).await);
            code!(#private::discard(__failure); #path #call)
        }
        // A field, not an argument: of a value of another type rustc then says that and no more.
        Answer::Value(value) => {
            let value = cx.in_body(value);
            return code!(#private::instead_of(__failure, ::core::result::Result::Ok { 0: #value }));
        }
        Answer::Closure(closure) => closure_body(cx, closure),
    };
    let output = body::output(cx);
    let asynchronous = quote_spanned!(start=> async);
    cx.as_result(&code!(#asynchronous { #output #code }.await))
}

/// `|failure| EXPR` → `let failure = …; EXPR`: no closure is left, so that it may borrow and wait.
fn closure_body(cx: &Context<'_>, closure: &ExprClosure) -> TokenStream {
    let private = &cx.private;
    let body = cx.in_body(&*closure.body);
    let body = match &*closure.body {
        Expr::Async(_) => code!(#body.await),
        _ => body,
    };
    let pattern = closure.inputs.first();
    code!(let #pattern = #private::given(__failure); #body)
}

/// The function's own arguments, as they are passed on.
fn arguments<'a>(cx: &'a Context<'_>) -> impl Iterator<Item = TokenStream> + 'a {
    cx.item.signature.inputs.iter().map(|input| match input {
        FnArg::Receiver(receiver) => cx.in_body(receiver.self_token),
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(pattern) => pattern.ident.to_token_stream(),
            pattern => pattern.to_token_stream(),
        },
    })
}
