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
///             Self::Converted { 0: field, .. } => class_by_probe(field),
///             Self::Status { 0: first, 1: second, .. } => function(first, second),
///         }
///     }
///
///     fn cause(&self) -> Cause<'_> {
///         cause_by_probe(self)
///     }
///
///     fn policy_error(&self) -> Option<&Error> {
///         match self {
///             Self::Inner { 0: field, .. } => policy_error_by_probe(field),
///             Self::Converted { 0: field, .. } => policy_error_by_probe(field),
///             Self::Caused { source: field, .. } => policy_error_by_probe(field),
///             _ => None,
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
    let policy_error = policy_error(cases, &runtime);
    let others = code! {
        #[inline]
        fn cause(&self) -> #runtime::__private::Cause<'_> {
            #[allow(unused_imports)]
            use #runtime::__private::{Debugged as _, Displayed as _, Untold as _};
            (&&#runtime::__private::CauseProbe(self)).resilience_cause()
        }
        #policy_error
    };
    with_body(classified, &runtime, bounds, &code!(match #subject { #(#arms)* }), &others)
}

/// The method that finds a policy's error in the fields that may hold one.
fn policy_error(cases: &[Case<'_>], runtime: &TokenStream) -> Option<TokenStream> {
    let arms: Vec<TokenStream> = cases.iter().filter_map(|case| holder(case, runtime)).collect();
    if arms.is_empty() {
        return None;
    }
    let others = (arms.len() < cases.len()).then(|| code!(_ => ::core::option::Option::None,));
    Some(code! {
        #[inline]
        fn policy_error(&self) -> ::core::option::Option<&#runtime::Error> {
            match self { #(#arms)* #others }
        }
    })
}

/// `pattern => policy's error in the field`, if a field may hold one.
fn holder(case: &Case<'_>, runtime: &TokenStream) -> Option<TokenStream> {
    let (member, found) = match &case.rule {
        ResolvedRule::Delegate { member, field, word } => {
            let method = located_at(*word, &quote!(#runtime::Classify::policy_error));
            (member, call(&method, [field.ty.span()]))
        }
        _ => (case.holder.as_ref()?, probed(&code!(resilience_policy_error), runtime)),
    };
    let pattern = pattern(case, [member]);
    Some(code!(#pattern => #found,))
}

/// The answer of the first field to this question, if its type has one.
fn probed(question: &TokenStream, runtime: &TokenStream) -> TokenStream {
    let field = binding(0, Span::call_site());
    code! {{
        #[allow(unused_imports)]
        use #runtime::__private::{Classified as _, Searched as _, Unclassified as _};
        (&&#runtime::__private::ClassProbe(#field)).#question()
    }}
}

/// The errors, and an impl for callers that need one.
pub(super) fn placeholder(classified: &ClassifiedType<'_>, errors: &CompileErrors) -> TokenStream {
    let runtime = runtime(classified);
    let implementation = {
        let class = quote!(#runtime::Class::Transient);
        with_body(classified, &runtime, [], &class, &TokenStream::new())
    };
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
    others: &TokenStream,
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
            #others
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
            ResolvedRule::Probed(member) => {
                (vec![member.clone()], probed(&code!(resilience_class), runtime))
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
        let patterns = vec![pattern(case, &fields)];
        Self { patterns, class, binds: !fields.is_empty() }
    }

    fn is_same(&self, other: &Self) -> bool {
        !self.binds && !other.binds && self.class.to_string() == other.class.to_string()
    }
}

/// `Self::Variant { field: name, .. }`
fn pattern<'m>(case: &Case<'_>, fields: impl IntoIterator<Item = &'m Member>) -> TokenStream {
    let bindings = fields.into_iter().enumerate().map(|(nth, field)| {
        let name = binding(nth, Span::call_site());
        code!(#field: #name,)
    });
    let variant = case.variant.map(|name| quote!(::#name));
    code!(Self #variant { #(#bindings)* .. })
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
