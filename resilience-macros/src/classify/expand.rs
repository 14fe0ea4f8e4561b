//! From the cases to the impl.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Member, Path, WherePredicate, parse_quote};

use super::model::{Case, ClassifiedType, ResolvedRule};
use crate::diagnostics::CompileErrors;
use crate::syntax::{code, mentions};

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
pub(super) fn implementation(classified: &ClassifiedType<'_>, cases: &[Case<'_>]) -> TokenStream {
    let runtime = runtime(classified);
    let mut arms: Vec<Arm> = Vec::new();
    for case in cases {
        let arm = Arm::new(case, &runtime);
        match arms.iter_mut().find(|other| other.is_same(&arm)) {
            Some(same) => same.patterns.extend(arm.patterns),
            None => arms.push(arm),
        }
    }
    let arms = arms.iter().map(|Arm { patterns, class, .. }| quote!(#(#patterns)|* => #class,));
    // An enum without variants can be matched by value only.
    let subject = if cases.is_empty() { code!(*self) } else { code!(self) };
    let bounds = cases.iter().filter_map(|case| bound(classified, case, &runtime));
    with_body(classified, &runtime, bounds, &code!(match #subject { #(#arms)* }))
}

/// The errors, and an impl for callers that need one.
pub(super) fn placeholder(classified: &ClassifiedType<'_>, errors: &CompileErrors) -> TokenStream {
    let runtime = runtime(classified);
    let implementation = with_body(classified, &runtime, [], &quote!(#runtime::Class::Transient));
    quote!(#errors #implementation)
}

fn runtime(classified: &ClassifiedType<'_>) -> TokenStream {
    let runtime = classified.runtime.as_ref();
    runtime.map_or_else(|| code!(::resilience), ToTokens::to_token_stream)
}

fn with_body(
    classified: &ClassifiedType<'_>,
    runtime: &TokenStream,
    bounds: impl IntoIterator<Item = WherePredicate>,
    body: &TokenStream,
) -> TokenStream {
    let name = &classified.written.ident;
    let mut generics = classified.written.generics.clone();
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

/// `Field: Classify`, if the class is the field's and the type of the field is generic.
///
/// No bound for a field that contains the type itself, as in a tree: the bound of the impl
/// would depend on the impl, which rustc refuses.
fn bound(
    classified: &ClassifiedType<'_>,
    case: &Case<'_>,
    runtime: &TokenStream,
) -> Option<WherePredicate> {
    let ResolvedRule::Delegate { field, .. } = &case.rule else { return None };
    let ty = field.ty.to_token_stream();
    let has = |name: &Ident| mentions(ty.clone(), &name.to_string());
    let mut parameters = classified.written.generics.type_params();
    let is_generic = parameters.any(|parameter| has(&parameter.ident));
    (is_generic && !has(&classified.written.ident)).then(|| parse_quote!(#ty: #runtime::Classify))
}

/// `patterns => class`
struct Arm {
    patterns: Vec<TokenStream>,
    class: TokenStream,
    binds: bool,
}

impl Arm {
    fn new(case: &Case<'_>, runtime: &TokenStream) -> Self {
        let (fields, class): (Vec<Member>, _) = match &case.rule {
            ResolvedRule::Class(class) => (Vec::new(), code!(#runtime::Class::#class)),
            ResolvedRule::RetryAfter { field, named } => {
                let hinted = located_at(*named, &quote!(#runtime::RetryAfterField::class));
                (vec![field.clone()], call(&hinted, [*named]))
            }
            ResolvedRule::Delegate { member, field, word } => {
                let classify = located_at(*word, &quote!(#runtime::Classify::classify));
                (vec![member.clone()], call(&classify, [field.ty.span()]))
            }
            ResolvedRule::With { function, fields } => {
                let called = call(function, fields.iter().map(|field| field.ty.span()));
                (fields.members().collect(), class_from(function, &called, runtime))
            }
            ResolvedRule::WithSelf(function) => {
                let called = quote_spanned!(generated_at(function.span())=> #function(self));
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

/// `function(fields)`. An error about a field's type points at the span of that field.
fn call(function: &impl ToTokens, spans: impl IntoIterator<Item = Span>) -> TokenStream {
    let fields = spans.into_iter().enumerate().map(|(nth, span)| binding(nth, span));
    let arguments = quote!(#(#fields),*);
    let last = function.to_token_stream().into_iter().last();
    let end = last.map_or_else(Span::call_site, |token| token.span());
    let parentheses = quote_spanned!(generated_at(end)=> (#arguments));
    quote!(#function #parentheses)
}

/// An error about a function that returns no class points at the function, not at other variants.
fn class_from(function: &Path, called: &TokenStream, runtime: &TokenStream) -> TokenStream {
    let class = located_at(function.span(), &quote!(#runtime::Class));
    code!({ let class: #class = #called; class })
}

/// A name for a field that can't collide with the user's.
fn binding(nth: usize, span: Span) -> Ident {
    Ident::new(&format!("__field{nth}"), generated_at(span))
}

fn generated_at(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}

/// The same tokens, with another location.
fn located_at(span: Span, tokens: &TokenStream) -> TokenStream {
    let moved = tokens.clone().into_iter().map(|mut token| {
        token.set_span(token.span().located_at(span));
        token
    });
    moved.collect()
}
