//! The rules about `#[classify(…)]`, and the rule that applies to each variant.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use resilience_options::text::{did_you_mean, list};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, DeriveInput, Error, Expr, ExprLit, Fields, Lit, Member, Path};

use super::model::{
    Case, Class, ClassifiedType, Directives, ResolvedRule, RetryAfter, Rule, TypeBody, Variant,
    WrittenRule,
};
use super::read::twice;
use crate::diagnostics::Diagnostics;
use crate::syntax::{mentions, path_of};

const TRANSIENT: ResolvedRule<'static> = ResolvedRule::Class(Class::Transient);

pub(super) fn cases<'a>(
    classified: &'a ClassifiedType<'a>,
    diagnostics: &mut Diagnostics,
) -> Vec<Case<'a>> {
    let directives = &classified.directives;
    match &classified.body {
        TypeBody::Union(span) => {
            let message = "`Classify` can't be derived for a union: implement it by hand";
            diagnostics.at(*span, message);
            Vec::new()
        }
        TypeBody::Struct(fields) => {
            let DeriveInput { ident: name, attrs: attributes, .. } = classified.written;
            let target = Target { name, is_variant: false, fields, attributes };
            let rule = target.rule(directives, diagnostics).unwrap_or_else(|| target.unsaid());
            vec![Case { variant: None, rule, holder: target.holder() }]
        }
        TypeBody::Enum(variants) => {
            default_suits_every_variant(directives, diagnostics);
            variants.iter().map(|variant| case(variant, directives, diagnostics)).collect()
        }
    }
}

/// A variant without a rule has the enum's.
fn case<'a>(
    variant: &'a Variant<'a>,
    default: &'a Directives,
    diagnostics: &mut Diagnostics,
) -> Case<'a> {
    let &Variant { name, fields, attributes, .. } = variant;
    let target = Target { name, is_variant: true, fields, attributes };
    let rule = target.rule(&variant.directives, diagnostics).unwrap_or_else(|| {
        match default.rules.first().map(|written| &written.rule) {
            Some(Rule::Class(class)) => ResolvedRule::Class(*class),
            Some(Rule::With(function)) => ResolvedRule::WithSelf(function),
            Some(Rule::Delegate) | None => target.unsaid(),
        }
    });
    Case { variant: Some(name), rule, holder: target.holder() }
}

/// The rule of an enum must not be about the fields of one variant.
fn default_suits_every_variant(directives: &Directives, diagnostics: &mut Diagnostics) {
    at_most_one_rule(directives, diagnostics);
    let mut about_a_field = |word: &Ident| {
        let message = format!("`{word}` uses the field of a variant: write it on that variant");
        diagnostics.at(word.span(), message);
    };
    if let Some(WrittenRule { word, rule: Rule::Delegate }) = directives.rules.first() {
        about_a_field(word);
    }
    if let Some(retry_after) = &directives.retry_after {
        about_a_field(&retry_after.word);
    }
}

fn at_most_one_rule(directives: &Directives, diagnostics: &mut Diagnostics) {
    let Some((first, others)) = directives.rules.split_first() else { return };
    for other in others {
        let (first, word) = (&first.word, &other.word);
        diagnostics.push(if first == word {
            twice(word)
        } else {
            let message = format!("`{first}` and `{word}` exclude each other: keep one");
            Error::new(word.span(), message)
        });
    }
}

/// The variant or struct that directives are written on.
struct Target<'a> {
    name: &'a Ident,
    is_variant: bool,
    fields: &'a Fields,
    attributes: &'a [Attribute],
}

