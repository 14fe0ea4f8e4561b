//! `#[timeout]`, `#[timeout(800ms)]`, `#[timeout(LATENCY, cancel = false)]`

use proc_macro2::Span;
use syn::parse_quote;

use super::reader::Reader;
use super::value::Duration;

pub(crate) struct Timeout {
    pub(crate) limit: Duration,
    /// `cancel = false`: the work goes on in a task of its own. Where that is written.
    pub(crate) detached: Option<Span>,
}

impl Timeout {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let cancel = reader.boolean("cancel");
        let detached = cancel.filter(|cancel| !cancel.value).map(|cancel| cancel.span);
        let mut positional = reader.positional().into_iter();
        let written = positional.next().unwrap_or_else(|| parse_quote!(5s));
        if let Some(extra) = positional.next() {
            reader.error(
                extra,
                "`#[timeout]` takes one duration: for a second limit write a second `#[timeout]`",
            );
        }
        match Duration::parse(written) {
            Ok(limit) if limit.literal().is_some_and(|limit| limit.is_zero()) => {
                reader
                    .error(&limit, "the limit must be longer than zero: within no time nothing can be done");
                None
            }
            Ok(limit) => Some(Self { limit, detached }),
            Err(error) => {
                reader.push(error);
                None
            }
        }
    }
}
