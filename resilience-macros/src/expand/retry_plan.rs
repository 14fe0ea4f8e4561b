//! The retry policy of a `#[retry]`.

use proc_macro2::{Ident, Span, TokenStream};
use syn::Path;

use super::accessor::{checked, policy_reference, to_static};
use super::builder::built;
use super::context::Context;
use crate::model::{Backoff, InlineRetry, RetryPlan, RuntimeDurations, RuntimeType};
use crate::syntax::code;

/// The retry policy of a layer.
pub(super) struct PlanTokens {
    pub(super) items: TokenStream,
    /// A `&RetryPolicy`, in the function.
    pub(super) reference: TokenStream,
    /// The state of one call.
    pub(super) run: TokenStream,
    pub(super) listed: Option<TokenStream>,
}

pub(super) fn plan(cx: &Context<'_>, plan: &RetryPlan) -> PlanTokens {
    let private = &cx.private;
    match plan {
        RetryPlan::OfPolicy => {
            let policy = policy_reference();
            let reference = code!(#private::retry_by(#policy));
            PlanTokens {
                items: TokenStream::new(),
                run: code!(#private::Run::new(#reference)),
                reference,
                listed: None,
            }
        }
        RetryPlan::Shared(path) => shared_plan(cx, path),
        RetryPlan::Inline(inline) => inline_plan(cx, inline),
    }
}

/// The name of the accessor of a retry policy.
fn accessor() -> Ident {
    Ident::new("__resilience_retry", Span::mixed_site())
}

fn shared_plan(cx: &Context<'_>, path: &Path) -> PlanTokens {
    let (private, accessor) = (&cx.private, accessor());
    PlanTokens {
        items: to_static(cx, RuntimeType::RetryPolicy, &accessor, path),
        reference: code!(#accessor()),
        run: code!(#private::Run::new(#accessor())),
        listed: Some(code!(#private::Listed::Retry(#accessor))),
    }
}

/// Constants are kept in a `static`; durations that only the call knows are passed beside it.
fn inline_plan(cx: &Context<'_>, inline: &InlineRetry) -> PlanTokens {
    let (private, runtime, accessor) = (&cx.private, &cx.runtime, accessor());
    let policy = own_policy(cx, inline);
    let items = code! {
        fn #accessor() -> &'static #runtime::RetryPolicy {
            static __RETRY_POLICY: #runtime::RetryPolicy = #policy;
            &__RETRY_POLICY
        }
    };
    let run = match inline.runtime_durations() {
        None => code!(#private::Run::new(#accessor())),
        Some(durations) => {
            let durations = call_durations(cx, durations);
            code!(#private::Run::with(#accessor(), #durations))
        }
    };
    let runtime_keys = inline.runtime_keys();
    let listed = code!(#private::Listed::OwnRetry(#accessor, &[#(#runtime_keys),*]));
    PlanTokens { items, reference: code!(#accessor()), run, listed: Some(listed) }
}

/// A constant `RetryPolicy`.
fn own_policy(cx: &Context<'_>, inline: &InlineRetry) -> TokenStream {
    let Context { private, runtime, .. } = cx;
    let name = cx.function_name();
    let built = built(&code!(#runtime::RetryPolicy::new(#name)), &inline.constants());
    let backoff = inline.backoff.as_ref().map(|backoff| match backoff {
        Backoff::Kind(kind, _) => code!(.backoff(#runtime::BackoffKind::#kind)),
        Backoff::Own(_) => code!(.backoff(#private::BACKOFF_OF_THE_CALL)),
    });
    let jitter = inline.jitter.map(|jitter| code!(.jitter(#runtime::Jitter::#jitter)));
    let budget = inline.budget.as_ref().map(|budget| {
        let checked = checked(cx, budget, &code!(&'static), RuntimeType::RetryBudget);
        code!(.budget({ #checked __reference }))
    });
    let nested = inline.nested.map(|nested| code!(.nested(#runtime::NestedRetry::#nested)));
    code!(#built #backoff #jitter #budget #nested)
}

/// `Some(duration)` or `None`.
fn optional(cx: &Context<'_>, duration: Option<TokenStream>) -> TokenStream {
    let Some(duration) = duration else { return code!(::core::option::Option::None) };
    let duration = cx.in_body(duration);
    code!(::core::option::Option::Some { 0: #duration })
}

/// The `Durations` of a call.
fn call_durations(cx: &Context<'_>, durations: RuntimeDurations) -> TokenStream {
    let private = &cx.private;
    let RuntimeDurations { base_delay, max_delay, max_elapsed } = durations;
    let [base_delay, max_delay, max_elapsed] =
        [base_delay, max_delay, max_elapsed].map(|duration| optional(cx, duration));
    code! {
        #private::Durations {
            base_delay: #base_delay,
            max_delay: #max_delay,
            max_elapsed: #max_elapsed
        }
    }
}
