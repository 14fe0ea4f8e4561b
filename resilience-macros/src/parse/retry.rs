//! `#[retry]`, `#[retry(max_attempts = 3, base_delay = 100ms)]`, `#[retry(STANDARD)]`

use proc_macro2::Ident;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Expr, Path};

use super::reader::Reader;
use super::typed::parameters;
use crate::diagnostics::Reported;
use crate::model::{Backoff, BackoffKind, InlineRetry, Jitter, Keyword, Retry, RetryPlan};
use crate::syntax::path_of;
use crate::wording::{did_you_mean, one_of};

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Retry, Reported> {
    let (shared, cloned) = positional(reader);
    let when = reader.predicate("when");
    let when_ok = reader.predicate("when_ok");
    let plan = match shared {
        Some(path) => {
            reader.refuse_rest(
                "the named policy lays down all the rest: beside it go `when`, `when_ok` and \
                 `clone(…)`",
            )?;
            RetryPlan::Shared(path)
        }
        None => RetryPlan::Inline(Box::new(inline(reader))),
    };
    Ok(Retry { plan, when, when_ok, cloned })
}

/// Reads the path of a shared policy, and the parameters in `clone(…)`.
fn positional(reader: &mut Reader<'_>) -> (Option<Path>, Vec<Ident>) {
    let (mut shared, mut cloned) = (None, Vec::new());
    for written in reader.positional() {
        match (&written, path_of(&written)) {
            (_, Some(path)) if path.is_ident("clone") => {
                reader.error(&written, "which parameters? Name them, as in `clone(order, items)`");
            }
            (_, Some(path)) if shared.is_none() => shared = Some(path.clone()),
            (Expr::Call(call), _)
                if path_of(&call.func).is_some_and(|path| path.is_ident("clone")) =>
            {
                cloned.extend(reader.names(call));
            }
            (Expr::Lit(number), _) if matches!(number.lit, syn::Lit::Int(_)) => {
                let number = number.to_token_stream();
                reader.error(
                    &written,
                    format!(
                        "which number is this? Write `max_attempts = {number}`, the first call \
                         included"
                    ),
                );
            }
            _ => {
                reader.error(
                    &written,
                    "expected `argument = value`, `clone(parameter)`, or the name of one \
                     `static RetryPolicy`",
                );
            }
        }
    }
    (shared, cloned)
}

fn inline(reader: &mut Reader<'_>) -> InlineRetry {
    let inline = InlineRetry {
        max_attempts: reader.number("max_attempts"),
        backoff: backoff(reader),
        base_delay: reader.duration_or_zero("base_delay"),
        max_delay: reader
            .duration("max_delay", "for retries without a delay write `base_delay = 0s`"),
        factor: reader.factor("factor"),
        jitter: reader.keyword("jitter"),
        max_elapsed: reader.duration("max_elapsed", "within no time there is no retry"),
        budget: budget(reader),
        nested: reader.keyword("nested"),
    };
    check(&inline, reader);
    inline
}

fn check(inline: &InlineRetry, reader: &mut Reader<'_>) {
    if let (
        Some(factor),
        Some(Backoff::Kind(kind @ (BackoffKind::Constant | BackoffKind::Linear), _)),
    ) = (&inline.factor, &inline.backoff)
    {
        reader.error(
            factor,
            format!("`factor` is for exponential backoff: a {} one has none", kind.keyword()),
        );
    }
    if inline.jitter == Some(Jitter::Decorrelated) {
        check_decorrelated(inline, reader);
    }
    check_own_backoff(inline, reader);
    if let Some(attempts) = &inline.max_attempts
        && let Some(number @ (0 | 1)) = attempts.literal()
    {
        let then = if number == 0 { "there would be none" } else { "nothing is ever retried" };
        reader.error(
            attempts,
            format!(
                "`max_attempts` counts the first call: with {number} {then}; write 2 or more, or \
                 remove `#[retry]`"
            ),
        );
    }
    if let (Some(base), Some(max)) = (&inline.base_delay, &inline.max_delay)
        && let (Some(shorter), Some(longer)) = (max.known(), base.known())
        && shorter < longer
    {
        reader.error(
            base,
            format!(
                "`base_delay` ({longer:?}) is longer than `max_delay` ({shorter:?}): every delay \
                 would be cut to `max_delay`"
            ),
        );
    }
}

