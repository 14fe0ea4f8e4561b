//! What makes sense, and what does not. Rules only.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Error, Expr, ExprLit, Field, Fields, Ident, Lit, Member, Path};

use super::read::{self, AnswerKind, Body, Item, RetryAfter, Said};
use crate::args::path_of;
use crate::report::{Report, did_you_mean, list};

/// One variant, or a struct, and the one answer it has.
pub(super) struct Case<'a> {
    /// `None` for a struct.
    pub(super) variant: Option<&'a Ident>,
    pub(super) answer: Answer<'a>,
}

pub(super) enum Answer<'a> {
    /// A variant of `Class`.
    Class(&'static str),
    /// Transient, and this field says for how long to stay away.
    RetryAfter { field: Member, named: Span },
    /// The only field is asked.
    Delegate { member: Member, field: &'a Field, asked: Span },
    /// A function is asked about the fields.
    With { function: &'a Path, fields: &'a Fields },
    /// A function is asked about the whole value.
    WithSelf(&'a Path),
}

pub(super) fn item<'a>(item: &'a Item<'a>, report: &mut Report) -> Vec<Case<'a>> {
    match &item.body {
        Body::Union(span) => {
            report.at(
                *span,
                "a union can't tell which of its fields holds: implement `Classify` by hand",
            );
            Vec::new()
        }
        Body::Struct(fields) => {
            let place = Place { name: &item.written.ident, is_variant: false, fields };
            let answer = place.answer(&item.said, report).unwrap_or(TRANSIENT);
            vec![Case { variant: None, answer }]
        }
        Body::Enum(variants) => {
            default_is_for_any_variant(&item.said, report);
            variants.iter().map(|variant| case(variant, &item.said, report)).collect()
        }
    }
}

const TRANSIENT: Answer<'static> = Answer::Class("Transient");

/// A variant that says nothing is what the enum says, and transient if that says nothing too.
fn case<'a>(variant: &'a read::Variant<'a>, default: &'a Said, report: &mut Report) -> Case<'a> {
    let place = Place { name: variant.name, is_variant: true, fields: variant.fields };
    let answer =
        place.answer(&variant.said, report).unwrap_or_else(|| match default.answers.first() {
            Some(read::Answer { kind: AnswerKind::Class(class), .. }) => Answer::Class(class),
            Some(read::Answer { kind: AnswerKind::With(function), .. }) => {
                Answer::WithSelf(function)
            }
            Some(read::Answer { kind: AnswerKind::Delegate, .. }) | None => TRANSIENT,
        });
    Case { variant: Some(variant.name), answer }
}

/// What an enum says must make sense for each of its variants.
fn default_is_for_any_variant(said: &Said, report: &mut Report) {
    one_answer(said, report);
    let mut about_a_field = |word: &Ident| {
        report
            .at(word.span(), format!("`{word}` is about the field of one variant: write it there"));
    };
    if let Some(read::Answer { word, kind: AnswerKind::Delegate }) = said.answers.first() {
        about_a_field(word);
    }
    if let Some(retry_after) = &said.retry_after {
        about_a_field(&retry_after.word);
    }
}

fn one_answer(said: &Said, report: &mut Report) {
    let Some((first, others)) = said.answers.split_first() else { return };
    for other in others {
        let (first, word) = (&first.word, &other.word);
        if first == word {
            report.push(read::twice(word));
        } else {
            report.at(
                word.span(),
                format!("`{first}` and `{word}` are two answers to one question: keep one"),
            );
        }
    }
}

/// Where something is said: a variant, or a struct.
struct Place<'a> {
    name: &'a Ident,
    is_variant: bool,
    fields: &'a Fields,
}

