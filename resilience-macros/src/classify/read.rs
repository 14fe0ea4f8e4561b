//! Reading the type, its variants, and each `#[classify(…)]`. Rules are applied later.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Data, DeriveInput, Error, Expr, Fields, Lit, Meta, Path, Result, Token};

use super::model::{
    Class, ClassifiedType, Directives, RetryAfter, Rule, TypeBody, Variant, WrittenRule,
};
use crate::diagnostics::Diagnostics;
use crate::syntax::{path_of, renamed_crate, ungrouped};
use crate::wording::suggestion;

const WORDS: [&str; 7] =
    ["transient", "permanent", "expected", "ignored", "retry_after", "delegate", "with"];

/// Our words, and the names that others use for them.
const FOREIGN: [(&str, &[&str]); 6] = [
    (
        "transient",
        &["retryable", "retry", "temporary", "recoverable", "retriable", "can_retry", "timeout"],
    ),
    (
        "permanent",
        &["fatal", "non_retryable", "not_retryable", "no_retry", "unrecoverable", "fail", "error"],
    ),
    ("expected", &["business", "success", "ok", "client", "client_error", "user", "not_found"]),
    ("ignored", &["ignore", "skip", "cancelled", "none", "neutral"]),
    ("delegate", &["transparent", "from", "source", "forward", "inner", "flatten", "nested"]),
    ("with = path", &["when", "by", "function", "class", "using"]),
];

pub(super) fn classified_type<'a>(
    item: &'a DeriveInput,
    diagnostics: &mut Diagnostics,
) -> ClassifiedType<'a> {
    let mut runtime = None;
    let directives = directives(&item.attrs, Some(&mut runtime), diagnostics);
    let body = match &item.data {
        Data::Struct(data) => {
            refuse_on_fields(&data.fields, diagnostics);
            TypeBody::Struct(&data.fields)
        }
        Data::Union(data) => TypeBody::Union(data.union_token.span),
        Data::Enum(data) => {
            let variants = data.variants.iter().map(|written| variant(written, diagnostics));
            TypeBody::Enum(variants.collect())
        }
    };
    ClassifiedType { written: item, runtime, directives, body }
}

fn variant<'a>(written: &'a syn::Variant, diagnostics: &mut Diagnostics) -> Variant<'a> {
    refuse_on_fields(&written.fields, diagnostics);
    Variant {
        name: &written.ident,
        fields: &written.fields,
        attributes: &written.attrs,
        directives: directives(&written.attrs, None, diagnostics),
    }
}

fn ours<'a>(
    attributes: impl IntoIterator<Item = &'a Attribute>,
) -> impl Iterator<Item = &'a Attribute> {
    attributes.into_iter().filter(|attribute| attribute.path().is_ident("classify"))
}

fn refuse_on_fields(fields: &Fields, diagnostics: &mut Diagnostics) {
    for attribute in ours(fields.iter().flat_map(|field| &field.attrs)) {
        diagnostics.push(Error::new_spanned(
            attribute,
            "`#[classify(…)]` applies to a variant or to the type: for the class of this field, \
             write `#[classify(delegate)]` there",
        ));
    }
}

/// Reads all `#[classify(…)]` in one place. `runtime` is for `crate = …`, on a type.
fn directives(
    attributes: &[Attribute],
    mut runtime: Option<&mut Option<Path>>,
    diagnostics: &mut Diagnostics,
) -> Directives {
    let mut directives = Directives::default();
    for attribute in ours(attributes) {
        match arguments(attribute) {
            Ok(arguments) => {
                for argument in arguments {
                    if let Err(error) = add(&mut directives, argument, runtime.as_deref_mut()) {
                        diagnostics.push(error);
                    }
                }
            }
            Err(error) => {
                diagnostics.push(error);
            }
        }
    }
    directives
}

fn arguments(attribute: &Attribute) -> Result<Punctuated<ClassifyArgument, Token![,]>> {
    let missing = || {
        Error::new_spanned(
            attribute,
            "expected a class: write `#[classify(transient)]`, `permanent`, `expected` or \
             `ignored`; for the class of a field `delegate`, for the result of a function \
             `with = path`",
        )
    };
    match &attribute.meta {
        Meta::Path(_) => Err(missing()),
        Meta::List(list) if list.tokens.is_empty() => Err(missing()),
        Meta::List(list) => list.parse_args_with(Punctuated::parse_terminated),
        Meta::NameValue(pair) => Err(Error::new_spanned(
            pair,
            "expected the class in parentheses: write `#[classify(transient)]`",
        )),
    }
}

/// `transient`, `retry_after = wait`
struct ClassifyArgument {
    word: Ident,
    value: Option<Expr>,
}

