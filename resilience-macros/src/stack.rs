//! From one attribute to the whole stack: the first one that rustc reaches takes the others off the item.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Error, Meta, Path, parse_quote};

use crate::args::{Kind, Layer, Options};
use crate::item::{self, Item};
use crate::report::Report;
use crate::{check, expand};

/// The layers of one function, in written order: outside to inside.
pub(crate) struct Stack {
    pub(crate) layers: Vec<Layer>,
    /// The paths of the attributes that were taken off, by which rustc sees their imports used.
    pub(crate) taken: Vec<Path>,
    pub(crate) options: Options,
}

/// `#[first(args)]` on `item`, which may carry more attributes of ours.
///
/// Whatever is wrong, the function is emitted: its callers must not break too.
pub(crate) fn expand(first: Kind, args: TokenStream, item: &TokenStream) -> TokenStream {
    match args.to_string().as_str() {
        expand::USED => return TokenStream::new(),
        REPORTED => return item.clone(),
        _ => {}
    }
    let mut item = match syn::parse2::<Item>(item.clone()) {
        Ok(item) => item,
        Err(error) => {
            let errors = no_function(first, item, error).into_compile_error();
            let item = reported(item);
            return quote!(#item #errors);
        }
    };
    let mut report = Report::default();
    let stack = collect(first, args, &mut item, &mut report);
    if report.is_empty() {
        check::stack(&stack, &item, &mut report);
    }
    let expanded = if report.is_empty() { expand::function(&stack, &item) } else { Err(report) };
    expanded.unwrap_or_else(|report| expand::unexpanded(&stack, &item, report))
}

/// What else the attribute was put on, if rustc has not refused it already.
fn no_function(first: Kind, item: &TokenStream, error: Error) -> Error {
    let mend = match syn::parse2::<syn::Item>(item.clone()) {
        Ok(syn::Item::Verbatim(_)) | Err(_) => return error,
        Ok(syn::Item::Impl(_) | syn::Item::Trait(_) | syn::Item::Mod(_)) => {
            ": write it above those in here that call out"
        }
        Ok(_) => "",
    };
    let start = item.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span());
    Error::new(
        Span::call_site().resolved_at(start),
        format!("`#[{}]` goes on an async function{mend}", first.name()),
    )
}

/// The argument of an attribute on something that an earlier one has refused.
const REPORTED: &str = "__resilience_reported";

/// What is no function, with nothing more to be said by the attributes of ours that are left on it.
fn reported(item: &TokenStream) -> TokenStream {
    let silence = |input: ParseStream<'_>| {
        let mut attributes = Attribute::parse_outer(input)?;
        for attribute in
            attributes.iter_mut().filter(|attribute| Kind::of(attribute.path(), None).is_some())
        {
            let (path, reported) = (attribute.path(), Ident::new(REPORTED, Span::mixed_site()));
            attribute.meta = parse_quote!(#path(#reported));
        }
        let rest: TokenStream = input.parse()?;
        Ok(quote!(#(#attributes)* #rest))
    };
    silence.parse2(item.clone()).unwrap_or_else(|_| item.clone())
}

fn collect(first: Kind, args: TokenStream, item: &mut Item, report: &mut Report) -> Stack {
    let mut options = Options::default();
    let (mut layers, mut taken) = (Vec::new(), Vec::new());
    // The attribute as the user wrote it, not as what it expands to.
    let span = Span::call_site().resolved_at(item.signature.fn_token.span);
    if item::mentions(item.body.stream(), expand::FUNCTION) {
        report.at(
            span,
            format!(
                "this `#[{0}]` is reached after the others have been expanded, and would end up in an order that is not the \
                 written one: call it `#[{0}]` or `#[resilience::{0}]` here, not by another name (if the whole crate has \
                 another name, `crate = that_name` on the first attribute says so)",
                first.name()
            ),
        );
        return Stack { layers, taken, options };
    }
    layers.extend(Layer::parse(first, span, args, &mut options, report));
    let mut others = Vec::new();
    item.attributes.retain(|attribute| {
        match Kind::of(attribute.path(), options.runtime.as_ref()) {
            Some(kind) => {
                others.push((kind, attribute.clone()));
                false
            }
            None => true,
        }
    });
    for (kind, attribute) in others {
        match arguments(&attribute) {
            Ok(args) => {
                layers.extend(Layer::parse(
                    kind,
                    span_of(attribute.path()),
                    args,
                    &mut options,
                    report,
                ));
            }
            Err(error) => report.push(error),
        }
        taken.push(attribute.path().clone());
    }
    Stack { layers, taken, options }
}

/// `#[retry]`, `#[retry(…)]`
fn arguments(attribute: &Attribute) -> syn::Result<TokenStream> {
    match &attribute.meta {
        Meta::Path(_) => Ok(TokenStream::new()),
        Meta::List(list) => Ok(list.tokens.clone()),
        Meta::NameValue(pair) => {
            let name = pair.path.to_token_stream();
            Err(Error::new_spanned(pair, format!("arguments go in parentheses: `#[{name}(…)]`")))
        }
    }
}

fn span_of(path: &Path) -> Span {
    path.segments.last().map_or_else(Span::call_site, |segment| segment.ident.span())
}
