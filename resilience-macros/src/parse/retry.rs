//! `#[retry]`, `#[retry(max_attempts = 3, base_delay = 100ms)]`, `#[retry(STANDARD)]`

use std::time::Duration;

use proc_macro2::Ident;
use quote::quote;
use resilience_options::{BackoffKind, Kind, OptionValue, RetryOptions, WordList};
use syn::{Error, Expr, ExprLit, Lit, Path};

use super::options::{self, OptionReader};
use super::reader::Reader;
use super::subject::{is_new, may_be_policy};
use super::typed::parameters;
use super::word;
use crate::attribute::AttributeKind;
use crate::diagnostics::Reported;
use crate::foreign;
use crate::model::{InlineRetry, Retry, RetryPlan, RuntimeType};
use crate::syntax::path_of;
use crate::wording::source_text;

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Retry, Reported> {
    let (shared, cloned) = positional(reader);
    let when = reader.predicate("when");
    let when_ok = reader.predicate("when_ok");
    let plan = match shared {
        Some(policy) => {
            let names = options::names::<RetryOptions>().chain(["budget"]);
            options::refuse(reader, names, RuntimeType::RetryPolicy)?;
            RetryPlan::Shared(policy)
        }
        None => RetryPlan::Inline(Box::new(inline(reader))),
    };
    Ok(Retry { plan, when, when_ok, cloned })
}

/// Reads the shared policy, and the parameters in `clone(…)`.
fn positional(reader: &mut Reader<'_>) -> (Option<Expr>, Vec<Ident>) {
    let (mut shared, mut cloned) = (None, Vec::new());
    let positional = reader.positional();
    if let Some(message) = numbers(&positional) {
        reader.error(quote!(#(#positional),*), message);
        return (None, Vec::new());
    }
    for written in positional {
        match (&written, path_of(&written)) {
            (_, Some(path)) if path.is_ident("clone") => {
                reader.error(
                    &written,
                    "`clone` needs the names of parameters: write `clone(order, items)`",
                );
            }
            (Expr::Call(call), _)
                if path_of(&call.func).is_some_and(|path| path.is_ident("clone")) =>
            {
                cloned.extend(reader.names(call));
            }
            _ if instead_of_option(&written).is_some() => {
                let message = instead_of_option(&written);
                reader.error(&written, message.unwrap_or_default());
            }
            _ if is_new(&written, RuntimeType::RetryPolicy) => {
                reader.error(
                    &written,
                    "this creates a new `RetryPolicy` for every call, which no file can change: \
                     write its options in the attribute, or declare \
                     `static STANDARD: RetryPolicy = …;` and write `#[retry(STANDARD)]`",
                );
            }
            _ if shared.is_none() && may_be_policy(&written) => shared = Some(written),
            _ => {
                reader.error(
                    &written,
                    "expected `argument = value`, `clone(parameter)`, or one `RetryPolicy`: the \
                     name of a `static`, or an expression such as `self.retry`",
                );
            }
        }
    }
    (shared, cloned)
}

/// The message about numbers without their names: `#[retry(3, 100ms)]`.
fn numbers(positional: &[Expr]) -> Option<String> {
    let [mut counts, mut times] = [["max_attempts"].iter(), ["base_delay"].iter()];
    let mut named = Vec::new();
    for written in positional {
        let key = match written {
            Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) if int.suffix().is_empty() => {
                counts.next()?
            }
            Expr::Lit(ExprLit { lit: Lit::Float(float), .. }) if float.suffix().is_empty() => {
                &"factor"
            }
            Expr::Lit(ExprLit { lit: Lit::Int(_) | Lit::Float(_), .. }) => {
                times.next().unwrap_or(&"max_delay")
            }
            other => word_key(other)?,
        };
        named.push(format!("{key} = {}", source_text(written)));
    }
    (!named.is_empty()).then(|| {
        let counted = if named[0].starts_with("max_attempts") {
            "; the first call counts as an attempt"
        } else {
            ""
        };
        format!("expected `argument = value`: write `#[retry({})]`{counted}", named.join(", "))
    })
}

/// The key of a word without its key: `exponential`, `full`.
fn word_key(written: &Expr) -> Option<&'static &'static str> {
    match path_of(written)?.get_ident()?.to_string().as_str() {
        "exponential" | "linear" | "fixed" => Some(&"backoff"),
        "full" | "equal" | "decorrelated" => Some(&"jitter"),
        _ => None,
    }
}

/// The message about another library's call: `stop_after_attempt(3)`.
fn instead_of_option(written: &Expr) -> Option<String> {
    let advice = foreign::of_call(AttributeKind::Retry, written)?;
    Some(format!("expected `argument = value`: {advice}"))
}

fn inline(reader: &mut Reader<'_>) -> InlineRetry {
    let mut options = OptionReader::new();
    if let Some(written) = reader.value_unless("backoff", is_word) {
        match reader.checked(backoff_function(written)) {
            Ok(function) => {
                let declare = |options: &mut RetryOptions| {
                    options.backoff = Some(BackoffKind::Custom(|_| Duration::ZERO));
                };
                options.add_function("backoff", function, declare);
            }
            Err(_) => options.add_unreadable("backoff"),
        }
    }
    InlineRetry { options: options.finish(reader), computed: Vec::new(), budget: budget(reader) }
}

/// The words in place of a backoff function.
const BACKOFF_WORDS: WordList = match BackoffKind::KIND {
    Kind::Word(list) => list,
    _ => panic!("a backoff is a word or a function"),
};

fn is_word(written: &Expr) -> bool {
    word::word("backoff", BACKOFF_WORDS, written).is_ok()
        || word::word_of_variant(BACKOFF_WORDS, written).is_some()
}

/// A function or closure from the number of the attempt that failed to a `Duration`.
fn backoff_function(written: Expr) -> syn::Result<Expr> {
    let message = match &written {
        Expr::Closure(closure) if closure.inputs.len() != 1 => {
            return Err(Error::new_spanned(
                parameters(closure),
                "this closure must take one argument, the number of the attempt that failed: \
                 write `backoff = |attempt| …`",
            ));
        }
        Expr::Lit(_) => format!(
            "expected {}, or a function from the number of the attempt that failed to a `Duration`",
            word::all(BACKOFF_WORDS)
        ),
        other => {
            let name = path_of(other).and_then(Path::get_ident).map(ToString::to_string);
            let hint = name.as_deref().and_then(|name| word::nearest(name, BACKOFF_WORDS));
            let (Some(name), Some(hint)) = (name, hint) else { return Ok(written) };
            format!("`backoff` can't be `{name}`: {hint} A function is written `self::{name}`")
        }
    };
    Err(Error::new_spanned(written, message))
}

/// The path of a `static RetryBudget`.
fn budget(reader: &mut Reader<'_>) -> Option<Path> {
    let value = reader.value("budget")?;
    let path = path_of(&value).cloned();
    if path.is_none() {
        reader.error(
            &value,
            "expected the name of a `static RetryBudget`, as in `budget = BUDGET`: calls share a \
             budget, so it is declared once",
        );
    }
    path
}
