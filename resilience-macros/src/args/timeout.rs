//! `#[timeout]`, `#[timeout(800ms)]`, `#[timeout(LATENCY, cancel = false)]`

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{Path, parse_quote_spanned};

use super::reader::Reader;
use super::value::Duration;

pub(crate) struct Timeout {
    pub(crate) limit: Limit,
    /// `cancel = false`: the work goes on in a task of its own. Where that is written.
    pub(crate) detached: Option<Span>,
}

pub(crate) enum Limit {
    /// As written.
    Given(Duration),
    /// That of this `static Policy`, if it has one.
    Of(Path),
}

impl Limit {
    /// The value, where it can be read off what was written.
    pub(crate) const fn known(&self) -> Option<std::time::Duration> {
        match self {
            Self::Given(duration) => duration.known(),
            Self::Of(_) => None,
        }
    }
}

impl ToTokens for Limit {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Given(duration) => duration.to_tokens(tokens),
            Self::Of(policy) => policy.to_tokens(tokens),
        }
    }
}

impl Timeout {
    pub(super) const fn of(policy: Path) -> Self {
        Self { limit: Limit::Of(policy), detached: None }
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let cancel = reader.boolean("cancel");
        let detached = cancel.filter(|cancel| !cancel.value).map(|cancel| cancel.span);
        let mut positional = reader.positional().into_iter();
        let written = positional.next().unwrap_or_else(|| parse_quote_spanned!(reader.span()=> 5s));
        if let Some(extra) = positional.next() {
            reader.error(
                extra,
                "`#[timeout]` takes one duration: for a second limit write a second `#[timeout]`",
            );
        }
        match Duration::parse(written) {
            Ok(limit) if limit.known().is_some_and(|limit| limit.is_zero()) => {
                reader.error(
                    &limit,
                    "the limit must be longer than zero: within no time nothing can be done",
                );
                None
            }
            Ok(limit) => Some(Self { limit: Limit::Given(limit), detached }),
            Err(error) => {
                reader.push(error);
                None
            }
        }
    }
}
