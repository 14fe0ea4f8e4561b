//! `#[fallback(path)]`, `#[fallback(a, b)]`, `#[fallback(value = EXPR)]`, `#[fallback(|failure| EXPR)]`

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Expr, ExprClosure, ExprLit, ExprPath, Lit};

use super::reader::{Reader, path_of};
use super::typed::parameters;
use crate::report;

pub(crate) struct Fallback {
    /// Each asked when the one before has failed.
    pub(crate) answers: Vec<Answer>,
    pub(crate) when: Option<Expr>,
}

pub(crate) enum Answer {
    /// An async function, called with the function's own arguments.
    Function(ExprPath),
    /// A value for the `Ok`.
    Value(Expr),
    /// An async block that is given the failure.
    Closure(ExprClosure),
}

impl ToTokens for Answer {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Function(path) => path.to_tokens(tokens),
            Self::Value(value) => value.to_tokens(tokens),
            Self::Closure(closure) => closure.to_tokens(tokens),
        }
    }
}

impl Fallback {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mut answers = Vec::new();
        let mut sound = true;
        if let Some(never_asked) = reader.after_value() {
            reader.error(
                never_asked,
                "this would never be asked: `value = …` always answers; put it last",
            );
            sound = false;
        }
        for written in reader.positional() {
            match Answer::read(reader, written) {
                Some(answer) => answers.push(answer),
                None => sound = false,
            }
        }
        answers.extend(reader.value("value").map(Answer::Value));
        let when = reader.predicate("when");
        if answers.is_empty() && sound && !reader.has_named() && reader.is_complete() {
            reader.at(
                reader.span(),
                "`#[fallback]` needs an answer: `#[fallback(path)]`, `#[fallback(value = …)]` or `#[fallback(|failure| …)]`",
            );
        }
        (sound && !answers.is_empty()).then_some(Self { answers, when })
    }
}

impl Fallback {
    /// `fallback = …` or `value = …`, beside a policy.
    pub(super) fn beside(reader: &mut Reader<'_>) -> Option<Self> {
        let written = reader.value("fallback");
        let answer = written.and_then(|written| Answer::read(reader, written));
        let value = reader.value("value").map(Answer::Value);
        let answers: Vec<Answer> = answer.into_iter().chain(value).collect();
        (!answers.is_empty()).then_some(Self { answers, when: None })
    }
}

impl Answer {
    fn read(reader: &mut Reader<'_>, written: Expr) -> Option<Self> {
        match written {
            Expr::Path(path) => return Some(Self::Function(path)),
            Expr::Closure(closure) if closure.inputs.len() == 1 => {
                return Some(Self::Closure(closure));
            }
            Expr::Closure(closure) => {
                reader.error(
                    parameters(&closure),
                    "the closure is given one thing, the failure: write `|failure| …`",
                );
            }
            Expr::Call(call) => {
                let of_ok = path_of(&call.func).is_some_and(|path| path.is_ident("Ok"));
                let message = if of_ok {
                    format!(
                        "for an answer by value write `value = {}`",
                        report::written(&call.args)
                    )
                } else {
                    String::from(
                        "name the function without calling it: it is given this function's own arguments",
                    )
                };
                reader.error(&call, message);
            }
            Expr::Field(field)
                if path_of(&field.base).is_some_and(|path| path.is_ident("self")) =>
            {
                let method = field.member.to_token_stream();
                reader.error(
                    &field,
                    format!("a method is named by its type, and is given `self` with the other arguments: write `Self::{method}`"),
                );
            }
            Expr::Lit(ExprLit { lit: Lit::Str(name), .. }) => {
                reader.error(
                    &name,
                    format!(
                        "for a function write its path, without quotes; for an answer by value, `value = {}`",
                        name.token()
                    ),
                );
            }
            other => {
                reader.error(
                    &other,
                    "expected an async function's path, a closure over the failure, or `value = …`",
                );
            }
        }
        None
    }
}
