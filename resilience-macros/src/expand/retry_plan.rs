//! The retry policy of a `#[retry]`.

use proc_macro2::{Ident, Span, TokenStream};
use resilience_options::{Kind, OptionInfo, Options, RetryOptions};
use syn::{Expr, Path};

use super::accessor::{checked, policy_reference, to_static};
use super::builder::built;
use super::context::Context;
use crate::model::{InlineRetry, RetryPlan, RuntimeType};
use crate::syntax::code;

/// The retry policy of a layer.
pub(super) struct PlanTokens {
    pub(super) items: TokenStream,
    /// A `&RetryPolicy`, or a `&Policy` that may have one.
    pub(super) policy: TokenStream,
    /// The durations that only the call knows, if there are any.
    pub(super) durations: Option<TokenStream>,
    pub(super) listed: Option<TokenStream>,
}

pub(super) fn plan(cx: &Context<'_>, plan: &RetryPlan) -> PlanTokens {
    match plan {
        RetryPlan::OfPolicy => PlanTokens {
            items: TokenStream::new(),
            policy: policy_reference(),
            durations: None,
            listed: None,
        },
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
        policy: code!(#accessor()),
        durations: None,
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
    PlanTokens {
        items,
        policy: code!(#accessor()),
        durations: call_durations(cx, inline),
        listed: Some(code!(#private::Listed::OwnRetry(#accessor))),
    }
}

/// A constant `RetryPolicy`.
fn own_policy(cx: &Context<'_>, inline: &InlineRetry) -> TokenStream {
    let built = built(cx, RuntimeType::RetryPolicy, inline.constants());
    let budget = inline.budget.as_ref().map(|budget| {
        let checked = checked(cx, budget, &code!(&'static), RuntimeType::RetryBudget);
        code!(.budget({ #checked __reference }))
    });
    let runtime_keys: Vec<&str> = inline.runtime_keys().collect();
    let runtime_keys =
        (!runtime_keys.is_empty()).then(|| code!(.with_runtime_keys(&[#(#runtime_keys),*])));
    code!(#built #budget #runtime_keys)
}

/// The `CallDurations` of a call: the durations that only the call knows. `None` if there are none.
fn call_durations(cx: &Context<'_>, inline: &InlineRetry) -> Option<TokenStream> {
    let private = &cx.private;
    let computed: Vec<(&str, &Expr)> = inline.runtime_durations().collect();
    if computed.is_empty() {
        return None;
    }
    let fields = duration_options().map(|name| {
        let duration = computed.iter().find(|(computed, _)| *computed == name);
        let field = Ident::new(name, Span::mixed_site());
        let duration = optional(cx, duration.map(|(_, duration)| *duration));
        code!(#field: #duration)
    });
    Some(code!(#private::CallDurations { #(#fields),* }))
}

/// `Some(duration)` or `None`.
fn optional(cx: &Context<'_>, duration: Option<&Expr>) -> TokenStream {
    let Some(duration) = duration else { return code!(::core::option::Option::None) };
    let duration = cx.in_body(duration);
    code!(::core::option::Option::Some { 0: #duration })
}

/// The names of the retry's options that are durations.
fn duration_options() -> impl Iterator<Item = &'static str> {
    let is_duration = |option: &&OptionInfo| matches!(option.kind, Kind::Duration);
    RetryOptions::OPTIONS.iter().filter(is_duration).map(|option| option.name)
}
