//! Which breaker or bulkhead a layer goes through.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, PathSegment};

use super::{Context, Place};
use crate::args::{Builder, Subject};

/// A layer's breaker or bulkhead.
pub(super) struct Named {
    /// What must stand before the reference, in the same block.
    pub(super) given: TokenStream,
    /// A reference to it, in the function.
    pub(super) reference: TokenStream,
    /// The items the reference needs.
    pub(super) statics: TokenStream,
    /// How the registry gets at it.
    pub(super) listed: TokenStream,
}

/// A `static` becomes a function of its own, so that the user's path stands in the expansion once, for the
/// registry and for the calls:
///
/// `PAYMENT` → `fn __resilience_0() -> &'static CircuitBreaker { &PAYMENT }`
pub(super) fn named(cx: &Context<'_>, subject: &Subject, type_name: &str, depth: usize) -> Named {
    let Context { private, runtime, .. } = cx;
    let kind = Ident::new(type_name, Span::mixed_site());
    let ty = if matches!(subject, Subject::Of(_)) { "Policy" } else { type_name };
    let ty = Ident::new(ty, Span::mixed_site());
    let accessor = Ident::new(&format!("__resilience_{depth}"), Span::mixed_site());
    let reference = match subject {
        Subject::Given(given) if is_item(cx, given) => {
            let given = typed(cx, given, &code!(&'static), type_name);
            code!(#given __reference)
        }
        Subject::Given(given) => {
            let (statics, found) = found(cx, keyed(cx, given), &accessor);
            let kind = Ident::new(&format!("{type_name}By"), Span::mixed_site());
            return Named {
                given: typed(cx, &cx.in_body(given), &code!(&), type_name),
                reference: code!(__reference),
                statics,
                listed: code!(#private::Listed::#kind(#found)),
            };
        }
        Subject::Of(policy) => {
            let given = typed(cx, policy, &code!(&'static), "Policy");
            code!(#given __reference)
        }
        Subject::Own(builder) => {
            let name = cx.path();
            let own = built(&code!(#runtime::#ty::new(#name)), builder);
            let item = Ident::new(
                if type_name == "Bulkhead" { "__BULKHEAD" } else { "__CIRCUIT_BREAKER" },
                Span::mixed_site(),
            );
            code! {{
                #[allow(unused_imports)]
                use #runtime::Abandon as __Abandon;
                static #item: #runtime::#ty = #own;
                &#item
            }}
        }
    };
    // The outermost layer of a policy lists all of it.
    let kind = match subject {
        Subject::Of(_) => Ident::new("Resilient", kind.span()),
        Subject::Own(_) => Ident::new(&format!("Own{type_name}"), kind.span()),
        Subject::Given(_) => kind,
    };
    Named {
        given: TokenStream::new(),
        reference: code!(#accessor()),
        statics: code! {
            fn #accessor() -> &'static #runtime::#ty {
                #reference
            }
        },
        listed: code!(#private::Listed::#kind(#accessor)),
    }
}

/// `PER_HOST.get(host)`: the path, which may be that of a `Keyed`.
fn keyed<'a>(cx: &Context<'_>, given: &'a Expr) -> Option<&'a Expr> {
    let Expr::MethodCall(call) = given else { return None };
    (call.method == "get" && call.args.len() == 1 && is_item(cx, &call.receiver))
        .then_some(&*call.receiver)
}

/// What the registry lists of something that only its type tells: a function that asks it, and how the registry gets at that.
pub(super) fn found(
    cx: &Context<'_>,
    named: Option<&Expr>,
    accessor: &Ident,
) -> (TokenStream, TokenStream) {
    let private = &cx.private;
    let Some(named) = named else {
        return (TokenStream::new(), code!(::core::option::Option::None));
    };
    let statics = code! {
        #[allow(clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
        fn #accessor() -> ::core::option::Option<#private::Declared> {
            #[allow(unused_imports)]
            use #private::{Declares as _, DeclaresNothing as _};
            (&#private::Named(&#named)).declared()
        }
    };
    (statics, code!(::core::option::Option::Some(#accessor)))
}

/// `{ let own = NEW; let own = own.method(arguments); own }`
///
/// One step an argument, each where the argument stands: there rustc says what is wrong with a value that only it can know.
pub(super) fn built(new: &TokenStream, Builder(calls): &Builder) -> TokenStream {
    let steps = calls.iter().map(|(method, arguments)| {
        let Place { start, end } = Place::of(arguments);
        let [start, end] = [start, end].map(|span| span.resolved_at(Span::mixed_site()));
        let (own, method) = (Ident::new("__own", start), Ident::new(method, end));
        let call = quote_spanned!(end=> .#method(#arguments));
        code!(let __own = #own #call;)
    });
    code!({ let __own = #new; #(#steps)* __own })
}

/// `let __reference: &Type = …` to what was given, by way of a variable of its own: what does not fit is said of the user's own
/// tokens. What was given lives as long as the block; what the expression needed on the way (a lock, say) is let go of
/// here, and not held through the call.
pub(super) fn typed(
    cx: &Context<'_>,
    given: &impl ToTokens,
    reference: &TokenStream,
    type_name: &str,
) -> TokenStream {
    let place = Place::of(given);
    let ty = Ident::new(type_name, place.start);
    let ty = cx.blaming(place, &quote!(#ty));
    let value = Ident::new("given", place.start);
    code!(let __given = &#given; let __reference: #reference #ty = { let #value = __given; #value };)
}

/// A path to a `static` or constant of a module: not of a type, which may be a parameter of the `impl` around, and no name that a
/// parameter has.
pub(super) fn is_item(cx: &Context<'_>, given: &Expr) -> bool {
    let Expr::Path(path) = given else { return false };
    let of_type = |segment: &PathSegment| segment.ident.to_string().starts_with(char::is_uppercase);
    path.qself.is_none()
        && !path.path.segments.iter().rev().skip(1).any(of_type)
        && path.path.get_ident().is_none_or(|name| !cx.binds(name))
}

/// Whether `when` says yes to what `value` refers to.
///
/// A path is called as it stands, so that rustc speaks of the user's function where the two don't fit. A closure must be told
/// the type of its argument before it is looked at.
pub(super) fn ask(cx: &Context<'_>, when: &Expr, value: &TokenStream) -> TokenStream {
    let runtime = &cx.runtime;
    let predicate = cx.in_body(when);
    if !matches!(when, Expr::Path(_)) {
        return code!(#runtime::when(#predicate, #value));
    }
    let end = Place::of(when).end.resolved_at(Span::mixed_site());
    let value: TokenStream = value
        .clone()
        .into_iter()
        .map(|mut token| {
            token.set_span(end.resolved_at(token.span()));
            token
        })
        .collect();
    let call = quote_spanned!(end=> (#value));
    code!((if #predicate #call { true } else { false }))
}

/// The class of the error that `error` refers to, if its type has a say.
pub(super) fn class(cx: &Context<'_>, error: impl ToTokens) -> TokenStream {
    let private = &cx.private;
    code! {{
        #[allow(unused_imports)]
        use #private::{Classified as _, Unclassified as _};
        (&#private::Probe(#error)).resilience_class()
    }}
}
