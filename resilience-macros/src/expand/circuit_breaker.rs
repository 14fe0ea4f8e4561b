//! `#[circuit_breaker]`

use proc_macro2::{Span, TokenStream};
use syn::Lifetime;

use super::accessor::Accessor;
use super::class::{cause, class};
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
///     match INNER {
///         Ok(value) => { admission.record(VERDICT, Cause::UNKNOWN); Ok(value) }
///         Err(error) => { admission.record(VERDICT, CAUSE); Err(error) }
///     }
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
    let succeeded = verdict_on_value(cx, breaker);
    let failed = verdict_on_error(cx, breaker);
    let error_type = ErrorType::Failure(Blame::on(layer));
    let cause = cause(cx, error_type, &code!(&__error));
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
            match #inner {
                ::core::result::Result::Ok(__value) => {
                    __admission.record(#succeeded, #private::Cause::UNKNOWN);
                    ::core::result::Result::Ok(__value)
                }
                ::core::result::Result::Err(__error) => {
                    __admission.record(#failed, #cause);
                    ::core::result::Result::Err(__error)
                }
            }
        }
    };
    let code = Code::Expression(expression, error_type);
    LayerTokens { code, items, listed }
}

/// The meaning of `__value` for the circuit breaker: by `when_ok`, else a success.
fn verdict_on_value(cx: &Context<'_>, breaker: &CircuitBreaker) -> TokenStream {
    let private = &cx.private;
    let Some(when_ok) = &breaker.when_ok else { return code!(#private::Verdict::Success) };
    let asked = asked(cx, when_ok, &code!(&__value));
    code!(if #asked { #private::Verdict::Failure } else { #private::Verdict::Success })
}

/// The meaning of `__error` for the circuit breaker: by `when`, else by the error's class.
fn verdict_on_error(cx: &Context<'_>, breaker: &CircuitBreaker) -> TokenStream {
    let Context { private, runtime, .. } = cx;
    let by_type = class(cx, code!(__error));
    let of_function = match &breaker.when {
        Some(when) => {
            let asked = asked(cx, when, &code!(__error));
            code!(#private::breaker_when(#asked, #by_type))
        }
        None => by_type,
    };
    code! {
        #private::Verdict::of(match &__error {
            #runtime::Failure::Function(__error) => #of_function,
            #runtime::Failure::Policy(__error) => #runtime::Classify::classify(__error),
        })
    }
}
