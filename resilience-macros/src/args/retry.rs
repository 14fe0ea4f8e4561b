//! `#[retry]`, `#[retry(max_attempts = 3, base_delay = 100ms)]`, `#[retry(STANDARD)]`

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Expr, Ident, Path};

use super::policy::Builder;
use super::reader::{Reader, path_of};
use super::typed::parameters;
use super::value::{Duration, Number};
use crate::report::{did_you_mean, one_of};

pub(crate) struct Retry {
    pub(crate) plan: Plan,
    pub(crate) when: Option<Expr>,
    pub(crate) when_ok: Option<Expr>,
    pub(crate) clone: Vec<Ident>,
}

/// Where the attempts and delays are laid down.
pub(crate) enum Plan {
    /// In a `static RetryPolicy`.
    Shared(Path),
    /// In a `static Policy`.
    Of(Path),
    /// In the attribute.
    Inline(Box<Inline>),
}

#[derive(Default)]
pub(crate) struct Inline {
    pub(crate) max_attempts: Option<Number>,
    pub(crate) backoff: Option<Backoff>,
    pub(crate) base_delay: Option<Duration>,
    pub(crate) max_delay: Option<Duration>,
    pub(crate) factor: Option<Expr>,
    pub(crate) jitter: Option<&'static str>,
    pub(crate) max_elapsed: Option<Duration>,
    pub(crate) budget: Option<Path>,
    pub(crate) nested: Option<&'static str>,
}

pub(crate) enum Backoff {
    /// A variant of `BackoffKind`, and where its name stands.
    Kind(&'static str, Span),
    /// What gives the delay after an attempt.
    Own(Expr),
}

const KINDS: [(&str, &str); 3] =
    [("constant", "Constant"), ("linear", "Linear"), ("exponential", "Exponential")];

impl Retry {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mut clone = Vec::new();
        let mut shared = None;
        for written in reader.positional() {
            match (&written, path_of(&written)) {
                (_, Some(path)) if path.is_ident("clone") => {
                    reader.error(&written, "which parameters? Name them, as in `clone(order, items)`");
                }
                (_, Some(path)) if shared.is_none() => shared = Some(path.clone()),
                (Expr::Call(call), _) if path_of(&call.func).is_some_and(|path| path.is_ident("clone")) => {
                    clone.extend(reader.names(call));
                }
                (Expr::Lit(number), _) if matches!(number.lit, syn::Lit::Int(_)) => {
                    let number = number.to_token_stream();
                    reader.error(&written, format!("which number is this? Write `max_attempts = {number}`, the first call included"));
                }
                _ => reader.error(&written, "expected `argument = value`, `clone(parameter)`, or the name of one `static RetryPolicy`"),
            }
        }
        let when = reader.predicate("when");
        let when_ok = reader.predicate("when_ok");
        let plan = match shared {
            Some(path) => Plan::Shared(path),
            None => Plan::Inline(Box::new(Inline::read(reader))),
        };
        if let Plan::Shared(_) = plan
            && reader.has_named()
        {
            reader.refuse_rest(
                "the named policy lays down all the rest: beside it go `when`, `when_ok` and `clone(…)`",
            );
            return None;
        }
        Some(Self { plan, when, when_ok, clone })
    }
}

impl Inline {
    fn read(reader: &mut Reader<'_>) -> Self {
        let inline = Self {
            max_attempts: reader.number("max_attempts"),
            backoff: Backoff::read(reader),
            base_delay: reader.duration_or_zero("base_delay"),
            max_delay: reader
                .duration("max_delay", "for retries without a delay write `base_delay = 0s`"),
            factor: reader.factor("factor"),
            jitter: reader.word(
                "jitter",
                &[
                    ("full", "Full"),
                    ("equal", "Equal"),
                    ("decorrelated", "Decorrelated"),
                    ("none", "None"),
                ],
            ),
            max_elapsed: reader.duration("max_elapsed", "within no time there is no retry"),
            budget: budget(reader),
            nested: reader.word("nested", &[("collapse", "Collapse"), ("allow", "Allow")]),
        };
        inline.check(reader);
        inline
    }

    fn check(&self, reader: &mut Reader<'_>) {
        if let (Some(factor), Some(Backoff::Kind(kind @ ("Constant" | "Linear"), _))) =
            (&self.factor, &self.backoff)
        {
            reader.error(
                factor,
                format!(
                    "`factor` is for exponential backoff: a {} one has none",
                    kind.to_lowercase()
                ),
            );
        }
        if self.jitter == Some("Decorrelated") {
            self.check_decorrelated(reader);
        }
        if let Some(Backoff::Own(own)) = &self.backoff {
            let beside = if self.base_delay.is_some() {
                Some("`base_delay`")
            } else if self.factor.is_some() {
                Some("`factor`")
            } else if self.jitter == Some("Decorrelated") {
                Some("`jitter = decorrelated`")
            } else {
                None
            };
            if let Some(beside) = beside {
                reader.error(
                    own,
                    format!(
                        "a backoff of your own gives the whole delay: {beside} beside it would mean nothing; remove one of them"
                    ),
                );
            }
        }
        if let Some(attempts) = &self.max_attempts
            && let Some(number @ (0 | 1)) = attempts.literal()
        {
            let then = if number == 0 { "there would be none" } else { "nothing is ever retried" };
            reader.error(
                attempts,
                format!("`max_attempts` counts the first call: with {number} {then}; write 2 or more, or remove `#[retry]`"),
            );
        }
        if let (Some(base), Some(max)) = (&self.base_delay, &self.max_delay)
            && let (Some(shorter), Some(longer)) = (max.known(), base.known())
            && shorter < longer
        {
            reader.error(base, format!("`base_delay` ({longer:?}) is longer than `max_delay` ({shorter:?}): every delay would be cut to `max_delay`"));
        }
    }

