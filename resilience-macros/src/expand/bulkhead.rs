//! `#[bulkhead]`

use proc_macro2::{Ident, Span};

use super::{Asker, Code, Context, Errors, Wrapped, function_static, policy};
use crate::args::{Layer, Policy, Subject};

/// ```text
/// let permit = match try_acquire(&BULKHEAD) {
///     Some(permit) => Ok(permit),
///     None => acquire(&BULKHEAD).await,
/// };
/// match permit {
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
    let [try_acquire, acquire] =
        if of_policy { ["try_acquire_by", "acquire_by"] } else { ["try_acquire", "acquire"] }
            .map(|name| Ident::new(name, Span::mixed_site()));
    let inner = inner.into_failure_result(cx);
    let expression = code! {{
        #given
        let __permit = match #private::#try_acquire(#reference) {
            ::core::option::Option::Some(__permit) => ::core::result::Result::Ok(__permit),
            ::core::option::Option::None => #private::#acquire(#reference, &#function).await,
        };
        match __permit {
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
