//! `#[retry]`

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use syn::Expr;

use super::{Code, Context, Errors, Place, Wrapped, function_static, policy};
use crate::args::{Backoff, Plan, Retry};

/// The failed result is out of scope before the sleep: an error that is not `Send` must not make the future so. (Dropping
/// it by hand is not enough: what has been borrowed is kept for as long as its scope.)
///
/// ```text
/// {
///     let mut run = Run::new(POLICY);
///     loop {
///         let delay = {
///             let result = run.attempt(&FUNCTION, INNER).await;
///             let class = match &result { Ok(_) => break result, Err(error) => CLASS };
///             match run.failed(POLICY, &FUNCTION, class) { Next::Stop => break result, Next::Retry(delay) => delay }
///         };
///         sleep_before_next(delay).await;
///         run.again(&FUNCTION);
///     }
/// }
/// ```
pub(super) fn wrap(cx: &Context<'_>, retry: &Retry, span: Span, inner: Code) -> Wrapped {
    let private = &cx.private;
    let function = function_static();
    let Policy { statics, reference, durations, listed } = policy(cx, retry);
    let clones = retry.clone.iter().map(|name| {
        // What can't be cloned is named, not the attribute.
        let span = name.span().resolved_at(Span::mixed_site());
        let clone = quote_spanned!(span=> #name = ::core::clone::Clone::clone(&#name));
        // What the body does not own it changes here.
        let is_changed_here = cx.is_mutable(name) && !cx.owned.contains(&name);
        if is_changed_here {
            code!(#[allow(unused_mut)] let mut #clone;)
        } else {
            code!(let #clone;)
        }
    });
    // Each attempt changes its clone, not what is declared `mut`: rustc would find nothing that needs it to be.
    let changed = retry
        .clone
        .iter()
        .filter(|name| cx.is_mutable(name))
        .map(|name| code!(let _ = &mut #name;));
    let (work, result) = inner.future(cx, code!(__output));
    let (result, errors) = result.into_result(cx);
    let class = class(cx, retry, errors);
    let failed = match &retry.plan {
        Plan::Inline(inline) => failed(cx, &reference, inline.backoff.as_ref()),
        Plan::Shared(_) | Plan::Of(_) => failed(cx, &reference, None),
    };
    let attempt = match &retry.plan {
        Plan::Of(_) => code!(__run.attempt_by(#reference, &#function, #work)),
        Plan::Inline(_) | Plan::Shared(_) => code!(__run.attempt(&#function, #work)),
    };
    let attempts = code! {
        let __delay = {
            let __result = {
                #(#clones)*
                let __output = #attempt.await;
                #result
            };
            let __class = #class;
            match #failed {
                #private::Next::Stop => break __result,
                #private::Next::Retry(__delay) => __delay,
            }
        };
        #private::sleep_before_next(__delay).await;
        __run.again(&#function);
    };
    // The compiler explains an argument that is consumed by the loop it is consumed in: that is the attribute.
    let attempts = quote_spanned!(span=> loop { #attempts });
    let run = match durations {
        None => code!(#private::Run::new(#reference)),
        Some(durations) => code!(#private::Run::with(#reference, #durations)),
    };
    let expression = code!({ let mut __run = #run; #(#changed)* #attempts });
    Wrapped { code: Code::Expression(expression, errors), statics, listed }
}

/// What follows a failed attempt. A path is called as it stands, so that rustc speaks of the user's function where it does not fit.
fn failed(cx: &Context<'_>, policy: &TokenStream, backoff: Option<&Backoff>) -> TokenStream {
    let function = function_static();
    let Some(Backoff::Own(own)) = backoff else {
        return code!(__run.failed(#policy, &#function, __class));
    };
    let delay = cx.in_body(own);
    let delay = match own {
        Expr::Path(_) => {
            let call =
                quote_spanned!(Place::of(own).end.resolved_at(Span::mixed_site())=> (__attempt));
            code!(|__attempt| #delay #call)
        }
        _ => delay,
    };
    let runtime = &cx.runtime;
    code!(#runtime::backoff(&mut __run, #policy, &#function, __class, #delay))
}

/// The class of `__result` as the retry sees it; `break`s with what needs no retry.
fn class(cx: &Context<'_>, retry: &Retry, errors: Errors) -> TokenStream {
    let Context { private, runtime, .. } = cx;
    let by_type = policy::class(cx, code!(__error));
    let by_function = match &retry.when {
        Some(when) => {
            let asked = policy::ask(cx, when, &code!(__error));
            code!(#private::retry_when(#asked, #by_type))
        }
        None => by_type,
    };
    let ok = match &retry.when_ok {
        Some(when_ok) => {
            let asked = policy::ask(cx, when_ok, &code!(__value));
            code!(::core::result::Result::Ok(__value) if #asked => #runtime::Class::Transient,)
        }
        None => TokenStream::new(),
    };
    let err = match errors {
        Errors::Function => code!(::core::result::Result::Err(__error) => #by_function,),
        Errors::Failure(_) => code! {
            ::core::result::Result::Err(#runtime::Failure::Function(__error)) => #by_function,
            ::core::result::Result::Err(#runtime::Failure::Policy(__error)) => #runtime::Classify::classify(__error),
        },
    };
    code! {
        match &__result {
            #ok
            ::core::result::Result::Ok(_) => break __result,
            #err
        }
    }
}

struct Policy {
    statics: TokenStream,
    /// A `&RetryPolicy`, in the function.
    reference: TokenStream,
    /// The `Durations` of the call, if it has any of its own.
    durations: Option<TokenStream>,
    listed: Option<TokenStream>,
}

/// What is constant is a `static`; durations that only the call knows stand beside it.
fn policy(cx: &Context<'_>, retry: &Retry) -> Policy {
    let Context { private, runtime, .. } = cx;
    let accessor = Ident::new("__resilience_retry", Span::mixed_site());
    let inline = match &retry.plan {
        Plan::Shared(path) => {
            let given = policy::typed(cx, path, &code!(&'static), "RetryPolicy");
            return Policy {
                statics: code!(fn #accessor() -> &'static #runtime::RetryPolicy { #given __reference }),
                reference: code!(#accessor()),
                durations: None,
                listed: Some(code!(#private::Listed::Retry(#accessor))),
            };
        }
        Plan::Of(path) => {
            let given = policy::typed(cx, path, &code!(&'static), "Policy");
            return Policy {
                statics: code! {
                    fn #accessor() -> &'static #runtime::RetryPolicy { #given #private::retry_by(__reference) }
                },
                reference: code!(#accessor()),
                durations: None,
                listed: None,
            };
        }
        Plan::Inline(inline) => inline,
    };
    let name = cx.path();
    let built = policy::built(&code!(#runtime::RetryPolicy::new(#name)), &inline.constants());
    let word = |value: Option<&str>, method: &str, ty: &str| {
        value.map(|value| {
            let [value, method, ty] =
                [value, method, ty].map(|name| Ident::new(name, Span::mixed_site()));
            code!(.#method(#runtime::#ty::#value))
        })
    };
    let backoff = match inline.backoff {
        Some(Backoff::Kind(kind, _)) => word(Some(kind), "backoff", "BackoffKind"),
        Some(Backoff::Own(_)) => Some(code!(.backoff(#private::BACKOFF_OF_THE_CALL))),
        None => None,
    };
    let budget = inline.budget.iter().map(|budget| {
        let typed = policy::typed(cx, budget, &code!(&'static), "RetryBudget");
        code!(.budget({ #typed __reference }))
    });
    let jitter = word(inline.jitter, "jitter", "Jitter");
    let nested = word(inline.nested, "nested", "Nested");
    let statics = code! {
        fn #accessor() -> &'static #runtime::RetryPolicy {
            static __RETRY_POLICY: #runtime::RetryPolicy = #built #backoff #jitter #(#budget)* #nested;
            &__RETRY_POLICY
        }
    };
    let durations = inline.at_call().map(|durations| {
        let [base_delay, max_delay, max_elapsed] = durations.map(|duration| {
            let Some(duration) = duration else { return code!(::core::option::Option::None) };
            let duration = cx.in_body(duration);
            code!(::core::option::Option::Some { 0: #duration })
        });
        code!(#private::Durations { base_delay: #base_delay, max_delay: #max_delay, max_elapsed: #max_elapsed })
    });
    let by_call = inline.by_call();
    Policy {
        statics,
        reference: code!(#accessor()),
        durations,
        listed: Some(code!(#private::Listed::OwnRetry(#accessor, &[#(#by_call),*]))),
    }
}