impl<'a> Target<'a> {
    /// `None` if there is no rule, or a wrong one.
    fn rule(
        &self,
        directives: &'a Directives,
        diagnostics: &mut Diagnostics,
    ) -> Option<ResolvedRule<'a>> {
        at_most_one_rule(directives, diagnostics);
        self.resolve(directives).map_err(|error| diagnostics.push(error)).ok().flatten()
    }

    /// The rule where none is written: an error that was converted asks the error inside.
    fn unsaid(&self) -> ResolvedRule<'a> {
        self.converted().map_or(TRANSIENT, ResolvedRule::Probed)
    }

    /// The field that an error of another type is converted into: the one with `#[from]`, or the
    /// only one of an error that is transparent or has `#[from]` itself.
    fn converted(&self) -> Option<Member> {
        let whole = || self.attributes.iter().any(|it| is_from(it) || is_transparent(it));
        let only = || self.fields.members().next().filter(|_| self.fields.len() == 1 && whole());
        self.marked(is_from).or_else(only)
    }

    /// The field that may hold a policy's error: the converted one, else the source, else the only
    /// one.
    fn holder(&self) -> Option<Member> {
        self.converted().or_else(|| self.marked(is_source)).or_else(|| self.unmarked())
    }

    /// The field named `source`, else the only one. None that is a borrowed trait object: only a
    /// `'static` one can be asked.
    fn unmarked(&self) -> Option<Member> {
        let mut members = self.fields.members();
        let position = members.position(|member| text(&member) == "source");
        let nth = position.or_else(|| (self.fields.len() == 1).then_some(0))?;
        let ty = self.fields.iter().nth(nth)?.ty.to_token_stream();
        let is_borrowed_object = mentions(ty.clone(), "dyn") && borrows(ty);
        self.fields.members().nth(nth).filter(|_| !is_borrowed_object)
    }

    /// The field with such an attribute.
    fn marked(&self, is_mark: impl Fn(&Attribute) -> bool) -> Option<Member> {
        let mut fields = self.fields.iter().zip(self.fields.members());
        let marked = fields.find(|(field, _)| field.attrs.iter().any(&is_mark));
        marked.map(|(_, member)| member)
    }

    fn resolve(&self, directives: &'a Directives) -> Result<Option<ResolvedRule<'a>>, Error> {
        let written = directives.rules.first();
        if let Some(retry_after) = &directives.retry_after {
            is_transient(retry_after, written)?;
            let field = self.field(&retry_after.field)?;
            let named = retry_after.field.span();
            return Ok(Some(ResolvedRule::RetryAfter { field, named }));
        }
        let Some(WrittenRule { word, rule }) = written else { return Ok(None) };
        Ok(Some(match rule {
            Rule::Class(class) => ResolvedRule::Class(*class),
            Rule::Delegate => self.delegate(word)?,
            Rule::With(function) if self.is_variant => self.with(function)?,
            Rule::With(function) => ResolvedRule::WithSelf(function),
        }))
    }

    fn delegate(&self, word: &Ident) -> Result<ResolvedRule<'a>, Error> {
        let mut fields = self.fields.iter().zip(self.fields.members());
        if let (Some((field, member)), None) = (fields.next(), fields.next()) {
            return Ok(ResolvedRule::Delegate { member, field, word: word.span() });
        }
        let fix = match self.fields.len() {
            0 => String::from("none: write a class, such as `transient`"),
            count => format!("{count}: write `with = path`, a function of all fields"),
        };
        Err(Error::new(
            word.span(),
            format!("`delegate` needs exactly one field, and `{}` has {fix}", self.name),
        ))
    }

    fn with(&self, function: &'a Path) -> Result<ResolvedRule<'a>, Error> {
        if self.fields.is_empty() {
            let name = self.name;
            return Err(Error::new_spanned(
                function,
                format!(
                    "`with` calls a function with the fields, and `{name}` has none: write a \
                     class, such as `transient`"
                ),
            ));
        }
        Ok(ResolvedRule::With { function, fields: self.fields })
    }

    /// The field in `retry_after = field`.
    fn field(&self, written: &Expr) -> Result<Member, Error> {
        let name = field_name(written)?;
        let members = self.fields.members();
        let found = members.clone().find(|member| text(member) == name);
        found.ok_or_else(|| {
            let known: Vec<String> = members.map(|member| text(&member)).collect();
            let hint = field_hint(&name, &known);
            let message = format!("`{}` has no field `{name}`: {hint}", self.name);
            Error::new_spanned(written, message)
        })
    }
}

/// `#[from]`, as thiserror and `derive_more` have it.
fn is_from(attribute: &Attribute) -> bool {
    attribute.path().is_ident("from")
}

/// `#[source]`, as thiserror has it, or `#[error(source)]`, as `derive_more` does.
fn is_source(attribute: &Attribute) -> bool {
    attribute.path().is_ident("source") || is_error(attribute, "source")
}

/// `#[error(transparent)]`
fn is_transparent(attribute: &Attribute) -> bool {
    is_error(attribute, "transparent")
}

/// `#[error(word)]`
fn is_error(attribute: &Attribute, word: &str) -> bool {
    attribute.path().is_ident("error")
        && attribute.parse_args::<Ident>().is_ok_and(|written| written == word)
}

/// Returns true if a lifetime other than `'static` occurs in the tokens.
fn borrows(tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        let found = match token {
            TokenTree::Punct(punct) if punct.as_char() == '\'' => {
                tokens.next().is_some_and(|name| name.to_string() != "static")
            }
            TokenTree::Group(group) => borrows(group.stream()),
            _ => false,
        };
        if found {
            return true;
        }
    }
    false
}

/// `wait`, `0`
fn field_name(written: &Expr) -> Result<String, Error> {
    let message = match written {
        Expr::Lit(ExprLit { lit: Lit::Int(index), .. }) if index.suffix().is_empty() => {
            return Ok(index.to_string());
        }
        Expr::Lit(ExprLit { lit: Lit::Int(_) | Lit::Float(_), .. }) => {
            "expected the name of the field with the delay, as in `retry_after = wait`: a constant \
             delay is the `base_delay` of a `#[retry]`"
        }
        Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) => {
            "expected the name of a field, without quotes: write `retry_after = field`"
        }
        _ => match path_of(written).and_then(Path::get_ident) {
            Some(name) => return Ok(name.unraw().to_string()),
            None => "expected the name of a field, as in `retry_after = wait`",
        },
    };
    Err(Error::new_spanned(written, message))
}

fn field_hint(name: &str, known: &[String]) -> String {
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    // Two numbers differ in few digits, so that one would be suggested for any other.
    let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
    let near = if is_number { None } else { did_you_mean(name, &known) };
    near.unwrap_or_else(|| match known.len() {
        0 => String::from("it has no fields"),
        1 => format!("its only field is {}", list(&known)),
        _ => format!("its fields are {}", list(&known)),
    })
}

/// A field as it is written: `wait`, `0`.
fn text(member: &Member) -> String {
    match member {
        Member::Named(name) => name.unraw().to_string(),
        Member::Unnamed(index) => index.index.to_string(),
    }
}

/// `retry_after` needs a class that is retried.
fn is_transient(retry_after: &RetryAfter, written: Option<&WrittenRule>) -> Result<(), Error> {
    let message = match written {
        Some(WrittenRule { rule: Rule::Class(Class::Transient), .. }) => return Ok(()),
        None => String::from("`retry_after` needs a class: write `transient, retry_after = …`"),
        Some(WrittenRule { rule: Rule::Class(_), word }) => format!(
            "`{word}` errors are not retried, so `retry_after` has no effect: write `transient`, \
             or remove `retry_after`"
        ),
        Some(WrittenRule { word, .. }) => {
            format!("`{word}` gives the delay as well as the class: remove `retry_after`")
        }
    };
    Err(Error::new(retry_after.word.span(), message))
}
