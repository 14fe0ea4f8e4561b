//! `#[timeout]`

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::{Asker, Code, Context, Errors, Place, Wrapped, function_static, policy};
use crate::args::{Layer, Limit, Timeout};

/// The work is part of the function's own future, and dropped in its place when its time is up:
///
/// ```text
/// {
///     let limit: Duration = LIMIT;
///     match timeout(limit, &FUNCTION, WORK).await {
///         Ok(output) => output,
///         Err(error) => Err(Failure::Policy(error)),
///     }
/// }
/// ```
pub(super) fn wrap(
    cx: &Context<'_>,
    timeout: &Timeout,
    depth: usize,
    layer: &Layer,
    inner: Code,
) -> Wrapped {
    let Context { private, runtime, .. } = cx;
    let function = function_static();
    let Limited { begin, succeeded, timed_out, statics, listed } = limit(cx, timeout, depth);
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
        #begin
        match #private::timeout(__limit, &#function, #work).await {
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
        code: Code::Expression(expression, Errors::Failure(Asker::new(layer))),
        statics,
        listed,
    }
}

/// Where the limit comes from, and who is told how the call ended.
struct Limited {
    /// Statements that give `__limit`.
    begin: TokenStream,
    /// What to do when the call has succeeded, and when its limit has passed.
    succeeded: TokenStream,
    timed_out: TokenStream,
    statics: TokenStream,
    listed: Option<TokenStream>,
}

/// What is constant is kept where it can be replaced while the program runs.
fn limit(cx: &Context<'_>, timeout: &Timeout, depth: usize) -> Limited {
    let Context { private, runtime, .. } = cx;
    let accessor = Ident::new(&format!("__resilience_{depth}"), Span::mixed_site());
    let fixed = |statics: TokenStream, begin: TokenStream, listed: Option<TokenStream>| Limited {
        begin: code!(let __limit: ::core::time::Duration = #begin;),
        succeeded: TokenStream::new(),
        timed_out: TokenStream::new(),
        statics,
        listed,
    };
    let given = match &timeout.limit {
        Limit::Of(policy) => {
            let given = policy::typed(cx, policy, &code!(&'static), "Policy");
            let statics = code!(fn #accessor() -> &'static #runtime::Policy { #given __reference });
            return fixed(statics, code!(#private::limit_by(#accessor())), None);
        }
        Limit::Given(given) => given,
    };
    if given.known().is_some() {
        let literal = given.expression();
        let is_detached = timeout.detached.is_some();
        let statics = code! {
            fn #accessor() -> &'static #private::FixedLimit {
                static __LIMIT: #private::FixedLimit = #private::FixedLimit::new(#literal, #is_detached);
                &__LIMIT
            }
        };
        let listed = code!(#private::Listed::Timeout(#accessor));
        return fixed(statics, code!(#accessor().get()), Some(listed));
    }
    let expression = cx.in_body(given.expression());
    let place = Place::of(given);
    let begin = cx.blaming(place, &quote!(TimeoutLimit::begin));
    let named = given.computed().filter(|named| policy::is_item(cx, named));
    let (statics, found) = policy::found(cx, named, &accessor);
    let given = Ident::new("given", place.start);
    let argument = quote_spanned!(place.end=> (#given));
    Limited {
        begin: code! {
            let __given = &(#expression);
            let (__limit, __watch) = { let #given = __given; #begin #argument };
        },
        succeeded: code! {
            if ::core::result::Result::is_ok(&__result) {
                #private::Watch::succeeded(__watch);
            }
        },
        timed_out: code!(#private::Watch::timed_out(__watch);),
        statics,
        listed: Some(code!(#private::Listed::TimeoutBy(#found))),
    }
}