impl<'a> Place<'a> {
    /// `None` if nothing is said, or something wrong.
    fn answer(&self, said: &'a Said, report: &mut Report) -> Option<Answer<'a>> {
        one_answer(said, report);
        let answer = said.answers.first();
        if let Some(retry_after) = &said.retry_after {
            let written = &retry_after.field;
            let field = retried(retry_after, answer).and_then(|()| self.field(written));
            let field = field.map_err(|error| report.push(error)).ok()?;
            return Some(Answer::RetryAfter { field, named: written.span() });
        }
        let answer = answer?;
        match &answer.kind {
            AnswerKind::Class(class) => Some(Answer::Class(class)),
            AnswerKind::Delegate => self.delegate(&answer.word, report),
            AnswerKind::With(function) if self.is_variant => self.with(function, report),
            AnswerKind::With(function) => Some(Answer::WithSelf(function)),
        }
    }

    fn delegate(&self, word: &Ident, report: &mut Report) -> Option<Answer<'a>> {
        let mut fields = self.fields.iter().zip(self.fields.members());
        if let (Some((field, member)), None) = (fields.next(), fields.next()) {
            return Some(Answer::Delegate { member, field, asked: word.span() });
        }
        let mend = match self.fields.len() {
            0 => String::from("none: say the class here"),
            count => format!("{count}: ask a function, `with = path`"),
        };
        report.at(
            word.span(),
            format!("`delegate` asks the only field, and `{}` has {mend}", self.name),
        );
        None
    }

    fn with(&self, function: &'a Path, report: &mut Report) -> Option<Answer<'a>> {
        if self.fields.is_empty() {
            let name = self.name;
            report.push(Error::new_spanned(
                function,
                format!("this function would be asked about the fields of `{name}`, which has none: say the class here"),
            ));
            return None;
        }
        Some(Answer::With { function, fields: self.fields })
    }

    /// The field that `retry_after = …` names.
    fn field(&self, written: &Expr) -> Result<Member, Error> {
        let error = |message: &str| Err(Error::new_spanned(written, message));
        let name = match written {
            Expr::Lit(ExprLit { lit: Lit::Int(index), .. }) if index.suffix().is_empty() => {
                index.to_string()
            }
            Expr::Lit(ExprLit { lit: Lit::Int(_) | Lit::Float(_), .. }) => {
                return error(
                    "`retry_after` names the field that says how long; a delay that is always the same is the `base_delay` of the retry",
                );
            }
            Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) => {
                return error("the name of the field goes without quotes: `retry_after = field`");
            }
            _ => match path_of(written).and_then(Path::get_ident) {
                Some(name) => name.unraw().to_string(),
                None => {
                    return error(
                        "`retry_after` takes the name of a field, as in `retry_after = wait`",
                    );
                }
            },
        };
        if let Some(member) = self.fields.members().find(|member| text(member) == name) {
            return Ok(member);
        }
        let known: Vec<String> = self.fields.members().map(|member| text(&member)).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        // Numbers are all alike.
        let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
        let near = if is_number { None } else { did_you_mean(&name, &known) };
        let hint = near.unwrap_or_else(|| match known.len() {
            0 => String::from("it has none"),
            1 => format!("it has only {}", list(&known)),
            _ => format!("it has {}", list(&known)),
        });
        error(&format!("`{}` has no field `{name}`: {hint}", self.name))
    }
}

/// A field as it is written: `wait`, `0`.
fn text(member: &Member) -> String {
    match member {
        Member::Named(name) => name.unraw().to_string(),
        Member::Unnamed(index) => index.index.to_string(),
    }
}

/// Whether there is something to try again.
fn retried(retry_after: &RetryAfter, answer: Option<&read::Answer>) -> Result<(), Error> {
    let message = match answer {
        Some(read::Answer { kind: AnswerKind::Class("Transient"), .. }) => return Ok(()),
        None => {
            String::from("`retry_after` goes with `transient`: write `transient, retry_after = …`")
        }
        Some(read::Answer { kind: AnswerKind::Class(_), word }) => {
            format!(
                "what is `{word}` is never tried again, so it takes no `retry_after`: make it `transient`, or remove `retry_after`"
            )
        }
        Some(read::Answer { word, .. }) => {
            format!("with `{word}` the one who is asked says how long too: remove `retry_after`")
        }
    };
    Err(Error::new(retry_after.word.span(), message))
}
