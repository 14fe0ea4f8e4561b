//! `#[rate_limiter]`

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::Lifetime;

use super::accessor::Accessor;
use super::class::class;
use super::code::{Blame, Code, ErrorType};
use super::context::Context;
use super::layer_tokens::LayerTokens;
use super::span_range::SpanRange;
use crate::markers::function_static;
use crate::model::{Layer, RateLimiter, RuntimeType};
use crate::syntax::code;

/// Nothing is kept while the call runs: a turn is used up when it is taken.
///
/// ```text
/// 'rejected: {
///     let cost: u32 = COST;
///     if !take_turn(&LIMITER, cost)
///         && let Err(error) = wait_for_turn(&LIMITER, &FUNCTION, cost).await
///     {
///         break 'rejected Err(Failure::Policy(error));
///     }
///     let result = INNER;
///     if let Err(error) = &result {
///         obey(&LIMITER, CLASS);
///     }
///     result
/// }
/// ```
pub(super) fn wrap(
    cx: &Context<'_>,
    limiter: &RateLimiter,
    depth: usize,
    layer: &Layer,
    inner: Code,
) -> LayerTokens {
    let Context { private, runtime, .. } = cx;
    let function = function_static();
    let Accessor { statements, reference, items, listed } =
        Accessor::new(cx, &limiter.subject, RuntimeType::RateLimiter, depth);
    let cost = cost(cx, limiter);
    let class = class(cx, code!(__error));
    let inner = inner.into_failure_result(cx);
    let rejected = Lifetime::new(&format!("'__rejected_{depth}"), Span::mixed_site());
    let expression = code! {
        #rejected: {
            #statements
            #cost
            if !#private::take_turn(#reference, __cost) {
                if let ::core::result::Result::Err(__error) =
                    #private::wait_for_turn(#reference, &#function, __cost).await
                {
                    break #rejected ::core::result::Result::Err(
                        #runtime::Failure::Policy(__error)
                    );
                }
            }
            let __result = #inner;
            if let ::core::result::Result::Err(__failure) = &__result {
                #private::obey(#reference, match __failure {
                    #runtime::Failure::Function(__error) => #class,
                    #runtime::Failure::Policy(__error) => #runtime::Classify::classify(__error),
                });
            }
            __result
        }
    };
    let code = Code::Expression(expression, ErrorType::Failure(Blame::on(layer)));
    LayerTokens { code, items, listed }
}

/// `let __cost: u32 = COST;` An error about the type points at the user's tokens.
fn cost(cx: &Context<'_>, limiter: &RateLimiter) -> TokenStream {
    let Some(cost) = &limiter.cost else { return code!(let __cost = 1_u32;) };
    let start = SpanRange::of(cost).generated().start;
    let ty = quote_spanned!(start=> ::core::primitive::u32);
    let cost = cx.in_body(cost);
    code!(let __cost: #ty = #cost;)
}
