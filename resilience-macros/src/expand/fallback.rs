//! `#[fallback]`

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::{Expr, ExprClosure, ExprPath, FnArg, Lifetime, Pat};

use super::async_block::{output_hint, output_type};
use super::class::{cause, is_passed_on, outcome};
use super::code::{Code, ErrorType};
use super::context::Context;
use super::fallback_record::FallbackRecord;
use super::layer_tokens::LayerTokens;
use super::predicate::asked;
use super::span_range::SpanRange;
use crate::markers::function_static;
use crate::model::{Answer, Fallback, Layer, LayerKind};
use crate::syntax::{code, needed_braces};

/// A chain is one fallback around another. Without `when`, the function's own errors that are
/// proper answers, or the caller's mistakes, are passed on. The failed result is out of scope
/// before the answer is awaited: an error that is not `Send` must not make the future not `Send`.
///
/// ```text
/// 'answered: {
///     let failure = {
///         let result = INNER;
///         match result {
///             Ok(value) => { answered = CallOutcome::Success; break 'answered Ok(value) }
///             Err(Failure::Function(error)) if IS_PASSED_ON => {
///                 answered = CallOutcome::Success;
///                 break 'answered Err(error)
///             }
///             Err(failure) => { answered = fallback_used(OUTCOME, CAUSE); failure }
///         }
///     };
///     ANSWER
/// }
/// ```
pub(super) fn wrap(
    cx: &Context<'_>,
    fallback: &Fallback,
    depth: usize,
    layers: &[Layer],
    inner: Code,
) -> LayerTokens {
    let record = cx.fallbacks.at(depth, layers);
    let is_fallback = |layer: &Layer| matches!(layer.kind, LayerKind::Fallback(_));
    let has_fallback_inside = layers[depth + 1..].iter().any(is_fallback);
    let private = &cx.private;
    let answers = fallback.answers.iter().enumerate();
    let code = answers.fold(inner, |inner, (nth, answer)| {
        // A label of its own: rustc warns about a label that shadows another.
        let label = Lifetime::new(&format!("'__answered_{depth}_{nth}"), Span::mixed_site());
        let is_innermost = nth == 0 && !has_fallback_inside;
        let link = Link { fallback, record, is_innermost, answered: label };
        wrap_one(cx, &link, answer, inner)
    });
    LayerTokens { code, items: TokenStream::new(), listed: Some(code!(#private::Listed::Fallback)) }
}

/// One fallback of a chain.
struct Link<'a> {
    fallback: &'a Fallback,
    record: FallbackRecord,
    /// Set if there is no fallback inside this one.
    is_innermost: bool,
    /// The label of its block.
    answered: Lifetime,
}

fn wrap_one(cx: &Context<'_>, link: &Link<'_>, written: &Answer, inner: Code) -> Code {
    let private = &cx.private;
    let (inner, error) = inner.into_result(cx);
    let failure = failure(cx, link, &inner, error);
    let Link { fallback, answered, .. } = link;
    let failure = match written {
        Answer::Function(_) => code!(#private::discard(#failure);),
        Answer::Value(_) | Answer::Closure(_) => code!(let __failure = #failure;),
    };
    let answer = Code::Expression(answer(cx, written), ErrorType::Function);
    let (answer, error) = match (&fallback.when, error) {
        // A failure that `when` refuses stays a `Failure<E>`, and the answer has the same type.
        (Some(_), ErrorType::Failure(_)) => (answer.into_failure_result(cx), error),
        _ => (answer.into_result(cx).0, ErrorType::Function),
    };
    Code::Expression(code!(#answered: { #failure #answer }), error)
}

/// The `Failure<E>` of `inner`, in a scope of its own; leaves `'answered` if there is none.
fn failure(
    cx: &Context<'_>,
    link: &Link<'_>,
    inner: &TokenStream,
    error: ErrorType,
) -> TokenStream {
    let Context { private, runtime, .. } = cx;
    let Link { fallback, record, is_innermost, answered } = link;
    let function = function_static();
    let cause = cause(cx, error, &code!(&__error));
    let outcome = outcome(cx, error, &code!(&__error));
    let used = code!(#private::fallback_used(&#function, #outcome, #cause));
    let used = record.set_to_fallback(&used);
    let not_used = record.set_to_own(private, *is_innermost);
    let passed_on = fallback.when.is_none().then(|| {
        let is_passed_on = passed_on(cx, error);
        code!(#is_passed_on => {
            #not_used
            break #answered ::core::result::Result::Err(__error);
        })
    });
    let unless_asked = fallback.when.as_ref().map(|when| {
        let is_answered = is_answered(cx, when, error);
        code!(if !#is_answered {
            #not_used
            break #answered ::core::result::Result::Err(__error);
        })
    });
    let failure = match error {
        ErrorType::Function => code!(#runtime::Failure::Function(__error)),
        ErrorType::Failure(_) => code!(__error),
    };
    code! {{
        let __result = #inner;
        match __result {
            ::core::result::Result::Ok(__value) => {
                #not_used
                break #answered ::core::result::Result::Ok(__value);
            }
            #passed_on
            ::core::result::Result::Err(__error) => {
                #unless_asked
                #used
                #failure
            }
        }
    }}
}

/// A pattern with its guard: an `__error` that no answer replaces.
fn passed_on(cx: &Context<'_>, error: ErrorType) -> TokenStream {
    let runtime = &cx.runtime;
    let own = match error {
        ErrorType::Function => code!(__error),
        ErrorType::Failure(_) => code!(#runtime::Failure::Function(__error)),
    };
    let is_passed_on = is_passed_on(cx, code!(&__error));
    code!(::core::result::Result::Err(#own) if #is_passed_on)
}

/// A `bool`: the answer of `when` about `__error`.
fn is_answered(cx: &Context<'_>, when: &Expr, error: ErrorType) -> TokenStream {
    let private = &cx.private;
    match error {
        ErrorType::Function => asked(cx, when, &code!(&__error)),
        ErrorType::Failure(blame) => {
            let conversion = blame.conversion(cx);
            let predicate = asked(cx, when, &code!(__error));
            code!(#private::fallback_applies(&__error, #conversion, |__error| #predicate))
        }
    }
}

/// A `Result<T, E>` in place of `__failure`.
///
/// A function or closure is awaited in an async block with an annotated type, like the body:
/// if the answer has another type, the error names both types and points at the answer.
fn answer(cx: &Context<'_>, answer: &Answer) -> TokenStream {
    let private = &cx.private;
    let SpanRange { start, end } = SpanRange::of(answer).generated();
    let code = match answer {
        Answer::Function(path) => call(cx, path, end),
        // A field, not an argument: for a value of another type, rustc then reports only the types.
        Answer::Value(value) => {
            let value = cx.in_body(value);
            let ok = code!(::core::result::Result::Ok { 0: #value });
            return code!(#private::instead_of(__failure, #ok));
        }
        Answer::Closure(closure) => {
            let code = closure_body(cx, closure);
            if is_straight(code.clone()) {
                let output = output_type(cx).unwrap_or_else(|| code!(_));
                return cx.as_result(&code! {{
                    #[allow(clippy::type_complexity)]
                    let __answer: #output = { #code };
                    __answer
                }});
            }
            code
        }
    };
    let output = output_hint(cx);
    let asynchronous = quote_spanned!(start=> async);
    cx.as_result(&code!(#private::body(#asynchronous { #output #code }).await))
}

/// `return path(arguments).await;`
fn call(cx: &Context<'_>, path: &ExprPath, end: Span) -> TokenStream {
    let arguments = arguments(cx);
    let path = cx.in_body(path);
    let call = quote_spanned!(end=> (#(#arguments),*).await);
    // An argument that the function itself does not use may be called `_order`.
    code! {
        #[allow(clippy::used_underscore_binding, clippy::needless_return)]
        return #path #call;
    }
}

/// `|failure| EXPR` → `let failure = …; EXPR`: without a closure, the code may borrow and wait.
fn closure_body(cx: &Context<'_>, closure: &ExprClosure) -> TokenStream {
    let private = &cx.private;
    let body = cx.in_body(&*closure.body);
    let body = match &*closure.body {
        Expr::Async(_) => code!(#body.await),
        Expr::Block(block) if block.label.is_none() => body.into_iter().map(in_needed).collect(),
        _ => body,
    };
    let pattern = closure.inputs.first();
    code!(let #pattern = #private::closure_failure(__failure); #body)
}

/// Keeps the braces of a closure's body.
fn in_needed(token: TokenTree) -> TokenTree {
    match token {
        TokenTree::Group(braces) if braces.delimiter() == Delimiter::Brace => {
            TokenTree::Group(needed_braces(&braces))
        }
        other => other,
    }
}

/// Returns true if code evidently neither waits nor leaves early. Such code needs no async block,
/// which would hold a failure that may not be `Send`.
fn is_straight(code: TokenStream) -> bool {
    const LEAVES: [&str; 4] = ["await", "return", "break", "continue"];
    code.into_iter().all(|token| match token {
        TokenTree::Ident(ident) => !LEAVES.iter().any(|keyword| ident == keyword),
        TokenTree::Group(group) => is_straight(group.stream()),
        // `?`, and macros, which may expand to any of these.
        TokenTree::Punct(punct) => !matches!(punct.as_char(), '?' | '!'),
        TokenTree::Literal(_) => true,
    })
}

/// The function's own arguments, as expressions.
fn arguments<'a>(cx: &'a Context<'_>) -> impl Iterator<Item = TokenStream> + 'a {
    cx.function.signature.inputs.iter().map(|input| match input {
        FnArg::Receiver(receiver) => cx.in_body(receiver.self_token),
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(pattern) => pattern.ident.to_token_stream(),
            pattern => pattern.to_token_stream(),
        },
    })
}
