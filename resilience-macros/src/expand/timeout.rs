//! `#[timeout]`

use proc_macro2::{Span, TokenStream};

use super::{Asker, Code, Context, Errors, Wrapped, function_static};
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
    let limit = cx.in_body(timeout.limit.expression());
    let output = code!(__output);
    let (work, result) = inner.future(cx, output);
    let result = result.into_failure_result(cx);
    let expression = code! {{
        let __limit: ::core::time::Duration = #limit;
        let __work = ::core::pin::pin!(::core::option::Option::Some(#work));
        let __timer = ::core::pin::pin!(#private::timer());
        match #private::timeout(__limit, &#function, __work, __timer).await {
            ::core::result::Result::Ok(__output) => #result,
            ::core::result::Result::Err(__error) => {
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
