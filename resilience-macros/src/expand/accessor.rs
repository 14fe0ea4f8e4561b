//! References to the circuit breaker, bulkhead or policy of a layer, in the function and in the
//! registry.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Expr, PathSegment};

use super::builder::built;
use super::context::Context;
use super::span_range::SpanRange;
use crate::model::{RuntimeType, Subject, WrittenOption};
use crate::syntax::code;

/// A reference to a layer's circuit breaker or bulkhead.
pub(super) struct Accessor {
    /// Statements before the reference, in the same block.
    pub(super) statements: TokenStream,
    /// The reference, in the function.
    pub(super) reference: TokenStream,
    /// Items that the reference needs.
    pub(super) items: TokenStream,
    /// The entry in the registry. A policy has one entry for all its layers.
    pub(super) listed: Option<TokenStream>,
}

impl Accessor {
    /// A `static` gets a function of its own, so that the user's path occurs once in the expansion,
    /// for the registry and for the calls:
    ///
    /// `PAYMENT` → `fn __resilience_0() -> &'static CircuitBreaker { &PAYMENT }`
    pub(super) fn new<O>(
        cx: &Context<'_>,
        subject: &Subject<O>,
        ty: RuntimeType,
        depth: usize,
    ) -> Self {
        let accessor = name(depth);
        match subject {
            Subject::OfPolicy => Self::of_policy(cx),
            Subject::Own(options) => Self::of_own(cx, ty, &accessor, &options.written),
            Subject::Expression(path) if is_static(cx, path) => {
                Self::of_static(cx, ty, &accessor, path)
            }
            Subject::Expression(expression) => Self::of_expression(cx, ty, &accessor, expression),
        }
    }

    fn of_policy(cx: &Context<'_>) -> Self {
        Self {
            statements: TokenStream::new(),
            reference: policy_reference(cx),
            items: TokenStream::new(),
            listed: None,
        }
    }

