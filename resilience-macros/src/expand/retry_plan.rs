//! The retry policy of a `#[retry]`.

use proc_macro2::{Ident, Span, TokenStream};
use resilience_options::{Kind, OptionInfo, Options, RetryOptions};
use syn::Expr;

use super::accessor::{
    checked, checked_static, declared, is_static, keyed, policy_reference, referred, to_static,
};
use super::builder::built;
use super::context::Context;
use crate::model::{InlineRetry, RetryPlan, RuntimeType};
use crate::syntax::code;

/// The retry policy of a layer.
pub(super) struct PlanTokens {
    /// Statements around the attempts.
    pub(super) statements: TokenStream,
    pub(super) items: TokenStream,
    /// A `&RetryPolicy`, or a `&Policy` that may have one.
    pub(super) policy: TokenStream,
    /// The options that only the call knows, if there are any.
    pub(super) of_call: Option<TokenStream>,
    pub(super) listed: Option<TokenStream>,
}

pub(super) fn plan(cx: &Context<'_>, plan: &RetryPlan) -> PlanTokens {
    match plan {
        RetryPlan::OfPolicy => PlanTokens {
            statements: TokenStream::new(),
            items: TokenStream::new(),
            policy: policy_reference(cx),
            of_call: None,
            listed: None,
        },
        RetryPlan::Shared(policy) => shared_plan(cx, policy),
        RetryPlan::Inline(inline) => inline_plan(cx, inline),
    }
}

/// The name of the accessor of a retry policy.
fn accessor() -> Ident {
    Ident::new("__resilience_retry", Span::mixed_site())
}

fn shared_plan(cx: &Context<'_>, policy: &Expr) -> PlanTokens {
    let (private, accessor) = (&cx.private, accessor());
    let policy = referred(policy);
    if is_static(cx, policy) {
        return PlanTokens {
            statements: TokenStream::new(),
            items: to_static(cx, RuntimeType::RetryPolicy, &accessor, policy),
            policy: code!(#accessor()),
            of_call: None,
            listed: Some(code!(#private::Listed::Retry(#accessor))),
        };
    }
    let (items, declared) = declared(cx, keyed(cx, policy), &accessor);
    PlanTokens {
        statements: checked(cx, policy, RuntimeType::RetryPolicy),
        items,
        policy: code!(__reference),
        of_call: None,
        listed: Some(code!(#private::Listed::RetryExpression(#declared))),
    }
}

/// Constants are kept in a `static`; options that only the call knows are passed beside it.
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
        statements: TokenStream::new(),
        items,
        policy: code!(#accessor()),
        of_call: call_options(cx, inline),
        listed: Some(code!(#private::Listed::OwnRetry(#accessor))),
    }
}

/// A constant `RetryPolicy`.
fn own_policy(cx: &Context<'_>, inline: &InlineRetry) -> TokenStream {
    let built = built(cx, RuntimeType::RetryPolicy, inline.constants());
    let budget = inline.budget.as_ref().map(|budget| {
        let checked = checked_static(cx, budget, RuntimeType::RetryBudget);
        code!(.budget({ #checked __reference }))
    });
    let runtime_keys: Vec<&str> = inline.runtime_keys().collect();
    let runtime_keys =
        (!runtime_keys.is_empty()).then(|| code!(.with_runtime_keys(&[#(#runtime_keys),*])));
    code!(#built #budget #runtime_keys)
}

/// The `CallOptions` of a call: the options that only the call knows. `None` if there are none.
fn call_options(cx: &Context<'_>, inline: &InlineRetry) -> Option<TokenStream> {
    let private = &cx.private;
    let computed: Vec<(&str, &Expr)> = inline.of_call().collect();
    if computed.is_empty() {
        return None;
    }
    let fields = computable_options().map(|name| {
        let written = computed.iter().find(|(computed, _)| *computed == name);
        let field = Ident::new(name, Span::mixed_site());
        let value = optional(cx, written.map(|(_, written)| *written));
        code!(#field: #value)
    });
    Some(code!(#private::CallOptions { #(#fields),* }))
}

/// `Some(value)` or `None`.
fn optional(cx: &Context<'_>, written: Option<&Expr>) -> TokenStream {
    let Some(written) = written else { return code!(::core::option::Option::None) };
    let written = cx.in_body(written);
    code!(::core::option::Option::Some { 0: #written })
}

/// The names of the retry's options that the call may know: durations and numbers.
fn computable_options() -> impl Iterator<Item = &'static str> {
    let is_computable =
        |option: &&OptionInfo| matches!(option.kind, Kind::Duration | Kind::Number | Kind::Float);
    RetryOptions::OPTIONS.iter().filter(is_computable).map(|option| option.name)
}
