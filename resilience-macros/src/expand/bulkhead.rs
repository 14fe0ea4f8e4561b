//! `#[bulkhead]`

use proc_macro2::Span;
use syn::Lifetime;

use super::accessor::{self, Accessor};
use super::code::{Blame, Code, ErrorType};
use super::context::Context;
use super::layer_tokens::LayerTokens;
use crate::markers::function_static;
use crate::model::{Bulkhead, Layer, RuntimeType, Subject};
use crate::syntax::code;

/// Only the permit is kept while the call runs: the future of `acquire` is dropped before.
///
/// ```text
/// 'entered: {
///     let mut permit = try_acquire(&BULKHEAD);
///     if permit.is_none() {
///         match acquire(&BULKHEAD).await {
///             Ok(acquired) => permit = Some(acquired),
///             Err(error) => break 'entered Err(Failure::Policy(error)),
///         }
///     }
///     let result = INNER;
///     drop(permit);
///     result
/// }
/// ```
pub(super) fn wrap(
    cx: &Context<'_>,
    bulkhead: &Bulkhead,
    depth: usize,
    layer: &Layer,
    inner: Code,
) -> LayerTokens {
    let Context { private, runtime, .. } = cx;
    let function = function_static();
    let Accessor { mut statements, reference, mut items, mut listed } =
        Accessor::new(cx, &bulkhead.subject, RuntimeType::Bulkhead, depth);
    // The bulkhead is the outermost layer of a policy, and lists the whole policy.
    if let (Subject::OfPolicy, Some(policy)) = (&bulkhead.subject, cx.policy) {
        let policy = accessor::policy(cx, policy);
        (statements, items, listed) = (policy.statements, policy.items, Some(policy.listed));
    }
    let inner = inner.into_failure_result(cx);
    let entered = Lifetime::new(&format!("'__entered_{depth}"), Span::mixed_site());
    let expression = code! {
        #entered: {
            #statements
            let mut __permit = #private::try_acquire(#reference);
            if ::core::option::Option::is_none(&__permit) {
                match #private::acquire(#reference, &#function).await {
                    ::core::result::Result::Ok(__acquired) => {
                        __permit = ::core::option::Option::Some(__acquired);
                    }
                    ::core::result::Result::Err(__error) => {
                        break #entered ::core::result::Result::Err(
                            #runtime::Failure::Policy(__error)
                        );
                    }
                }
            }
            let __result = #inner;
            #private::discard(__permit);
            __result
        }
    };
    let code = Code::Expression(expression, ErrorType::Failure(Blame::on(layer)));
    LayerTokens { code, items, listed }
}