    fn of_own(
        cx: &Context<'_>,
        ty: RuntimeType,
        accessor: &Ident,
        options: &[WrittenOption],
    ) -> Self {
        let Context { private, runtime, .. } = cx;
        let own = built(cx, ty, options);
        let name = match ty {
            RuntimeType::Bulkhead => "__BULKHEAD",
            _ => "__CIRCUIT_BREAKER",
        };
        let name = Ident::new(name, Span::mixed_site());
        let listed = format_ident!("Own{}", ty.name(), span = Span::mixed_site());
        Self {
            statements: TokenStream::new(),
            reference: code!(#accessor()),
            items: code! {
                fn #accessor() -> &'static #runtime::#ty {
                    static #name: #runtime::#ty = #own;
                    &#name
                }
            },
            listed: Some(code!(#private::Listed::#listed(#accessor))),
        }
    }

    fn of_static(cx: &Context<'_>, ty: RuntimeType, accessor: &Ident, path: &Expr) -> Self {
        let private = &cx.private;
        Self {
            statements: TokenStream::new(),
            reference: code!(#accessor()),
            items: to_static(cx, ty, accessor, path),
            listed: Some(code!(#private::Listed::#ty(#accessor))),
        }
    }

    /// Something that only the call can look up, such as `self.breaker` or `PER_HOST.get(host)`.
    fn of_expression(
        cx: &Context<'_>,
        ty: RuntimeType,
        accessor: &Ident,
        expression: &Expr,
    ) -> Self {
        let private = &cx.private;
        let (items, declared) = declared(cx, keyed(cx, expression), accessor);
        let listed = format_ident!("{}Expression", ty.name(), span = Span::mixed_site());
        Self {
            statements: checked(cx, &cx.in_body(expression), &code!(&), ty),
            reference: code!(__reference),
            items,
            listed: Some(code!(#private::Listed::#listed(#declared))),
        }
    }
}

/// The name of a layer's accessor.
pub(super) fn name(depth: usize) -> Ident {
    Ident::new(&format!("__resilience_{depth}"), Span::mixed_site())
}

/// The name of the accessor of the stack's policy.
fn policy_accessor() -> Ident {
    Ident::new("__resilience_policy", Span::mixed_site())
}

/// The stack's policy.
pub(super) struct PolicyTokens {
    /// Statements around all layers of the policy: `let __policy = &self.policy;`
    pub(super) statements: TokenStream,
    /// `PAYMENT` → `fn __resilience_policy() -> &'static Policy { &PAYMENT }`
    pub(super) items: TokenStream,
    /// The entry in the registry.
    pub(super) listed: TokenStream,
}

/// The policy that the attribute names, for all its layers.
pub(super) fn policy(cx: &Context<'_>, policy: &Expr) -> PolicyTokens {
    let (private, accessor) = (&cx.private, policy_accessor());
    if is_static(cx, policy) {
        return PolicyTokens {
            statements: TokenStream::new(),
            items: to_static(cx, RuntimeType::Policy, &accessor, policy),
            listed: code!(#private::Listed::Resilient(#accessor)),
        };
    }
    let (items, declared) = declared(cx, keyed(cx, policy), &accessor);
    let checked = checked(cx, &cx.in_body(policy), &code!(&), RuntimeType::Policy);
    PolicyTokens {
        statements: code!(#checked let __policy = __reference;),
        items,
        listed: code!(#private::Listed::ResilientExpression(#declared)),
    }
}

/// A `&Policy`, in the function.
pub(super) fn policy_reference(cx: &Context<'_>) -> TokenStream {
    if cx.policy.is_some_and(|policy| !is_static(cx, policy)) {
        return code!(__policy);
    }
    let accessor = policy_accessor();
    code!(#accessor())
}

/// `fn accessor() -> &'static Type { &PATH }`
pub(super) fn to_static(
    cx: &Context<'_>,
    ty: RuntimeType,
    accessor: &Ident,
    path: &impl ToTokens,
) -> TokenStream {
    let runtime = &cx.runtime;
    let checked = checked(cx, path, &code!(&'static), ty);
    code!(fn #accessor() -> &'static #runtime::#ty { #checked __reference })
}

/// `PER_HOST.get(host)` → `PER_HOST`, which may be a `Keyed`.
pub(super) fn keyed<'a>(cx: &Context<'_>, expression: &'a Expr) -> Option<&'a Expr> {
    let Expr::MethodCall(call) = expression else { return None };
    let gets = call.method == "get" && call.args.len() == 1;
    (gets && is_static(cx, &call.receiver)).then_some(&*call.receiver)
}

/// The registry's entry for a `static` whose type the macro does not know: an accessor that asks
/// the type, and an `Option` of it.
pub(super) fn declared(
    cx: &Context<'_>,
    path: Option<&Expr>,
    accessor: &Ident,
) -> (TokenStream, TokenStream) {
    let private = &cx.private;
    let Some(path) = path else {
        return (TokenStream::new(), code!(::core::option::Option::None));
    };
    let items = code! {
        #[allow(clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        fn #accessor() -> ::core::option::Option<#private::Declared> {
            #[allow(unused_imports)]
            use #private::{Declares as _, DeclaresNothing as _};
            (&#private::Named(&#path)).declared()
        }
    };
    (items, code!(::core::option::Option::Some(#accessor)))
}

/// `let __reference: &Type = …`
///
/// The value goes through a variable of its own, so that an error about its type points at the
/// user's tokens. It lives as long as the block. A temporary of the expression, such as the guard
/// of a lock, is dropped at once, and not held during the call.
pub(super) fn checked(
    cx: &Context<'_>,
    expression: &impl ToTokens,
    reference: &TokenStream,
    ty: RuntimeType,
) -> TokenStream {
    let blamed = SpanRange::of(expression);
    let ty = Ident::new(ty.name(), blamed.start);
    let ty = cx.blaming(blamed, &quote!(#ty));
    let value = Ident::new("value", blamed.start);
    code! {
        let __value = &#expression;
        let __reference: #reference #ty = { let #value = __value; #value };
    }
}

/// Returns true for a path to a `static` or constant of a module. False for a type's constant,
/// whose type may be a parameter of the `impl` around, and for a parameter.
pub(super) fn is_static(cx: &Context<'_>, expression: &Expr) -> bool {
    let Expr::Path(path) = expression else { return false };
    let is_type = |segment: &PathSegment| segment.ident.to_string().starts_with(char::is_uppercase);
    path.qself.is_none()
        && !path.path.segments.iter().rev().skip(1).any(is_type)
        && path.path.get_ident().is_none_or(|name| !cx.parameters.binds(name))
}