    fn check_decorrelated(&self, reader: &mut Reader<'_>) {
        let ignored = match (&self.factor, &self.backoff) {
            (_, Some(Backoff::Own(_))) => return,
            (_, Some(Backoff::Kind(kind @ ("Constant" | "Linear"), span))) => {
                (*span, kind.to_lowercase())
            }
            (Some(factor), _) => (factor.span(), String::from("factor")),
            (None, _) => return,
        };
        let (span, word) = ignored;
        reader.at(
            span,
            format!(
                "`{word}` means nothing beside `jitter = decorrelated`, which grows by itself: remove one of them"
            ),
        );
    }

    /// The settings that are constants.
    pub(crate) fn constants(&self) -> Builder {
        let mut policy = Builder::default();
        policy.call("max_attempts", self.max_attempts.as_ref());
        policy.call("factor", self.factor.as_ref());
        for (method, duration) in [
            ("base_delay", &self.base_delay),
            ("max_delay", &self.max_delay),
            ("max_elapsed", &self.max_elapsed),
        ] {
            let constant = duration.as_ref().filter(|duration| duration.known().is_some());
            policy.call(method, constant.map(Duration::expression));
        }
        policy
    }

    /// The durations that are known only at the call, in the order base, max, elapsed; `None` if there is none.
    pub(crate) fn at_call(&self) -> Option<[Option<TokenStream>; 3]> {
        let all = [&self.base_delay, &self.max_delay, &self.max_elapsed].map(|duration| {
            duration
                .as_ref()
                .filter(|duration| duration.known().is_none())
                .map(Duration::expression)
        });
        all.iter().any(Option::is_some).then_some(all)
    }

    /// The arguments that are known only at the call.
    pub(crate) fn by_call(&self) -> Vec<&'static str> {
        let is_known =
            |duration: &Option<Duration>| duration.as_ref().is_none_or(|it| it.known().is_some());
        let known = [
            ("backoff", !matches!(self.backoff, Some(Backoff::Own(_)))),
            ("base_delay", is_known(&self.base_delay)),
            ("max_delay", is_known(&self.max_delay)),
            ("max_elapsed", is_known(&self.max_elapsed)),
        ];
        known.into_iter().filter(|(_, known)| !known).map(|(key, _)| key).collect()
    }
}

impl Backoff {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let value = reader.value("backoff")?;
        let known = KINDS.map(|(word, _)| word);
        let word = path_of(&value).and_then(Path::get_ident).map(ToString::to_string);
        if let Some((_, kind)) = KINDS.iter().find(|(known, _)| word.as_deref() == Some(known)) {
            return Some(Self::Kind(kind, value.span()));
        }
        if let Some(hint) = word.as_deref().and_then(|word| did_you_mean(word, &known)) {
            reader.error(
                &value,
                format!(
                    "{hint} (A function of that name is written `self::{}`.)",
                    word.unwrap_or_default()
                ),
            );
            return None;
        }
        match &value {
            Expr::Path(path) if let Some(word) = of_the_runtime(&path.path) => {
                reader.error(
                    &value,
                    format!("in the attribute this is one word: write `backoff = {word}`"),
                );
                None
            }
            Expr::Closure(closure) if closure.inputs.len() != 1 => {
                reader.error(parameters(closure), "a backoff is asked with the number of the attempt that failed: write `backoff = |attempt| …`");
                None
            }
            Expr::Lit(_) => {
                reader.error(
                    &value,
                    format!("`backoff` is {}, or a function or closure from the number of the attempt that failed to a `Duration`", one_of(&known)),
                );
                None
            }
            _ => Some(Self::Own(value)),
        }
    }
}

/// `BackoffKind::Linear` → `linear`
fn of_the_runtime(path: &Path) -> Option<&'static str> {
    let mut segments = path.segments.iter().rev();
    let (variant, ty) = (segments.next()?, segments.next()?);
    let (word, _) = KINDS.into_iter().find(|(_, kind)| variant.ident == kind)?;
    (ty.ident == "BackoffKind").then_some(word)
}

/// The path of a `static RetryBudget`.
fn budget(reader: &mut Reader<'_>) -> Option<Path> {
    let value = reader.value("budget")?;
    let path = path_of(&value).cloned();
    if path.is_none() {
        reader.error(
            &value,
            "expected the name of a `static RetryBudget`, as in `budget = BUDGET`: a budget is shared by many calls, so it is declared once",
        );
    }
    path
}
