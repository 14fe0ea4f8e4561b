//! `#[bulkhead]`

use proc_macro2::{Ident, Span};
use syn::Lifetime;

use super::{Asker, Code, Context, Errors, Wrapped, function_static, policy};
use crate::args::{Layer, Policy, Subject};

/// The permit is all that is kept while the call runs: what it came in is over by then.
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
    bulkhead: &Policy,
    depth: usize,
    layer: &Layer,
    inner: Code,
) -> Wrapped {
    let Context { private, runtime, .. } = cx;
    let function = function_static();
    let named = policy::named(cx, &bulkhead.subject, "Bulkhead", depth);
    let policy::Named { given, reference, statics, listed } = named;
    let of_policy = matches!(bulkhead.subject, Subject::Of(_));
    let [try_acquire, acquire] =
        if of_policy { ["try_acquire_by", "acquire_by"] } else { ["try_acquire", "acquire"] }
            .map(|name| Ident::new(name, Span::mixed_site()));
    let inner = inner.into_failure_result(cx);
    let entered = Lifetime::new(&format!("'__entered_{depth}"), Span::mixed_site());
    let expression = code! {
        #entered: {
            #given
            let mut __permit = #private::#try_acquire(#reference);
            if ::core::option::Option::is_none(&__permit) {
                match #private::#acquire(#reference, &#function).await {
                    ::core::result::Result::Ok(__acquired) => {
                        __permit = ::core::option::Option::Some(__acquired);
                    }
                    ::core::result::Result::Err(__error) => {
                        break #entered ::core::result::Result::Err(#runtime::Failure::Policy(__error));
                    }
                }
            }
            let __result = #inner;
            #private::discard(__permit);
            __result
        }
    };
    Wrapped {
        code: Code::Expression(expression, Errors::Failure(Asker::new(layer))),
        statics,
        listed: Some(listed),
    }
}
