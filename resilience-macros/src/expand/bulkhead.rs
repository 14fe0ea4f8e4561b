//! `#[bulkhead]`

use proc_macro2::{Ident, Span};

use super::{Asker, Code, Context, Errors, Wrapped, function_static, policy};
use crate::args::{Layer, Policy, Subject};

/// ```text
/// match acquire(&BULKHEAD).await {
///     Ok(permit) => {
///         let result = INNER;
///         drop(permit);
///         result
///     }
///     Err(error) => Err(Failure::Policy(error)),
/// }
/// ```
pub(super) fn wrap(cx: &Context<'_>, bulkhead: &Policy, depth: usize, layer: &Layer, inner: Code) -> Wrapped {
    let Context { private, runtime, .. } = cx;
    let function = function_static();
    let named = policy::named(cx, &bulkhead.subject, "Bulkhead", depth);
    let policy::Named { given, reference, statics, listed } = named;
    let of_policy = matches!(bulkhead.subject, Subject::Of(_));
    let acquire = Ident::new(if of_policy { "acquire_by" } else { "acquire" }, Span::mixed_site());
    let inner = inner.into_failure_result(cx);
    let expression = code! {{
        #given
        match #private::#acquire(#reference, &#function).await {
            ::core::result::Result::Ok(__permit) => {
                let __result = #inner;
                #private::discard(__permit);
                __result
            }
            ::core::result::Result::Err(__error) => {
                ::core::result::Result::Err(#runtime::Failure::Policy(__error))
            }
        }
    }};
    Wrapped {
        code: Code::Expression(expression, Errors::Failure(Asker::new(layer))),
        statics,
        listed: Some(listed),
    }
}
