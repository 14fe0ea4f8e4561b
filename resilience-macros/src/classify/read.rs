//! What is written: the type, its variants, and each `#[classify(…)]` taken apart. Whether it makes sense is asked later.

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Data, DeriveInput, Error, Expr, Fields, Ident, Lit, Meta, Path, Result, Token,
};

use crate::args::{path_of, renamed_crate, ungrouped};
use crate::report::{Report, suggestion};

/// The type that asks for the impl.
pub(super) struct Item<'a> {
    pub(super) written: &'a DeriveInput,
    /// `crate = ::path`
    pub(super) runtime: Option<Path>,
    /// What is said of the type: of a struct itself, or of an enum's variants that say nothing.
    pub(super) said: Said,
    pub(super) body: Body<'a>,
}

pub(super) enum Body<'a> {
    Struct(&'a Fields),
    Enum(Vec<Variant<'a>>),
    Union(Span),
}

pub(super) struct Variant<'a> {
    pub(super) name: &'a Ident,
    pub(super) fields: &'a Fields,
    pub(super) said: Said,
}

/// All that the `#[classify(…)]` of one place say.
#[derive(Default)]
pub(super) struct Said {
    /// In written order; one is right.
    pub(super) answers: Vec<Answer>,
    pub(super) retry_after: Option<RetryAfter>,
}

/// How the class is found, and the word that says so.
pub(super) struct Answer {
    pub(super) word: Ident,
    pub(super) kind: AnswerKind,
}

pub(super) enum AnswerKind {
    /// A variant of `Class`.
    Class(&'static str),
    Delegate,
    With(Path),
}

/// `retry_after = field`
pub(super) struct RetryAfter {
    pub(super) word: Ident,
    pub(super) field: Expr,
}

const WORDS: [&str; 6] = ["transient", "permanent", "ignored", "retry_after", "delegate", "with"];

pub(super) fn item<'a>(item: &'a DeriveInput, report: &mut Report) -> Item<'a> {
    let mut runtime = None;
    let said = said(&item.attrs, Some(&mut runtime), report);
    let body = match &item.data {
        Data::Struct(data) => {
            refuse_on_fields(&data.fields, report);
            Body::Struct(&data.fields)
        }
        Data::Union(data) => Body::Union(data.union_token.span),
        Data::Enum(data) => {
            let variants = data.variants.iter().map(|variant| {
                refuse_on_fields(&variant.fields, report);
                Variant {
                    name: &variant.ident,
                    fields: &variant.fields,
                    said: self::said(&variant.attrs, None, report),
                }
            });
            Body::Enum(variants.collect())
        }
    };
    Item { written: item, runtime, said, body }
}

fn ours<'a>(
    attributes: impl IntoIterator<Item = &'a Attribute>,
) -> impl Iterator<Item = &'a Attribute> {
    attributes.into_iter().filter(|attribute| attribute.path().is_ident("classify"))
}

fn refuse_on_fields(fields: &Fields, report: &mut Report) {
    for attribute in ours(fields.iter().flat_map(|field| &field.attrs)) {
        report.push(Error::new_spanned(
            attribute,
            "`#[classify(…)]` goes on a variant, or on the type: for the class of a field, write `delegate` there",
        ));
    }
}

/// Takes apart what stands on one place; `crate = …` is for the type.
fn said(
    attributes: &[Attribute],
    mut runtime: Option<&mut Option<Path>>,
    report: &mut Report,
) -> Said {
    let mut said = Said::default();
    for attribute in ours(attributes) {
        match arguments(attribute) {
            Ok(arguments) => {
                for argument in arguments {
                    said.add(argument, runtime.as_deref_mut(), report);
                }
            }
            Err(error) => report.push(error),
        }
    }
    said
}

fn arguments(attribute: &Attribute) -> Result<Punctuated<Argument, Token![,]>> {
    let missing = || {
        Error::new_spanned(
            attribute,
            "which class? Write `#[classify(transient)]`, `permanent` or `ignored`, or who is asked: `delegate` or `with = path`",
        )
    };
    match &attribute.meta {
        Meta::Path(_) => Err(missing()),
        Meta::List(list) if list.tokens.is_empty() => Err(missing()),
        Meta::List(list) => list.parse_args_with(Punctuated::parse_terminated),
        Meta::NameValue(pair) => {
            Err(Error::new_spanned(pair, "the class goes in parentheses: `#[classify(transient)]`"))
        }
    }
}

