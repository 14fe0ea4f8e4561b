//! `#[circuit_breaker]`

use proc_macro2::{Ident, Span, TokenStream};
use syn::Lifetime;

use super::{Asker, Code, Context, Errors, Wrapped, function_static, policy};
use crate::args::{Layer, Policy, Subject};

/// The admission is all that is kept while the call runs: an answer that has been looked at is over by then.
///
/// ```text
/// 'admitted: {
///     let mut admission = admission(&BREAKER);
///     if let Err(error) = admission.enter() {
///         break 'admitted Err(Failure::Policy(error));
///     }
///     let result = INNER;
///     admission.record(VERDICT);
///     result
/// }
/// ```
pub(super) fn wrap(
    cx: &Context<'_>,
    breaker: &Policy,
    depth: usize,
    layer: &Layer,
    inner: Code,
) -> Wrapped {
    let Context { private, runtime, .. } = cx;
    let function = function_static();
    let named = policy::named(cx, &breaker.subject, "CircuitBreaker", depth);
    let policy::Named { given, reference, statics, listed } = named;
    let of_policy = matches!(breaker.subject, Subject::Of(_));
    let admission =
        Ident::new(if of_policy { "admission_by" } else { "admission" }, Span::mixed_site());
    let verdict = verdict(cx, breaker);
    let inner = inner.into_failure_result(cx);
    let admitted = Lifetime::new(&format!("'__admitted_{depth}"), Span::mixed_site());
    let expression = code! {
        #admitted: {
            #given
            let mut __admission = #private::#admission(#reference);
            if let ::core::result::Result::Err(__error) = __admission.enter(&#function) {
                break #admitted ::core::result::Result::Err(#runtime::Failure::Policy(__error));
            }
            let __result = #inner;
            __admission.record(#verdict);
            __result
        }
    };
    Wrapped {
        code: Code::Expression(expression, Errors::Failure(Asker::new(layer))),
        statics,
        // The outermost layer of a policy has listed all of it.
        listed: (!of_policy).then_some(listed),
    }
}

/// What `__result` says to the breaker: by `when` and `when_ok`, else by the error's class.
fn verdict(cx: &Context<'_>, breaker: &Policy) -> TokenStream {
    let Context { private, runtime, .. } = cx;
    let of_class = |class: TokenStream| code!(#private::Verdict::of(#class));
    let by_function = of_class(match &breaker.when {
        Some(when) => {
            let asked = policy::ask(cx, when, &code!(__error));
            code!(#private::breaker_when(#asked))
        }
        None => policy::class(cx, code!(__error)),
    });
    let by_policy = of_class(code!(#runtime::Classify::classify(__error)));
    let ok = match &breaker.when_ok {
        Some(when_ok) => {
            let asked = policy::ask(cx, when_ok, &code!(__value));
            code!(::core::result::Result::Ok(__value) if #asked => #private::Verdict::Failure,)
        }
        None => TokenStream::new(),
    };
    code! {
        match &__result {
            #ok
            ::core::result::Result::Ok(_) => #private::Verdict::Success,
            ::core::result::Result::Err(#runtime::Failure::Function(__error)) => #by_function,
            ::core::result::Result::Err(#runtime::Failure::Policy(__error)) => #by_policy,
        }
    }
}
