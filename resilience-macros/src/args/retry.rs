//! `#[retry]`, `#[retry(max_attempts = 3, base_delay = 100ms)]`, `#[retry(STANDARD)]`

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, Ident, Path};

use super::reader::{Reader, path_of};
use super::value::{Duration, Number};

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
    /// In the attribute.
    Inline(Box<Inline>),
}

#[derive(Default)]
pub(crate) struct Inline {
    pub(crate) max_attempts: Option<Number>,
    pub(crate) backoff: Option<&'static str>,
    pub(crate) base_delay: Option<Duration>,
    pub(crate) max_delay: Option<Duration>,
    pub(crate) factor: Option<Expr>,
    pub(crate) jitter: Option<&'static str>,
    pub(crate) max_elapsed: Option<Duration>,
    pub(crate) nested: Option<&'static str>,
}

impl Retry {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mut clone = Vec::new();
        let mut shared = None;
        for written in reader.positional() {
            match (&written, path_of(&written)) {
                (_, Some(path)) if shared.is_none() => shared = Some(path.clone()),
                (Expr::Call(call), _) if path_of(&call.func).is_some_and(|path| path.is_ident("clone")) => {
                    for argument in &call.args {
                        match path_of(argument).and_then(Path::get_ident) {
                            Some(name) => clone.push(name.clone()),
                            None => reader.error(argument, "`clone(…)` takes names of parameters, as in `clone(order, items)`"),
                        }
                    }
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
            None => Plan::Inline(Box::new(Inline::read(reader)?)),
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
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let max_attempts = reader.number("max_attempts", 1);
        let inline = Self {
            backoff: reader.word(
                "backoff",
                &[("constant", "Constant"), ("linear", "Linear"), ("exponential", "Exponential")],
            ),
            base_delay: reader.duration_or_zero("base_delay"),
            max_delay: reader.duration("max_delay"),
            factor: reader.factor("factor"),
            jitter: reader.word(
                "jitter",
                &[("full", "Full"), ("equal", "Equal"), ("decorrelated", "Decorrelated"), ("none", "None")],
            ),
            max_elapsed: reader.duration("max_elapsed"),
            nested: reader.word("nested", &[("collapse", "Collapse"), ("allow", "Allow")]),
            max_attempts,
        };
        inline.check(reader)
    }

    fn check(self, reader: &mut Reader<'_>) -> Option<Self> {
        if let Some(attempts) = &self.max_attempts
            && attempts.literal() == Some(1)
        {
            reader.error(attempts, "`max_attempts` counts the first call: with 1 nothing is ever retried; write 2 or more, or remove `#[retry]`");
            return None;
        }
        if let (Some(base), Some(max)) = (&self.base_delay, &self.max_delay)
            && let (Some(shorter), Some(longer)) = (max.literal(), base.literal())
            && shorter < longer
        {
            reader.error(base, format!("`base_delay` ({longer:?}) is longer than `max_delay` ({shorter:?}): every delay would be cut to `max_delay`"));
            return None;
        }
        Some(self)
    }

    /// The settings that are constants, as a chain of builder calls.
    pub(crate) fn constants(&self) -> TokenStream {
        let max_attempts = self.max_attempts.iter().map(|value| quote!(.max_attempts(#value)));
        let factor = self.factor.iter().map(|value| quote!(.factor(#value)));
        let constant = |name: &str, duration: &Option<Duration>| {
            let name = Ident::new(name, proc_macro2::Span::call_site());
            duration.as_ref().filter(|duration| duration.literal().is_some()).map(|duration| {
                let value = duration.expression();
                quote!(.#name(#value))
            })
        };
        let durations = [
            constant("base_delay", &self.base_delay),
            constant("max_delay", &self.max_delay),
            constant("max_elapsed", &self.max_elapsed),
        ];
        let durations = durations.iter().flatten();
        quote!(#(#max_attempts)* #(#factor)* #(#durations)*)
    }

    /// The durations that are known only at the call, in the order base, max, elapsed; `None` if there is none.
    pub(crate) fn at_call(&self) -> Option<[Option<TokenStream>; 3]> {
        let all = [&self.base_delay, &self.max_delay, &self.max_elapsed].map(|duration| {
            duration.as_ref().filter(|duration| duration.literal().is_none()).map(Duration::expression)
        });
        all.iter().any(Option::is_some).then_some(all)
    }
}