impl Parse for ClassifyArgument {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if !input.peek(Ident::peek_any) {
            let written: TokenStream = input.parse()?;
            return Err(Error::new_spanned(
                written,
                "expected a class without quotes, as in `#[classify(transient)]`",
            ));
        }
        let word = input.call(Ident::parse_any)?;
        let value = if input.parse::<Option<Token![=]>>()?.is_some() {
            if input.is_empty() || input.peek(Token![,]) {
                return Err(Error::new(word.span(), format!("expected a value after `{word} =`")));
            }
            Some(ungrouped(input.parse()?))
        } else {
            None
        };
        if input.peek(Token![|]) {
            let bar: Token![|] = input.parse()?;
            let other: Ident = input.call(Ident::parse_any)?;
            // The rest of the mistake.
            input.parse::<TokenStream>()?;
            return Err(Error::new_spanned(
                bar,
                format!(
                    "a variant has one class: write `{}` or `{}`; for a class that depends on the \
                     value, `with = path`",
                    our_word(&word),
                    our_word(&other),
                ),
            ));
        }
        if !input.is_empty() && !input.peek(Token![,]) {
            return Err(input.error(match word.to_string().as_str() {
                "retry_after" => "expected `=`: write `retry_after = field`",
                "with" => "expected `=`: write `with = path`",
                _ => "expected a comma or the end, as in `transient, retry_after = wait`",
            }));
        }
        Ok(Self { word, value })
    }
}

fn add(
    directives: &mut Directives,
    argument: ClassifyArgument,
    runtime: Option<&mut Option<Path>>,
) -> Result<()> {
    let ClassifyArgument { word, value } = argument;
    let rule = match word.to_string().as_str() {
        "transient" => Rule::Class(Class::Transient),
        "permanent" => Rule::Class(Class::Permanent),
        "expected" => Rule::Class(Class::Expected),
        "ignored" => Rule::Class(Class::Ignored),
        "delegate" => Rule::Delegate,
        "with" => Rule::With(function(&word, value.as_ref())?),
        "retry_after" => return set_retry_after(directives, word, value),
        "crate" => return set_crate(&word, value.as_ref(), runtime),
        other => {
            let hint = known(other)
                .map_or_else(|| suggestion(other, &WORDS), |ours| format!("write `{ours}`"));
            let message = format!("`#[classify]` has no argument `{other}`: {hint}");
            return Err(Error::new(word.span(), message));
        }
    };
    if let (Rule::Class(_) | Rule::Delegate, Some(value)) = (&rule, &value) {
        return Err(Error::new_spanned(
            value,
            format!("`{word}` takes no value: write `{word}` alone"),
        ));
    }
    directives.rules.push(WrittenRule { word, rule });
    Ok(())
}

/// Our word for the name that another library has.
fn known(other: &str) -> Option<&'static str> {
    FOREIGN.iter().find(|(_, names)| names.contains(&other)).map(|(ours, _)| *ours)
}

fn our_word(written: &Ident) -> String {
    let written = written.to_string();
    known(&written).map_or(written, String::from)
}

/// `with = path`
fn function(word: &Ident, value: Option<&Expr>) -> Result<Path> {
    let Some(value) = value else {
        let message = "expected the path of a function: write `with = path`";
        return Err(Error::new(word.span(), message));
    };
    path_of(value).cloned().ok_or_else(|| {
        let message = match value {
            Expr::Lit(literal) if matches!(literal.lit, Lit::Str(_)) => {
                "expected the path of a function, without quotes: write `with = path`"
            }
            Expr::Closure(_) => {
                "expected the path of a function, found a closure: declare a function, and write \
                 `with = path`"
            }
            _ => "expected the path of a function, as in `with = Self::class_of`",
        };
        Error::new_spanned(value, message)
    })
}

/// `retry_after = field`
fn set_retry_after(directives: &mut Directives, word: Ident, value: Option<Expr>) -> Result<()> {
    let Some(field) = value else {
        let message = "expected the field with the delay: write `retry_after = field`";
        return Err(Error::new(word.span(), message));
    };
    if directives.retry_after.is_some() {
        return Err(twice(&word));
    }
    directives.retry_after = Some(RetryAfter { word, field });
    Ok(())
}

/// `crate = ::path`
fn set_crate(word: &Ident, value: Option<&Expr>, runtime: Option<&mut Option<Path>>) -> Result<()> {
    let Some(runtime) = runtime else {
        return Err(Error::new(
            word.span(),
            "`crate = …` applies to the whole type: write it in a `#[classify(…)]` on the type",
        ));
    };
    if runtime.is_some() {
        return Err(twice(word));
    }
    let value = value.ok_or_else(|| {
        Error::new(
            word.span(),
            "expected the path of the renamed crate: write `crate = ::my_resilience`",
        )
    })?;
    *runtime = Some(renamed_crate(value)?);
    Ok(())
}

/// The error about a word that occurs again.
pub(super) fn twice(word: &Ident) -> Error {
    Error::new(word.span(), format!("`{word}` is written twice: keep one"))
}
