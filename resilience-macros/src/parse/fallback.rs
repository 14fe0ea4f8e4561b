//! `#[fallback(path)]`, `#[fallback(a, b)]`, `#[fallback(value = EXPR)]`,
//! `#[fallback(|failure| EXPR)]`

use quote::ToTokens;
use syn::{Expr, ExprCall, ExprLit, Lit};

use super::reader::Reader;
use super::typed::parameters;
use crate::diagnostics::Reported;
use crate::model::{Answer, Fallback};
use crate::syntax::path_of;
use crate::wording::source_text;

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Fallback, Reported> {
    let (mut answers, mut refused) = (Vec::new(), None);
    if let Some(unreachable) = reader.after_value() {
        let message =
            "this fallback can never run, because `value = …` never fails: write `value = …` last";
        refused = Some(reader.error(unreachable, message));
    }
    for written in reader.positional() {
        match answer(reader, written) {
            Ok(answer) => answers.push(answer),
            Err(reported) => refused = Some(reported),
        }
    }
    answers.extend(reader.value("value").map(Answer::Value));
    let when = reader.predicate("when");
    match refused {
        Some(reported) => Err(reported),
        None if answers.is_empty() => no_answer(reader),
        None => Ok(Fallback { answers, when }),
    }
}

/// Reports that no fallback is written, unless it may be in an argument with a mistake.
fn no_answer(reader: &mut Reader<'_>) -> Result<Fallback, Reported> {
    reader.complete()?;
    reader.refuse_unknown()?;
    Err(reader.at(
        reader.span(),
        "expected a fallback: write `#[fallback(path)]`, `#[fallback(value = …)]` or \
         `#[fallback(|failure| …)]`",
    ))
}

/// `fallback = …` or `value = …`, beside a policy.
pub(super) fn beside_policy(reader: &mut Reader<'_>) -> Option<Fallback> {
    let written = reader.value("fallback");
    let answer = written.and_then(|written| answer(reader, written).ok());
    let value = reader.value("value").map(Answer::Value);
    let answers: Vec<Answer> = answer.into_iter().chain(value).collect();
    (!answers.is_empty()).then_some(Fallback { answers, when: None })
}

fn answer(reader: &mut Reader<'_>, written: Expr) -> Result<Answer, Reported> {
    Err(match written {
        Expr::Path(path) => return Ok(Answer::Function(path)),
        Expr::Closure(closure) if closure.inputs.len() == 1 => return Ok(Answer::Closure(closure)),
        Expr::Closure(closure) => reader.error(
            parameters(&closure),
            "this closure must take one argument, the failure: write `|failure| …`",
        ),
        Expr::Call(call) => reader.error(&call, is_called(&call)),
        Expr::Field(field) if path_of(&field.base).is_some_and(|path| path.is_ident("self")) => {
            let method = field.member.to_token_stream();
            reader.error(
                &field,
                format!(
                    "expected a path: write `Self::{method}`, which is called with `self` and \
                     the other arguments"
                ),
            )
        }
        Expr::Lit(ExprLit { lit: Lit::Str(name), .. }) => reader.error(
            &name,
            format!(
                "expected the path of an async function, without quotes; for a fallback to this \
                 text write `value = {}`",
                name.token()
            ),
        ),
        other => reader.error(
            &other,
            "expected the path of an async function, a closure `|failure| …`, or `value = …`",
        ),
    })
}

/// `Ok(value)`, `function(arguments)`
fn is_called(call: &ExprCall) -> String {
    if path_of(&call.func).is_some_and(|path| path.is_ident("Ok")) {
        format!("expected the value without `Ok`: write `value = {}`", source_text(&call.args))
    } else {
        String::from(
            "expected the path of a function, without arguments: it is called with the arguments \
             of this function",
        )
    }
}
