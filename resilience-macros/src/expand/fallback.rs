//! `#[fallback]`

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::{Expr, ExprClosure, FnArg, Lifetime, Pat};

use super::{Code, Context, Errors, Place, Wrapped, body, function_static, policy};
use crate::args::{Answer, Fallback};

/// A chain is one fallback around another. The failed result is out of scope before the answer is awaited: an error that is
/// not `Send` must not make the future so.
///
/// ```text
/// 'answered: {
///     let failure = {
///         let result = INNER;
///         match result { Ok(value) => break 'answered Ok(value), Err(failure) => { used(); failure } }
///     };
///     ANSWER
/// }
/// ```
pub(super) fn wrap(cx: &Context<'_>, fallback: &Fallback, depth: usize, inner: Code) -> Wrapped {
    let private = &cx.private;
    let answers = fallback.answers.iter().enumerate();
    let code = answers.fold(inner, |inner, (nth, answer)| {
        // One stands inside the other, and a label that hides another is worth a warning.
        let label = Lifetime::new(&format!("'__answered_{depth}_{nth}"), Span::mixed_site());
        one(cx, fallback, answer, &label, inner)
    });
    Wrapped { code, statics: TokenStream::new(), listed: Some(code!(#private::Listed::Fallback)) }
}

fn one(
    cx: &Context<'_>,
    fallback: &Fallback,
    written: &Answer,
    answered: &Lifetime,
    inner: Code,
) -> Code {
    let Context { private, runtime, .. } = cx;
    let function = function_static();
    let (inner, errors) = inner.into_result(cx);
    let unless_asked = fallback.when.as_ref().map(|when| {
        let asks = match errors {
            Errors::Function => policy::ask(cx, when, &code!(&__error)),
            Errors::Failure(asker) => {
                let conversion = asker.conversion(cx);
                let predicate = policy::ask(cx, when, &code!(__error));
                code!(#private::asks(&__error, #conversion, |__error| #predicate))
            }
        };
        code!(if !#asks { break #answered ::core::result::Result::Err(__error); })
    });
    // The answer is given a `Failure` in any case; what is not answered stays what it was.
    let failure = match errors {
        Errors::Function => code!(#runtime::Failure::Function(__error)),
        Errors::Failure(_) => code!(__error),
    };
    let failure = code! {{
        let __result = #inner;
        match __result {
            ::core::result::Result::Ok(__value) => break #answered ::core::result::Result::Ok(__value),
            ::core::result::Result::Err(__error) => {
                #unless_asked
                #private::used(&#function);
                #failure
            }
        }
    }};
    let failure = match written {
        Answer::Function(_) => code!(#private::discard(#failure);),
        Answer::Value(_) | Answer::Closure(_) => code!(let __failure = #failure;),
    };
    let answer = Code::Expression(answer(cx, written), Errors::Function);
    let (answer, errors) = match fallback.when {
        Some(_) if matches!(errors, Errors::Failure(_)) => (answer.into_failure_result(cx), errors),
        _ => (answer.into_result(cx).0, Errors::Function),
    };
    Code::Expression(code!(#answered: { #failure #answer }), errors)
}

/// A `Result<T, E>` in place of `__failure`, which a function is not given.
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
            // An argument that the function itself does not use may be called `_order`.
            code! {
                #[allow(clippy::used_underscore_binding, clippy::needless_return)]
                return #path #call;
            }
        }
        // A field, not an argument: of a value of another type rustc then says that and no more.
        Answer::Value(value) => {
            let value = cx.in_body(value);
            return code!(#private::instead_of(__failure, ::core::result::Result::Ok { 0: #value }));
        }
        Answer::Closure(closure) => {
            let code = closure_body(cx, closure);
            if is_straight(code.clone()) {
                let output = body::output_type(cx).unwrap_or_else(|| code!(_));
                return cx.as_result(&code!({ let __answer: #output = { #code }; __answer }));
            }
            code
        }
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

/// Whether code neither waits nor leaves early, in so far as it can be seen. Then it needs no async block to do so in: that
/// would hold a failure which perhaps is not `Send`.
fn is_straight(code: TokenStream) -> bool {
    code.into_iter().all(|token| match token {
        TokenTree::Ident(ident) => {
            !["await", "return", "break", "continue"].iter().any(|word| ident == word)
        }
        TokenTree::Group(group) => is_straight(group.stream()),
        // `?`, and macros, which may have all of these in them.
        TokenTree::Punct(punct) => !matches!(punct.as_char(), '?' | '!'),
        TokenTree::Literal(_) => true,
    })
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
