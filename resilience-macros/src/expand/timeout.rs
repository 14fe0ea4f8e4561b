//! `#[timeout]`

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::{Asker, Code, Context, Errors, Place, Wrapped, function_static};
use crate::args::Timeout;

/// The work is pinned here, in the function's own future, and dropped here when its time is up:
///
/// ```text
/// {
///     let limit: Duration = LIMIT;
///     let work = pin!(Some(WORK));
///     let timer = pin!(None);
///     match timeout(limit, work, timer).await {
///         Ok(output) => output,
///         Err(error) => Err(Failure::Policy(error)),
///     }
/// }
/// ```
pub(super) fn wrap(cx: &Context<'_>, timeout: &Timeout, span: Span, inner: Code) -> Wrapped {
    let Context { private, runtime, .. } = cx;
    let function = function_static();
    let (limit, succeeded, timed_out) = limit(cx, timeout);
    let output = code!(__output);
    let (work, result) = inner.future(cx, output);
    let result = result.into_failure_result(cx);
    let work = match timeout.detached {
        // What can't go on without the caller is said at `false`.
        Some(span) => {
            let detached = quote_spanned!(span.resolved_at(Span::mixed_site())=> run_detached);
            code!(#runtime::#detached(async move { #work.await }))
        }
        None => work,
    };
    let expression = code! {{
        #limit
        let __work = ::core::pin::pin!(::core::option::Option::Some(#work));
        let __timer = ::core::pin::pin!(#private::timer());
        match #private::timeout(__limit, &#function, __work, __timer).await {
            ::core::result::Result::Ok(__output) => {
                let __result = #result;
                #succeeded
                __result
            }
            ::core::result::Result::Err(__error) => {
                #timed_out
                ::core::result::Result::Err(#runtime::Failure::Policy(__error))
            }
        }
    }};
    Wrapped {
        code: Code::Expression(expression, Errors::Failure(Asker::new("needed_by_timeout", span))),
        statics: TokenStream::new(),
        listed: code!(#private::Layer::Timeout),
    }
}

/// Statements that give `__limit`, and what tells a watch how the call ended. A literal needs no watch.
fn limit(cx: &Context<'_>, timeout: &Timeout) -> (TokenStream, TokenStream, TokenStream) {
    let private = &cx.private;
    let expression = cx.in_body(timeout.limit.expression());
    if timeout.limit.literal().is_some() {
        let fixed = code!(let __limit: ::core::time::Duration = #expression;);
        return (fixed, TokenStream::new(), TokenStream::new());
    }
    let place = Place::of(&timeout.limit);
    let begin = cx.blaming(place, &quote!(TimeoutLimit::begin));
    let given = Ident::new("given", place.start);
    let argument = quote_spanned!(place.end=> (#given));
    let watched = code! {
        let __given = &(#expression);
        let (__limit, __watch) = { let #given = __given; #begin #argument };
    };
    let succeeded = code! {
        if ::core::result::Result::is_ok(&__result) {
            #private::Watch::succeeded(__watch);
        }
    };
    (watched, succeeded, code!(#private::Watch::timed_out(__watch, __limit);))
}
