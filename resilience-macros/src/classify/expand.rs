//! From the answers to the impl.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Member, Path, WherePredicate, parse_quote};

use super::check::{Answer, Case};
use super::read::Item;
use crate::item::mentions;
use crate::report::Report;

/// ```text
/// impl Classify for ApiError {
///     fn classify(&self) -> Class {
///         match self {
///             Self::Down { .. } | Self::Full { .. } => Class::Transient,
///             Self::Busy { wait: field, .. } => class_of(field),
///             Self::Inner { 0: field, .. } => Classify::classify(field),
///             Self::Status { 0: first, 1: second, .. } => function(first, second),
///         }
///     }
/// }
/// ```
pub(super) fn implementation(item: &Item<'_>, cases: &[Case<'_>]) -> TokenStream {
    let runtime = runtime(item);
    let mut arms: Vec<Arm> = Vec::new();
    for case in cases {
        let arm = Arm::new(case, &runtime);
        match arms.iter_mut().find(|other| other.is_same(&arm)) {
            Some(same) => same.patterns.extend(arm.patterns),
            None => arms.push(arm),
        }
    }
    let arms = arms.iter().map(|Arm { patterns, class, .. }| quote!(#(#patterns)|* => #class,));
    // What has no variants has no value that could be asked.
    let subject = if cases.is_empty() { code!(*self) } else { code!(self) };
    let bounds = cases.iter().filter_map(|case| bound(item, case, &runtime));
    with_body(item, &runtime, bounds, &code!(match #subject { #(#arms)* }))
}

/// The errors, and an impl for those who need one.
pub(super) fn placeholder(item: &Item<'_>, report: Report) -> TokenStream {
    let runtime = runtime(item);
    let implementation = with_body(item, &runtime, [], &quote!(#runtime::Class::Transient));
    let errors = report.into_compile_errors();
    quote!(#errors #implementation)
}

fn runtime(item: &Item<'_>) -> TokenStream {
    item.runtime.as_ref().map_or_else(|| code!(::resilience), ToTokens::to_token_stream)
}

fn with_body(
    item: &Item<'_>,
    runtime: &TokenStream,
    bounds: impl IntoIterator<Item = WherePredicate>,
    body: &TokenStream,
) -> TokenStream {
    let name = &item.written.ident;
    let mut generics = item.written.generics.clone();
    let mut bounds = bounds.into_iter().peekable();
    if bounds.peek().is_some() {
        generics.make_where_clause().predicates.extend(bounds);
    }
    let (parameters, arguments, conditions) = generics.split_for_impl();
    code! {
        #[automatically_derived]
        #[allow(deprecated, unused_qualifications)]
        impl #parameters #runtime::Classify for #name #arguments #conditions {
            #[inline]
            fn classify(&self) -> #runtime::Class {
                #body
            }
        }
    }
}

/// Only what is asked needs to answer, and only where rustc can't see whether it does. A bound on the type itself, as of a tree in a tree,
/// would be met by the very impl that asks for it, which rustc refuses.
fn bound(item: &Item<'_>, case: &Case<'_>, runtime: &TokenStream) -> Option<WherePredicate> {
    let Answer::Delegate { field, .. } = &case.answer else { return None };
    let ty = field.ty.to_token_stream();
    let has = |name: &Ident| mentions(ty.clone(), &name.to_string());
    let is_generic = item.written.generics.type_params().any(|parameter| has(&parameter.ident));
    (is_generic && !has(&item.written.ident)).then(|| parse_quote!(#ty: #runtime::Classify))
}

/// `patterns => class`
struct Arm {
    patterns: Vec<TokenStream>,
    class: TokenStream,
    binds: bool,
}

impl Arm {
    fn new(case: &Case<'_>, runtime: &TokenStream) -> Self {
        let (fields, class): (Vec<Member>, _) = match &case.answer {
            Answer::Class(class) => {
                let class = Ident::new(class, Span::mixed_site());
                (Vec::new(), code!(#runtime::Class::#class))
            }
            Answer::RetryAfter { field, named } => {
                let hinted = at(*named, &quote!(#runtime::RetryAfterField::class));
                (vec![field.clone()], call(&hinted, [*named]))
            }
            Answer::Delegate { member, field, asked } => {
                let classify = at(*asked, &quote!(#runtime::Classify::classify));
                (vec![member.clone()], call(&classify, [field.ty.span()]))
            }
            Answer::With { function, fields } => {
                let called = call(function, fields.iter().map(|field| field.ty.span()));
                (fields.members().collect(), class_from(function, &called, runtime))
            }
            Answer::WithSelf(function) => {
                let called = quote_spanned!(at_place(function.span())=> #function(self));
                (Vec::new(), class_from(function, &called, runtime))
            }
        };
        let bindings = fields.iter().enumerate().map(|(nth, field)| {
            let name = binding(nth, Span::call_site());
            code!(#field: #name,)
        });
        let variant = case.variant.map(|name| quote!(::#name));
        let pattern = code!(Self #variant { #(#bindings)* .. });
        Self { patterns: vec![pattern], class, binds: !fields.is_empty() }
    }

    fn is_same(&self, other: &Self) -> bool {
        !self.binds && !other.binds && self.class.to_string() == other.class.to_string()
    }
}

/// `function(fields)`; each place is where rustc finds fault with that field.
fn call(function: &impl ToTokens, places: impl IntoIterator<Item = Span>) -> TokenStream {
    let fields = places.into_iter().enumerate().map(|(nth, place)| binding(nth, place));
    let arguments = quote!(#(#fields),*);
    let end = function
        .to_token_stream()
        .into_iter()
        .last()
        .map_or_else(Span::call_site, |token| token.span());
    let parentheses = quote_spanned!(at_place(end)=> (#arguments));
    quote!(#function #parentheses)
}

/// What does not give a class is said of the function, not of the other variants.
fn class_from(function: &Path, called: &TokenStream, runtime: &TokenStream) -> TokenStream {
    let class = at(function.span(), &quote!(#runtime::Class));
    code!({ let class: #class = #called; class })
}

/// A name for a field that can't meet the user's.
fn binding(nth: usize, place: Span) -> Ident {
    Ident::new(&format!("__field{nth}"), at_place(place))
}

fn at_place(place: Span) -> Span {
    Span::mixed_site().located_at(place)
}

/// The same tokens, standing elsewhere.
fn at(place: Span, tokens: &TokenStream) -> TokenStream {
    let moved = tokens.clone().into_iter().map(|mut token| {
        token.set_span(token.span().located_at(place));
        token
    });
    moved.collect()
}