/// `transient`, `retry_after = wait`
struct Argument {
    word: Ident,
    value: Option<Expr>,
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if !input.peek(Ident::peek_any) {
            let written: TokenStream = input.parse()?;
            return Err(Error::new_spanned(
                written,
                "expected a class, in one word and without quotes, as in `#[classify(transient)]`",
            ));
        }
        let word = input.call(Ident::parse_any)?;
        let value = if input.parse::<Option<Token![=]>>()?.is_some() {
            if input.is_empty() || input.peek(Token![,]) {
                return Err(Error::new(word.span(), format!("`{word} =` needs a value")));
            }
            Some(ungrouped(input.parse()?))
        } else {
            None
        };
        if !input.is_empty() && !input.peek(Token![,]) {
            let mend = match word.to_string().as_str() {
                "retry_after" => {
                    "the field is written behind an equals sign: `retry_after = field`"
                }
                "with" => "the function is written behind an equals sign: `with = path`",
                _ => "expected a comma, or nothing more",
            };
            return Err(input.error(mend));
        }
        Ok(Self { word, value })
    }
}

impl Said {
    fn add(&mut self, argument: Argument, runtime: Option<&mut Option<Path>>, report: &mut Report) {
        let Argument { word, value } = argument;
        let plain = |kind| match &value {
            None => Ok(Some(kind)),
            Some(value) => Err(Error::new_spanned(value, format!("`{word}` takes no value"))),
        };
        let answer = match (word.to_string().as_str(), &value) {
            ("transient", _) => plain(AnswerKind::Class("Transient")),
            ("permanent", _) => plain(AnswerKind::Class("Permanent")),
            ("ignored", _) => plain(AnswerKind::Class("Ignored")),
            ("delegate", _) => plain(AnswerKind::Delegate),
            ("with", Some(value)) => function(value).map(|path| Some(AnswerKind::With(path))),
            ("with", None) => {
                Err(Error::new(word.span(), "`with` needs the path of a function: `with = path`"))
            }
            ("retry_after", Some(_)) if self.retry_after.is_some() => Err(twice(&word)),
            ("retry_after", Some(field)) => {
                self.retry_after = Some(RetryAfter { word: word.clone(), field: field.clone() });
                Ok(None)
            }
            ("retry_after", None) => Err(Error::new(
                word.span(),
                "`retry_after` needs the field that says how long: `retry_after = field`",
            )),
            ("crate", value) => set_crate(&word, value.as_ref(), runtime).map(|()| None),
            (other, _) => Err(Error::new(
                word.span(),
                format!("`{other}` says nothing about the class: {}", suggestion(other, &WORDS)),
            )),
        };
        match answer {
            Ok(kind) => self.answers.extend(kind.map(|kind| Answer { word, kind })),
            Err(error) => report.push(error),
        }
    }
}

pub(super) fn twice(word: &Ident) -> Error {
    Error::new(word.span(), format!("`{word}` is given twice: keep one"))
}

fn function(value: &Expr) -> Result<Path> {
    path_of(value).cloned().ok_or_else(|| {
        let message = match value {
            Expr::Lit(literal) if matches!(literal.lit, Lit::Str(_)) => {
                "the path of a function goes without quotes: `with = path`"
            }
            Expr::Closure(_) => "`with` takes the path of a function: give this closure a name",
            _ => "`with` takes the path of a function, as in `with = Self::class_of`",
        };
        Error::new_spanned(value, message)
    })
}

fn set_crate(word: &Ident, value: Option<&Expr>, runtime: Option<&mut Option<Path>>) -> Result<()> {
    let Some(runtime) = runtime else {
        return Err(Error::new(
            word.span(),
            "`crate = …` is for all of the type: write it above, in a `#[classify(…)]` on the type itself",
        ));
    };
    if runtime.is_some() {
        return Err(twice(word));
    }
    let value = value.ok_or_else(|| {
        Error::new(
            word.span(),
            "`crate` needs the path of the renamed crate: `crate = ::my_resilience`",
        )
    })?;
    *runtime = Some(renamed_crate(value)?);
    Ok(())
}