fn check_own_backoff(inline: &InlineRetry, reader: &mut Reader<'_>) {
    let Some(Backoff::Own(own)) = &inline.backoff else { return };
    let beside = if inline.base_delay.is_some() {
        "`base_delay`"
    } else if inline.factor.is_some() {
        "`factor`"
    } else if inline.jitter == Some(Jitter::Decorrelated) {
        "`jitter = decorrelated`"
    } else {
        return;
    };
    reader.error(
        own,
        format!(
            "a backoff of your own gives the whole delay: {beside} beside it would mean nothing; \
             remove one of them"
        ),
    );
}

fn check_decorrelated(inline: &InlineRetry, reader: &mut Reader<'_>) {
    let (span, word) = match (&inline.factor, &inline.backoff) {
        (_, Some(Backoff::Own(_))) => return,
        (_, Some(Backoff::Kind(kind @ (BackoffKind::Constant | BackoffKind::Linear), span))) => {
            (*span, kind.keyword())
        }
        (Some(factor), _) => (factor.span(), "factor"),
        (None, _) => return,
    };
    reader.at(
        span,
        format!(
            "`{word}` means nothing beside `jitter = decorrelated`, which grows by itself: remove \
             one of them"
        ),
    );
}

fn backoff(reader: &mut Reader<'_>) -> Option<Backoff> {
    let value = reader.value("backoff")?;
    let kinds = BackoffKind::ALL;
    let known: Vec<&str> = kinds.iter().map(|kind| kind.keyword()).collect();
    let word = path_of(&value).and_then(Path::get_ident).map(ToString::to_string);
    if let Some(kind) = kinds.iter().find(|kind| word.as_deref() == Some(kind.keyword())) {
        return Some(Backoff::Kind(*kind, value.span()));
    }
    if let Some(hint) = word.as_deref().and_then(|word| did_you_mean(word, &known)) {
        let word = word.unwrap_or_default();
        reader
            .error(&value, format!("{hint} (A function of that name is written `self::{word}`.)"));
        return None;
    }
    match &value {
        Expr::Path(path) if let Some(word) = keyword_of_variant(&path.path) => {
            reader.error(
                &value,
                format!("in the attribute this is one word: write `backoff = {word}`"),
            );
        }
        Expr::Closure(closure) if closure.inputs.len() != 1 => {
            reader.error(
                parameters(closure),
                "a backoff is asked with the number of the attempt that failed: write \
                 `backoff = |attempt| …`",
            );
        }
        Expr::Lit(_) => {
            reader.error(
                &value,
                format!(
                    "`backoff` is {}, or a function or closure from the number of the attempt that \
                     failed to a `Duration`",
                    one_of(&known)
                ),
            );
        }
        _ => return Some(Backoff::Own(value)),
    }
    None
}

/// `BackoffKind::Linear` → `linear`
fn keyword_of_variant(path: &Path) -> Option<&'static str> {
    let mut segments = path.segments.iter().rev();
    let (variant, ty) = (segments.next()?, segments.next()?);
    let kind = BackoffKind::ALL.iter().find(|kind| variant.ident == kind.variant())?;
    (ty.ident == "BackoffKind").then_some(kind.keyword())
}

/// The path of a `static RetryBudget`.
fn budget(reader: &mut Reader<'_>) -> Option<Path> {
    let value = reader.value("budget")?;
    let path = path_of(&value).cloned();
    if path.is_none() {
        reader.error(
            &value,
            "expected the name of a `static RetryBudget`, as in `budget = BUDGET`: a budget is \
             shared by many calls, so it is declared once",
        );
    }
    path
}
