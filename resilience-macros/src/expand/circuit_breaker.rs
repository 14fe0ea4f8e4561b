//! `#[circuit_breaker]`

use proc_macro2::{Span, TokenStream};
use syn::Lifetime;

use super::accessor::Accessor;
use super::class::class;
use super::code::{Blame, Code, ErrorType};
use super::context::Context;
use super::layer_tokens::LayerTokens;
use super::predicate::asked;
use crate::markers::function_static;
use crate::model::{CircuitBreaker, Layer, RuntimeType};
use crate::syntax::code;

/// Only the admission is kept while the call runs.
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
    breaker: &CircuitBreaker,
    depth: usize,
    layer: &Layer,
    inner: Code,
) -> LayerTokens {
    let Context { private, runtime, .. } = cx;
    let function = function_static();
    let Accessor { statements, reference, items, listed } =
        Accessor::new(cx, &breaker.subject, RuntimeType::CircuitBreaker, depth);
    let verdict = verdict(cx, breaker);
    let inner = inner.into_failure_result(cx);
    let admitted = Lifetime::new(&format!("'__admitted_{depth}"), Span::mixed_site());
    let expression = code! {
        #admitted: {
            #statements
            let mut __admission = #private::admission(#reference);
            if let ::core::result::Result::Err(__error) = __admission.enter(&#function) {
                break #admitted ::core::result::Result::Err(
                    #runtime::Failure::Policy(__error)
                );
            }
            let __result = #inner;
            __admission.record(#verdict);
            __result
        }
    };
    let code = Code::Expression(expression, ErrorType::Failure(Blame::on(layer)));
    LayerTokens { code, items, listed }
}

/// The meaning of `__result` for the circuit breaker: by `when` and `when_ok`, else by the error's
/// class.
fn verdict(cx: &Context<'_>, breaker: &CircuitBreaker) -> TokenStream {
    let Context { private, runtime, .. } = cx;
    let of_function = match &breaker.when {
        Some(when) => {
            let asked = asked(cx, when, &code!(__error));
            code!(#private::breaker_when(#asked))
        }
        None => class(cx, code!(__error)),
    };
    let ok = breaker.when_ok.as_ref().map(|when_ok| {
        let asked = asked(cx, when_ok, &code!(__value));
        code!(::core::result::Result::Ok(__value) if #asked => #private::Verdict::Failure,)
    });
    code! {
        match &__result {
            #ok
            ::core::result::Result::Ok(_) => #private::Verdict::Success,
            ::core::result::Result::Err(#runtime::Failure::Function(__error)) =>
                #private::Verdict::of(#of_function),
            ::core::result::Result::Err(#runtime::Failure::Policy(__error)) =>
                #private::Verdict::of(#runtime::Classify::classify(__error)),
        }
    }
}
