//! References to the circuit breaker, bulkhead, rate limiter or policy of a layer, in the function
//! and in the registry.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Expr, PathSegment, UnOp};

use super::builder::built;
use super::context::Context;
use super::span_range::SpanRange;
use crate::model::{RuntimeType, Subject, WrittenOption};
use crate::syntax::code;

/// A reference to a layer's circuit breaker, bulkhead or rate limiter.
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
            Subject::Expression(expression) => match referred(expression) {
                path if is_static(cx, path) => Self::of_static(cx, ty, &accessor, path),
                expression => Self::of_expression(cx, ty, &accessor, expression),
            },
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
            RuntimeType::RateLimiter => "__RATE_LIMITER",
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
            statements: checked(cx, expression, ty),
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
    let policy = referred(policy);
    if is_static(cx, policy) {
        return PolicyTokens {
            statements: TokenStream::new(),
            items: to_static(cx, RuntimeType::Policy, &accessor, policy),
            listed: code!(#private::Listed::Resilient(#accessor)),
        };
    }
    let (items, declared) = declared(cx, keyed(cx, policy), &accessor);
    let checked = checked(cx, policy, RuntimeType::Policy);
    PolicyTokens {
        statements: code!(#checked let __policy = __reference;),
        items,
        listed: code!(#private::Listed::ResilientExpression(#declared)),
    }
}

/// A `&Policy`, in the function.
pub(super) fn policy_reference(cx: &Context<'_>) -> TokenStream {
    if cx.policy.is_some_and(|policy| !is_static(cx, referred(policy))) {
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
    path: &Expr,
) -> TokenStream {
    let runtime = &cx.runtime;
    let checked = checked_static(cx, path, ty);
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
    let Some(path) = path.map(|path| named_static(cx, path)) else {
        return (TokenStream::new(), code!(::core::option::Option::None));
    };
    let items = code! {
        #[allow(clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        fn #accessor() -> ::core::option::Option<#private::Declared> {
            #[allow(unused_imports)]
            use #private::{Declares as _, DeclaresNothing as _};
            (&#private::Named(#path)).declared()
        }
    };
    (items, code!(::core::option::Option::Some(#accessor)))
}

/// `let __reference: &Type = …`, for an expression that only the call can look up.
///
/// A place, such as a field or an argument, is borrowed. Any other expression has to be a reference
/// to something that lives on. It lives as long as the block. A temporary of the expression, such
/// as the guard of a lock, is dropped at once, and not held during the call.
pub(super) fn checked(cx: &Context<'_>, expression: &Expr, ty: RuntimeType) -> TokenStream {
    let blamed = SpanRange::of(expression);
    let written = cx.in_body(expression);
    if is_place(cx, expression) {
        return typed(cx, blamed, &code!(&#written), &code!(&), ty);
    }
    let generated = blamed.generated();
    let lives_on = cx.blaming(generated, &quote!(LivesOn::lives_on));
    let start = quote_spanned!(generated.start=> &*);
    let argument = quote_spanned!(generated.end=> (#start __value));
    let typed = typed(cx, blamed, &code!(__value), &code!(&), ty);
    code!(let __value = &#written; #lives_on #argument; #typed)
}

/// `let __reference: &'static Type = …`, for a path to a `static`.
pub(super) fn checked_static(
    cx: &Context<'_>,
    path: &impl ToTokens,
    ty: RuntimeType,
) -> TokenStream {
    typed(cx, SpanRange::of(path), &named_static(cx, path), &code!(&'static), ty)
}

/// The value goes through a variable of its own, so that an error about its type points at the
/// user's tokens.
fn typed(
    cx: &Context<'_>,
    blamed: SpanRange,
    value: &TokenStream,
    reference: &TokenStream,
    ty: RuntimeType,
) -> TokenStream {
    let ty = Ident::new(ty.name(), blamed.start);
    let ty = cx.blaming(blamed, &quote!(#ty));
    let of_user = Ident::new("value", blamed.start);
    code! {
        let __value = #value;
        let __reference: #reference #ty = { let #of_user = __value; #of_user };
    }
}

/// `to_static(&PATH)`: a reference to what a `static` holds. A `const` is refused.
pub(super) fn named_static(cx: &Context<'_>, path: &impl ToTokens) -> TokenStream {
    let blamed = SpanRange::of(path).generated();
    let to_static = cx.blaming(blamed, &quote!(__private::to_static));
    let argument = quote_spanned!(blamed.end=> (&#path));
    code!(#to_static #argument)
}

/// `&(expression)` → `expression`: the accessor borrows it itself.
pub(super) fn referred(expression: &Expr) -> &Expr {
    match expression {
        Expr::Reference(reference) if reference.mutability.is_none() => referred(&reference.expr),
        Expr::Paren(inner) => referred(&inner.expr),
        Expr::Group(inner) => referred(&inner.expr),
        _ => expression,
    }
}

/// Returns true for an expression that names something that is there already: a field, an element,
/// an argument, what a pointer points to.
pub(super) fn is_place(cx: &Context<'_>, expression: &Expr) -> bool {
    match expression {
        Expr::Field(_) | Expr::Index(_) => true,
        Expr::Unary(unary) => matches!(unary.op, UnOp::Deref(_)),
        Expr::Path(path) => path.path.get_ident().is_some_and(|name| cx.parameters.binds(name)),
        _ => false,
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
